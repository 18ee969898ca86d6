"""Errors, and streams that nobody reads to their end."""

import asyncio

import pytest

from fake_gemini import HOWS, FakeGemini, How, Scenario, client, perform, shape_of
from fake_gemini.scenarios.failures import ERROR_IN_MID_STREAM, QUOTA_EXCEEDED
from fake_gemini.scenarios.text import PLAIN_TEXT
from matrix.asking import INSTALLED, MODEL
from matrix.watching import Watched, texts, told

ASKED = {"model": MODEL, "contents": "Why?"}


@pytest.mark.parametrize("scenario", [QUOTA_EXCEEDED, ERROR_IN_MID_STREAM], ids=lambda it: it.name)
@pytest.mark.parametrize("how", HOWS)
def test_an_error_ends_the_span(
    watched: Watched, fake: FakeGemini, how: How, scenario: Scenario
) -> None:
    """The SDK's exception reaches the caller, and its HTTP status is the span's error type."""
    if scenario.since > INSTALLED:
        pytest.skip("this google-genai yields an error in mid-stream as an empty chunk")
    outcome = perform(fake.play(scenario), how)
    (span,) = watched.spans
    last = scenario.rounds_of(shape_of(how))[-1]
    assert type(outcome.error).__name__ == last.failure.type
    assert span.status.status_code.name == "ERROR"
    assert told(span)["error.type"] == str(last.failure.code)
    assert told(span).get("gen_ai.usage.output_tokens") == last.tokens.output


def test_a_closed_stream_ends_its_span(watched: Watched, fake: FakeGemini) -> None:
    """A reader that closes a stream ends the span with what it had read, and without an error."""
    genai = client(fake.play(PLAIN_TEXT))
    stream = genai.models.generate_content_stream(**ASKED)
    first = next(stream)
    stream.close()
    assert_left_early(watched, first)


def test_a_closed_async_stream_ends_its_span(watched: Watched, fake: FakeGemini) -> None:
    """The same for an async stream."""

    async def read_one() -> object:
        stream = await genai.aio.models.generate_content_stream(**ASKED)
        first = await anext(stream)
        await stream.aclose()
        return first

    genai = client(fake.play(PLAIN_TEXT))
    assert_left_early(watched, asyncio.run(read_one()))


def assert_left_early(watched: Watched, first: object) -> None:
    """One span, UNSET, that holds the first chunk and its tokens."""
    (span,) = watched.spans
    assert span.status.is_unset
    assert told(span)["gen_ai.usage.output_tokens"] == 5
    assert texts(span, "gen_ai.output.messages") == [first.text]


def test_a_cancelled_call_ends_its_span(watched: Watched, fake: FakeGemini) -> None:
    """Cancelling the task passes through and ends the span as an error of its own type."""

    async def cancel() -> None:
        call = asyncio.ensure_future(genai.aio.models.generate_content(**ASKED))
        await asyncio.sleep(0)
        call.cancel()
        await call

    genai = client(fake.play(PLAIN_TEXT))
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancel())
    (span,) = watched.spans
    assert told(span)["error.type"] == "asyncio.exceptions.CancelledError"
