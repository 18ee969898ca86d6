"""Streams of google-generativeai, which are responses that one iterates over."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any

import google.generativeai as genai
import pytest
from google.generativeai import protos
from opentelemetry import trace

from interactions.watching import text_of
from legacy.asking import MODEL, WAYS, answer, connect, hear, read_stream
from legacy.fake import Refusal
from opentelemetry_instrumentation_gemini._patching import read_ahead
from opentelemetry_instrumentation_gemini._reading.legacy_response import LegacyReader
from promises.watching import Telemetry

if TYPE_CHECKING:
    from interactions.watching import Watched
    from legacy.fake import Fake

BROKEN = Refusal(503, "INTERNAL", "The model broke down")
REASONS = "gen_ai.response.finish_reasons"


def chunks() -> list[Any]:
    """Returns an answer in three pieces, whose counts are cumulative."""
    return [
        answer("Red, ", candidates=0, finish=None),
        answer("green, ", candidates=2, cached=4, finish=None),
        answer("blue.", candidates=6, thoughts=8),
    ]


def stream(fake: Fake, way: str, *, most: int = 99) -> Any:
    """Ask a new model for a stream, and read it."""
    connect(fake, way)
    model = genai.GenerativeModel(MODEL)
    return read_stream(way, model, "generate_content", "Colours?", most=most)


@pytest.mark.parametrize("way", WAYS)
def test_a_stream_is_one_span(way: str, fake: Fake, telemetry: Watched):
    """All chunks are one answer; of each count the last one stands, and the cached one stays."""
    fake.answers = [chunks()]
    response, texts = stream(fake, way)
    assert texts == ["Red, ", "green, ", "blue."]
    assert response.text == "Red, green, blue."
    span = telemetry.the_round()
    assert text_of(span) == "Red, green, blue."
    expected = {
        "gen_ai.request.stream": True,
        "gen_ai.usage.input_tokens": 7,
        "gen_ai.usage.output_tokens": 14,
        "gen_ai.usage.reasoning.output_tokens": 8,
        "gen_ai.usage.cache_read.input_tokens": 4,
        REASONS: ("stop",),
    }
    assert {name: span.attributes.get(name) for name in expected} == expected
    assert 0 < span.attributes["gen_ai.response.time_to_first_chunk"] < 10
    counts = telemetry.counts()
    assert counts["gen_ai.client.inference.time_to_first_chunk"] == 1
    assert counts["gen_ai.client.inference.time_per_output_chunk"] == 2


@pytest.mark.parametrize("way", WAYS)
def test_a_stream_left_early(way: str, fake: Fake, telemetry: Watched):
    """A stream that its reader leaves ends with its response, and is no error."""
    fake.answers = [chunks()]
    texts = stream(fake, way, most=1)[1]
    gc.collect()
    assert texts == ["Red, "]
    span = telemetry.the_round()
    assert span.status.status_code.name == "UNSET"
    assert span.attributes[REASONS] == ("error",)
    assert text_of(span) in {"Red, green, ", "Red, "}


def test_a_stream_that_is_never_read(fake: Fake, telemetry: Watched):
    """The SDK reads the first chunk by itself, so even then there was an answer."""
    fake.answers = [chunks()]
    connect(fake, "grpc")
    genai.GenerativeModel(MODEL).generate_content("Colours?", stream=True)
    gc.collect()
    assert text_of(telemetry.the_round()) == "Red, "


@pytest.mark.parametrize("way", WAYS)
def test_a_stream_that_breaks(way: str, fake: Fake, telemetry: Watched):
    """An error between two chunks reaches the reader, and the span keeps what came before."""
    fake.answers = [[*chunks()[:2], BROKEN]]
    heard = hear(stream, fake, way)
    assert heard.error is not None
    span = telemetry.the_round()
    assert span.status.status_code.name == "ERROR"
    assert text_of(span) == "Red, green, "
    assert span.attributes["gen_ai.usage.cache_read.input_tokens"] == 4
    if way == "rest":
        assert span.attributes["error.type"] == "requests.exceptions.ChunkedEncodingError"
    else:
        assert span.attributes["error.type"] == "500"


@pytest.mark.parametrize("way", WAYS)
def test_a_stream_that_is_refused(way: str, fake: Fake, telemetry: Watched):
    """An error before the first chunk comes out of the call itself."""
    fake.answers = [[Refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded")]]
    heard = hear(stream, fake, way)
    assert heard.error is not None
    assert telemetry.the_round().attributes["error.type"] == "429"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("most", [1, 99])
@pytest.mark.parametrize("ending", [[], [BROKEN]])
def test_the_reader_sees_no_difference(way: str, most: int, ending: list[Any], fake: Fake):
    """Chunks, errors and the response itself are those of the SDK alone, also half-read."""
    given = [*chunks(), *ending]
    fake.answers = [given]
    bare = hear(stream, fake, way, most=most)
    fake.answers = [given]
    with Telemetry().attached():
        traced = hear(stream, fake, way, most=most)
    assert traced.shown() == bare.shown()


def test_reading_goes_on_where_it_was_left(fake: Fake, telemetry: Watched):
    """Whoever comes back gets the rest, also once the plugin is off, and it is one span."""
    fake.answers = [chunks()]
    response, _ = stream(fake, "grpc", most=1)
    assert telemetry.ended == []
    assert [chunk.text for chunk in response] == ["Red, ", "green, ", "blue."]
    assert text_of(telemetry.the_round()) == "Red, green, blue."
    assert [chunk.text for chunk in response] == ["Red, ", "green, ", "blue."]
    response.resolve()


def test_a_response_lets_go_of_what_was_read(fake: Fake):
    """What the plugin keeps of a stream goes with its span, not with the response."""
    fake.answers = [chunks()]
    with Telemetry().attached():
        response, _ = stream(fake, "grpc")
    assert response._iterator._self_scope is None
    assert next(response._iterator, "over") == "over"


def test_a_blocked_stream(fake: Fake, telemetry: Watched):
    """The SDK reads no further where the prompt was blocked, so the span ends there."""
    feedback = protos.GenerateContentResponse.PromptFeedback(block_reason="OTHER")
    fake.answers = [[protos.GenerateContentResponse(prompt_feedback=feedback)]]
    heard = hear(stream, fake, "grpc")
    assert type(heard.error) is genai.types.BlockedPromptException
    span = telemetry.the_round()
    assert span.attributes["gcp.gen_ai.prompt.block_reason"] == "OTHER"
    assert span.status.status_code.name == "UNSET"


def test_the_users_span_between_chunks(fake: Fake, telemetry: Watched):
    """Between two chunks, and after the last, the reader's own span is current."""
    fake.answers = [chunks(), chunks()]
    connect(fake, "grpc")
    model = genai.GenerativeModel(MODEL)
    with telemetry.user.start_as_current_span("mine") as mine:
        for _ in model.generate_content("Colours?", stream=True):
            assert trace.get_current_span() is mine
        assert trace.get_current_span() is mine
        asyncio.run(_read_beside(model, mine))


