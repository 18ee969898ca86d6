"""Streams of interactions keep their type, and end their span however they are left."""

from __future__ import annotations

import asyncio
import gc
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import trace

from fake_gemini import client
from fake_gemini.scenarios.interactions import ERROR_EVENT, PLAIN
from interactions.watching import Watched, text_of
from opentelemetry_instrumentation_gemini._capture import Captured
from opentelemetry_instrumentation_gemini._reading.interaction_answer import InteractionReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fake_gemini import FakeGemini

ASKED: dict[str, Any] = {"model": "gemini-2.5-flash", "input": "Why?", "stream": True}
FIRST = "Air scatters "


@pytest.fixture
def genai(fake: FakeGemini) -> Iterator[Any]:
    """A client whose every question gets the same answer."""
    genai = client(fake.play(PLAIN, repeat=True))
    yield genai
    genai.close()


def first_text(stream: Any) -> None:
    """Read up to the first piece of text."""
    for event in stream:
        if event.event_type == "step.delta" and event.delta.type == "text":
            return


def close(genai: Any) -> None:
    stream = genai.interactions.create(**ASKED)
    first_text(stream)
    stream.close()
    assert list(stream) == []


def leave(genai: Any) -> None:
    first_text(genai.interactions.create(**ASKED))


def use_with(genai: Any) -> None:
    with genai.interactions.create(**ASKED) as stream:
        first_text(stream)


def use_closing(genai: Any) -> None:
    with closing(genai.interactions.create(**ASKED)) as stream:
        first_text(stream)


def close_twice(genai: Any) -> None:
    stream = genai.interactions.create(**ASKED)
    first_text(stream)
    stream.close()
    stream.close()


def drop(genai: Any) -> None:
    stream = genai.interactions.create(**ASKED)
    first_text(stream)
    del stream
    gc.collect()


def _kept() -> int:
    """Count what keeps content."""
    gc.collect()
    return sum(isinstance(one, (Captured, InteractionReader)) for one in gc.get_objects())


def test_a_stream_that_was_read_keeps_no_content(genai: Any, telemetry: Watched):
    """A program may keep a stream for good; what it said is on the span, and nowhere else."""
    before = _kept()
    stream = genai.interactions.create(**ASKED)
    assert len(list(stream)) > 1
    assert FIRST in text_of(telemetry.the_span())
    assert _kept() == before
    assert stream is not None


@pytest.mark.parametrize(
    "ending", [close, leave, use_with, use_closing, close_twice, drop], ids=lambda it: it.__name__
)
def test_a_stream_that_is_left_ends_its_span(
    ending: Callable[[Any], None], genai: Any, telemetry: Watched
):
    """A reader who leaves makes no mistake: the span holds what had come, and is no error."""
    ending(genai)
    gc.collect()
    span = telemetry.the_span()
    assert text_of(span) == FIRST
    assert span.status.is_unset
    assert span.attributes["gen_ai.response.status"] == "in_progress"
    assert span.attributes["gen_ai.response.finish_reasons"] == ("error",)


async def aclose(stream: Any) -> None:
    await afirst_text(stream)
    await stream.close()
    assert [event async for event in stream] == []


async def aleave(stream: Any) -> None:
    await afirst_text(stream)


async def ause_with(stream: Any) -> None:
    async with stream as same:
        assert same is stream
        await afirst_text(stream)


async def afirst_text(stream: Any) -> None:
    async for event in stream:
        if event.event_type == "step.delta" and event.delta.type == "text":
            return


@pytest.mark.parametrize("ending", [aclose, aleave, ause_with], ids=lambda it: it.__name__)
def test_an_async_stream_that_is_left_ends_its_span(
    ending: Callable[[Any], Any], genai: Any, telemetry: Watched
):
    """The same for an asynchronous stream."""

    async def main() -> None:
        await ending(await genai.aio.interactions.create(**ASKED))
        gc.collect()
        for _ in range(5):
            await asyncio.sleep(0)

    asyncio.run(main())
    span = telemetry.the_span()
    assert text_of(span) == FIRST
    assert span.status.is_unset


