"""Whole programs in processes of their own: without a line of code, and with both SDKs."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from legacy.asking import MODEL, answer, connect, wants
from promises import elsewhere
from promises.watching import Telemetry, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from legacy.fake import Fake

PROGRAM = """
import sys, warnings
warnings.simplefilter("ignore")
import google.generativeai as genai
def get_time(city: str) -> str:
    "Tell the time."
    return f"noon in {{city}}"
options = {{"api_endpoint": {address!r}}}
genai.configure(api_key="k", transport={transport!r}, client_options=options)
model = genai.GenerativeModel({model!r}, tools=[get_time])
chat = model.start_chat(enable_automatic_function_calling=True)
assert chat.send_message("How late is it in Rome?").text == "Noon."
assert [chunk.text for chunk in model.generate_content("Colours?", stream=True)] == ["Red"]
assert ("google.genai" in sys.modules) == False
"""


@pytest.mark.parametrize("transport", ["rest", "grpc"])
def test_a_program_is_traced_without_a_line_of_code(transport: str, fake: Fake):
    """An unchanged program under `opentelemetry-instrument` has its spans, and no content."""
    fake.answers = [[answer(wants("get_time", city="Rome"))], [answer("Noon.")], [answer("Red")]]
    address = fake.rest if transport == "rest" else fake.grpc
    program = PROGRAM.format(transport=transport, address=address, model=MODEL)
    environment = {**elsewhere.QUIET, "OTEL_TRACES_EXPORTER": "console"}
    done = elsewhere.run(["-c", program], auto=True, **environment)
    assert done.returncode == 0, done.stderr
    assert "opentelemetry" not in done.stderr
    spans = list(_documents(done.stdout))
    assert [span["name"] for span in spans] == [
        f"generate_content {MODEL}",
        "execute_tool get_time",
        f"generate_content {MODEL}",
        "invoke_agent",
        f"generate_content {MODEL}",
    ]
    loop = spans[3]["context"]["span_id"]
    assert [span["parent_id"] for span in spans] == [f"0x{loop[2:]}"] * 3 + [None] * 2
    assert spans[4]["attributes"]["gen_ai.usage.output_tokens"] == 5
    assert "Rome" not in done.stdout


def _documents(text: str) -> Iterator[Any]:
    """Yields the JSON documents that follow one another in a text."""
    decoder = json.JSONDecoder()
    position = 0
    while (start := text.find("{", position)) >= 0:
        document, position = decoder.raw_decode(text, start)
        yield document


@pytest.mark.skipif(find_spec("google.genai") is None, reason="google-genai is not installed")
def test_both_sdks_in_one_process(fake: Fake):
    """Each SDK has its own spans, one for each call, and both come off."""
    from fake_gemini import FakeGemini, client  # noqa: PLC0415
    from fake_gemini.scenarios.text import PLAIN_TEXT  # noqa: PLC0415

    legacy = sys.modules["google.generativeai"]
    telemetry = Telemetry()
    fake.answers = [[answer("Old.")], [answer("Old again.")]]
    connect(fake, "grpc")
    with FakeGemini() as newer:
        genai = client(newer.play(PLAIN_TEXT, repeat=True))
        asked = {"model": "gemini-2.5-flash", "contents": "Why is the sky blue?"}
        with telemetry.attached():
            legacy.GenerativeModel(MODEL).generate_content("Hello")
            genai.models.generate_content(**asked)
        legacy.GenerativeModel(MODEL).generate_content("Hello")
        genai.models.generate_content(**asked)
    assert [span.name for span in telemetry.rounds] == [
        f"generate_content {MODEL}",
        "generate_content gemini-2.5-flash",
    ]
    assert text_of(telemetry.rounds[0]) == "Old."
    assert "scatter" in text_of(telemetry.rounds[1])