async def _read_beside(model: Any, mine: Any) -> None:
    async for _ in await model.generate_content_async("Colours?", stream=True):
        assert trace.get_current_span() is mine
    assert trace.get_current_span() is mine


def test_a_fault_of_ours(fake: Fake, monkeypatch: pytest.MonkeyPatch):
    """Where the plugin cannot follow or read a stream, its reader notices nothing."""

    def broken(*_arguments: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(read_ahead, "_Followed", broken)
    monkeypatch.setattr(read_ahead, "_AsyncFollowed", broken)
    monkeypatch.setattr(LegacyReader, "add", broken)
    fake.answers = [chunks(), chunks()]
    telemetry = Telemetry()
    with telemetry.attached():
        for way in ("grpc", "grpc_async"):
            assert stream(fake, way)[1] == ["Red, ", "green, ", "blue."]
    assert telemetry.open == []
    assert len(telemetry.rounds) == 2


def test_a_chat_that_streams(fake: Fake, telemetry: Watched):
    """A message of a chat is one span, and the chat goes on as it does without us."""
    fake.answers = [chunks(), [answer("Yes.")]]
    connect(fake, "grpc")
    chat = genai.GenerativeModel(MODEL).start_chat()
    for _ in chat.send_message("Colours?", stream=True):
        pass
    chat.send_message("Sure?")
    assert len(chat.history) == 4
    assert [text_of(span) for span in telemetry.rounds] == ["Red, green, blue.", "Yes."]
    assert "green" in telemetry.rounds[1].attributes["gen_ai.input.messages"]