def test_a_stream_nobody_reads_ends_its_span(genai: Any, telemetry: Watched):
    """The request was sent, so there is a span; it ends when the stream is gone."""
    genai.interactions.create(**ASKED)
    gc.collect()
    assert telemetry.the_span().attributes["gen_ai.response.finish_reasons"] == ("error",)


def test_a_cancelled_reader_is_an_error(fake: FakeGemini, telemetry: Watched):
    """A read that is cancelled from outside ends the span with its own type."""
    step = PLAIN.steps[0]
    slow = _slow(step)
    genai = client(fake.play(slow))

    async def main() -> None:
        stream = await genai.aio.interactions.create(**ASKED)
        await anext(stream)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(anext(stream), 0.02)
        await stream.close()

    asyncio.run(main())
    span = telemetry.the_span()
    assert span.attributes["error.type"] == "asyncio.exceptions.CancelledError"


def _slow(step: Any) -> Any:
    from dataclasses import replace  # noqa: PLC0415

    slow = replace(step, stream=replace(step.stream, pace=5.0))
    return replace(PLAIN, steps=(slow,))


def test_the_type_of_a_stream_is_the_sdks(genai: Any, telemetry: Watched):
    """`isinstance` and `type` say what they said before, and what comes is the SDK's."""
    from google.genai._gaos.utils import eventstreaming  # noqa: PLC0415 - newer SDKs only

    with genai.interactions.create(**ASKED) as stream:
        assert type(stream) is eventstreaming.Stream
        assert iter(stream) is stream
        kinds = [event.event_type for event in stream]
    assert kinds == [event["event_type"] for event in PLAIN.steps[0].stream.chunks]


def test_the_callers_span_is_current_between_reads(genai: Any, telemetry: Watched):
    """What the program does between two events is no child of the interaction."""
    with telemetry.user.start_as_current_span("caller") as caller:
        for _ in genai.interactions.create(**ASKED):
            assert trace.get_current_span() is caller
        assert trace.get_current_span() is caller
    assert telemetry.the_span().parent == caller.get_span_context()


def test_two_streams_are_read_in_turn(genai: Any, telemetry: Watched):
    """Two interleaved streams are two spans, each with its own text."""
    one, other = (genai.interactions.create(**ASKED) for _ in range(2))
    for _ in zip(one, other, strict=True):
        pass
    # `zip` asks only the first of two whether there is more.
    list(other)
    texts = [text_of(span) for span in telemetry.ended]
    assert texts == ["Air scatters blue light more than red."] * 2


def test_an_error_event_is_not_raised_and_yet_an_error(fake: FakeGemini, telemetry: Watched):
    """The SDK yields it like any event; the span says code and text, and keeps what had come."""
    genai = client(fake.play(ERROR_EVENT))
    events = list(genai.interactions.create(**ASKED))
    assert events[-1].event_type == "error"
    span = telemetry.the_span()
    assert span.attributes["error.type"] == "UNAVAILABLE"
    assert span.status.description == "The model went away."
    (event,) = span.events
    assert event.attributes["exception.message"] == "The model went away."
    assert "gen_ai.client.operation.exception" in telemetry.events
    assert text_of(span) == "Air scatters "


@pytest.mark.parametrize("mode", ["NO_CONTENT", "SPAN_ONLY", "EVENT_ONLY", "SPAN_AND_EVENT"])
def test_the_services_text_is_told_wherever_content_goes(mode: str, fake: FakeGemini):
    """An error event's text is the service's, and stands on span and event as a raised one's."""
    telemetry = Watched()
    genai = client(fake.play(ERROR_EVENT))
    with telemetry.attached(capture_message_content=mode):
        list(genai.interactions.create(**ASKED))
    genai.close()
    (event,) = telemetry.the_span().events
    (exception,) = (
        one.log_record
        for one in telemetry.logs()
        if one.log_record.event_name == "gen_ai.client.operation.exception"
    )
    texts = {each.attributes.get("exception.message") for each in (event, exception)}
    assert texts == {"The model went away."}
