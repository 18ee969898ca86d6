"""What is told of odd conversations and odd streams."""

from __future__ import annotations

import dataclasses
import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any

import pytest
from google.genai import types
from opentelemetry.sdk.trace import SpanLimits
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, Sampler

from fake_gemini import Reply, client
from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini._dialects.mlflow import COST, TOKEN_USAGE
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini import FakeGemini

MODEL = "gen_ai.request.model"
INPUT, OUTPUT = "gen_ai.input.messages", "gen_ai.output.messages"
REASONS = "gen_ai.response.finish_reasons"


def _streamed(fake: FakeGemini, *chunks: Any) -> Any:
    """Return the attributes of a stream of these chunks."""
    step = dataclasses.replace(PLAIN_TEXT.steps[0], stream=Reply(chunks=chunks))
    genai = client(fake.play(dataclasses.replace(PLAIN_TEXT, steps=(step,))))
    telemetry = Telemetry()
    with telemetry.attached():
        list(genai.models.generate_content_stream(model="gemini-2.5-flash", contents="Why?"))
    genai.close()
    return telemetry.the_round().attributes


def _chunk(text: str, index: int = 0, **more: Any) -> Any:
    content = {"role": "model", "parts": [{"text": text}]}
    return {"candidates": [{"index": index, "content": content, **more}]}


def test_candidates_stand_in_their_order(fake: FakeGemini):
    """A stream may begin with the second one; messages and finish reasons begin with the first."""
    told = _streamed(
        fake,
        _chunk("second ", 1),
        _chunk("first ", 0),
        _chunk("answer", 1, finishReason="STOP"),
        _chunk("answer", 0, finishReason="MAX_TOKENS"),
    )
    assert told[REASONS] == ("length", "stop")
    assert [
        (message["parts"][0]["content"], message["finish_reason"])
        for message in json.loads(told[OUTPUT])
    ] == [("first answer", "length"), ("second answer", "stop")]


def test_a_prompt_may_be_blocked_after_the_answer_began(fake: FakeGemini):
    """What Gemini then breaks off is filtered, and no error."""
    told = _streamed(fake, _chunk("Air "), {"promptFeedback": {"blockReason": "SAFETY"}})
    assert told[REASONS] == ("content_filter",)
    (message,) = json.loads(told[OUTPUT])
    assert (message["parts"][0]["content"], message["finish_reason"]) == ("Air ", "content_filter")


def test_a_history_that_was_kept_as_json_has_its_bytes(genai: Any):
    """What pydantic wrote in URL-safe base64 is told in the standard one, and handed over whole."""
    picture = bytes(range(240, 256)) * 4
    given: Any = types.Part.from_bytes(data=picture, mime_type="image/png").model_dump(mode="json")
    assert set("-_") & set(given["inline_data"]["data"])
    given["inline_data"]["data"] = given["inline_data"]["data"].rstrip("=")
    telemetry, hook = Telemetry(), _Hook()
    with telemetry.attached(completion_hook=hook):
        genai.models.generate_content(
            model="gemini-2.5-flash", contents=[{"role": "user", "parts": [given]}]
        )
    (message,) = json.loads(telemetry.the_round().attributes[INPUT])
    assert b64decode(message["parts"][0]["content"] + "==", validate=True) == picture
    assert hook.inputs[0].parts[0].content == picture


class _Hook:
    inputs: Any = None

    def on_completion(self, *, inputs: Any, **_rest: Any) -> None:
        self.inputs = inputs


def test_base64_counts_as_the_bytes_that_it_stands_for(genai: Any):
    """A dict may give media as JSON does; the padding is no part of them."""
    media = [b"", b"1", b"12", b"123", b"1234"]
    texts = ["", "MQ==", "MTI=", "MTIz", "MTIzNA=="]
    parts = [{"inline_data": {"mime_type": "image/png", "data": data}} for data in media + texts]
    telemetry = Telemetry()
    with telemetry.attached():
        genai.models.generate_content(model="gemini-2.5-flash", contents=parts)
    (message,) = json.loads(telemetry.the_round().attributes[INPUT])
    assert [part["byte_size"] for part in message["parts"]] == [0, 1, 2, 3, 4] * 2


def test_a_list_in_the_list_is_one_message_of_the_users(fake: FakeGemini):
    """So the SDK sends it, even if there is a function call in it."""
    handle = fake.play(PLAIN_TEXT)
    genai, telemetry = client(handle), Telemetry()
    asked = ["Weather?", [{"text": "as I said"}, {"function_call": {"name": "get", "args": {}}}]]
    with telemetry.attached():
        genai.models.generate_content(model="gemini-2.5-flash", contents=asked)
    genai.close()
    (request,) = handle.requests
    assert [content["role"] for content in json.loads(request.body)["contents"]] == ["user", "user"]
    messages = json.loads(telemetry.the_round().attributes[INPUT])
    assert [(message["role"], len(message["parts"])) for message in messages] == [
        ("user", 1),
        ("user", 2),
    ]


@pytest.mark.parametrize("mlflow", [False, True])
def test_the_limits_of_a_provider_count_too(genai: Any, mlflow: bool):
    """A limit that the program sets in code would else cut JSON in the middle."""
    telemetry = Telemetry(span_limits=SpanLimits(max_span_attribute_length=200))
    with telemetry.attached(mlflow=mlflow):
        genai.models.generate_content(model="gemini-2.5-flash", contents="Why? " * 100)
    told = telemetry.the_round().attributes
    (message,) = json.loads(told[INPUT])
    assert message["parts"][0]["content"].startswith("Why? Why? ")
    texts = [value for value in told.values() if isinstance(value, str) and value[0] in "[{"]
    assert [json.loads(text) for text in texts]


@pytest.mark.parametrize("most", [40, 60, 100, None])
def test_no_counts_that_the_sdk_would_cut(genai: Any, most: int | None):
    """MLflow refuses a whole request for JSON that is cut, so it gets none then."""
    pytest.importorskip("genai_prices")
    telemetry = Telemetry(span_limits=SpanLimits(max_span_attribute_length=most))
    with telemetry.attached():
        genai.models.generate_content(model="gemini-2.5-flash", contents="Why?")
    attributes = telemetry.the_round().attributes
    told = [attributes[name] for name in (TOKEN_USAGE, COST) if name in attributes]
    assert all(json.loads(text) for text in told)
    assert len(told) == {40: 0, 60: 1}.get(most or 0, 2)
    assert attributes["gen_ai.usage.input_tokens"] > 0


class _Writing(Sampler):
    """Writes into what it is shown, as the SDK lets it."""

    def should_sample(self, *args: Any, **kwargs: Any) -> Any:
        result = ALWAYS_ON.should_sample(*args, **kwargs)
        shown: Any = kwargs.get("attributes") or args[4]
        shown["asked"] = shown.pop(MODEL)
        return result

    def get_description(self) -> str:
        return "writing"


def test_what_a_sampler_writes_stays_with_its_span(genai: Any):
    """The next span begins with the attributes of its own call."""
    changed, telemetry = Telemetry(sampler=_Writing()), Telemetry()
    for each in (changed, telemetry):
        with each.attached():
            genai.models.generate_content(model="gemini-2.5-flash", contents="Why?")
    assert MODEL not in changed.the_round().attributes
    told = telemetry.the_round().attributes
    assert told[MODEL] == "gemini-2.5-flash"
    assert "asked" not in told
