"""The user's functions that see content and spans first."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promises.watching import Telemetry

INPUT, ARGUMENTS, RESULT = (
    "gen_ai.input.messages",
    "gen_ai.tool.call.arguments",
    "gen_ai.tool.call.result",
)
# Keys that the messages' own schema has too.
PERSON = {"name": "Jane Doe", "id": "123-45-6789", "role": "nurse", "type": "private"}
LISTED = {"parts": [PERSON], "parameters": PERSON, "content": [{"messages": [PERSON]}]}


def _history(said: dict[str, Any]) -> list[Any]:
    return [
        {"role": "model", "parts": [{"function_call": {"name": "find", "args": said}}]},
        {"role": "user", "parts": [{"function_response": {"name": "find", "response": said}}]},
        {"role": "model", "parts": [{"tool_call": {"tool_type": "URL_CONTEXT", "args": said}}]},
    ]


@pytest.mark.parametrize("said", [PERSON, LISTED], ids=["flat", "nested"])
def test_every_text_of_a_tool_is_redacted(said: dict[str, Any], genai: Any):
    """What a tool is given or gives may call its texts as the schema calls its own words."""
    telemetry = Telemetry()
    with telemetry.attached(redact=lambda _text, _where: "***"):
        genai.models.generate_content(model="gemini-2.5-flash", contents=_history(said))
    told = telemetry.the_round().attributes[INPUT]
    assert [text for text in PERSON.values() if text in told] == []
    called, answered, hosted = json.loads(told)
    assert (called["role"], answered["role"]) == ("assistant", "tool")
    assert (called["parts"][0]["type"], called["parts"][0]["name"]) == ("tool_call", "find")
    assert hosted["parts"][0]["server_tool_call"]["type"] == "url_context"


def test_the_span_of_a_tool_is_redacted_alike(genai: Any):
    """Its arguments and its result are all data, whatever their keys are called."""
    from google.genai import _extra_utils  # noqa: PLC0415 - what calls tools

    telemetry = Telemetry()

    def find(name: str, id: str) -> dict[str, str]:  # noqa: A002 - what is tested
        return {"name": name, "id": id}

    with telemetry.attached(redact=lambda _text, _where: "***"):
        given = {"name": "Jane Doe", "id": "123-45-6789"}
        assert _extra_utils.invoke_function_from_dict_args(given, find) == given
    (span,) = telemetry.ended
    hidden = {"name": "***", "id": "***"}
    assert json.loads(span.attributes[ARGUMENTS]) == hidden
    assert json.loads(span.attributes[RESULT]) == hidden


def test_a_long_text_is_shortened_whatever_its_key(genai: Any):
    """A limit costs the end of the longest text, and not the whole conversation."""
    telemetry = Telemetry()
    said = {"name": "x" * 5000}
    with telemetry.attached(max_content_bytes=1000):
        genai.models.generate_content(model="gemini-2.5-flash", contents=["Hi", *_history(said)])
    told = telemetry.the_round().attributes[INPUT]
    assert len(told.encode()) <= 1000
    first, called, *_ = json.loads(told)
    assert first["parts"] == [{"type": "text", "content": "Hi"}]
    assert called["parts"][0]["arguments"]["name"].startswith("x" * 100)


def test_what_a_function_takes_from_the_arguments_is_in_the_call(genai: Any):
    """`on_request` may do with its arguments what it likes; the SDK gets the caller's own."""
    telemetry = Telemetry()
    with telemetry.attached(on_request=lambda _span, arguments: arguments.clear()):
        response = genai.models.generate_content(model="gemini-2.5-flash", contents="Why?")
    assert response.text
    assert telemetry.open == []
