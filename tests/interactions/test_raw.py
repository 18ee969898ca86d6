"""Responses that the program reads by itself: parsed later, line by line, or not at all."""

from __future__ import annotations

import asyncio
import json
from time import thread_time
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import Scenario, client
from fake_gemini.interaction_wire import output, resource, usage
from fake_gemini.scenarios.interactions import PLAIN, QUOTA_EXCEEDED, SKY
from fake_gemini.script import Reply, Step
from interactions.watching import said, text_of, tokens_of
from opentelemetry_instrumentation_gemini import GeminiInstrumentor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fake_gemini import FakeGemini
    from interactions.watching import Watched

ASKED: dict[str, Any] = {"model": "gemini-2.5-flash", "input": "Why?"}
STREAMED = {**ASKED, "stream": True}


@pytest.fixture
def genai(fake: FakeGemini) -> Iterator[Any]:
    """A client whose every question gets the same answer."""
    genai = client(fake.play(PLAIN, repeat=True))
    yield genai
    genai.close()


def assert_whole(telemetry: Watched, *, streamed: bool) -> None:
    """One span that says everything."""
    span = telemetry.the_span()
    tokens = tokens_of(PLAIN.rounds[0].tokens)
    assert said(span, tokens) == tokens
    assert text_of(span) == SKY
    assert span.attributes["gen_ai.response.status"] == "completed"
    assert span.attributes.get("gen_ai.request.stream") == (True if streamed else None)
    assert ("gen_ai.response.time_to_first_chunk" in span.attributes) is streamed
    assert telemetry.counts().get("gen_ai.client.inference.time_to_first_chunk", 0) == streamed


def raw_parse(api: Any) -> None:
    response = api.with_raw_response.create(**ASKED)
    assert type(response).__name__ == "APIResponse"
    assert response.parse().status == "completed"


def raw_json(api: Any) -> None:
    assert api.with_raw_response.create(**ASKED).json()["status"] == "completed"


def streaming_parse(api: Any) -> None:
    with api.with_streaming_response.create(**ASKED) as response:
        assert type(response).__name__ == "StreamedAPIResponse"
        assert response.parse().status == "completed"


def streaming_text(api: Any) -> None:
    with api.with_streaming_response.create(**ASKED) as response:
        assert "completed" in response.text()


@pytest.mark.parametrize(
    "program", [raw_parse, raw_json, streaming_parse, streaming_text], ids=lambda it: it.__name__
)
def test_an_unparsed_answer_is_read_as_well(
    program: Callable[[Any], None], genai: Any, telemetry: Watched
):
    """The response stays the SDK's own, and the span says what is in it."""
    program(genai.interactions)
    assert_whole(telemetry, streamed=False)


def raw_events(api: Any) -> None:
    stream = api.with_raw_response.create(**STREAMED).parse()
    assert [event.event_type for event in stream][-1] == "interaction.completed"


def streaming_events(api: Any) -> None:
    with api.with_streaming_response.create(**STREAMED) as response:
        assert [event.event_type for event in response.parse()][-1] == "interaction.completed"


def streaming_lines(api: Any) -> None:
    with api.with_streaming_response.create(**STREAMED) as response:
        assert "data: [DONE]" in list(response.iter_lines())


def streaming_bytes(api: Any) -> None:
    with api.with_streaming_response.create(**STREAMED) as response:
        assert b"".join(response.iter_bytes(7)).endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize(
    "program",
    [raw_events, streaming_events, streaming_lines, streaming_bytes],
    ids=lambda it: it.__name__,
)
def test_an_unparsed_stream_is_followed(
    program: Callable[[Any], None], genai: Any, telemetry: Watched
):
    """Whoever reads a stream, as events, lines or bytes: the span holds what went by."""
    program(genai.interactions)
    assert_whole(telemetry, streamed=True)


async def araw_parse(api: Any) -> None:
    response = await api.with_raw_response.create(**STREAMED)
    async for _ in await response.parse():
        pass


async def astreaming_events(api: Any) -> None:
    async with api.with_streaming_response.create(**STREAMED) as response:
        async for _ in await response.parse():
            pass


async def astreaming_lines(api: Any) -> None:
    async with api.with_streaming_response.create(**STREAMED) as response:
        assert "data: [DONE]" in [line async for line in response.iter_lines()]


@pytest.mark.parametrize(
    "program", [araw_parse, astreaming_events, astreaming_lines], ids=lambda it: it.__name__
)
def test_an_unparsed_async_stream_is_followed(
    program: Callable[[Any], Any], genai: Any, telemetry: Watched
):
    """The same for asynchronous programs."""
    asyncio.run(program(genai.aio.interactions))
    assert_whole(telemetry, streamed=True)


def test_an_async_answer_is_read_as_well(genai: Any, telemetry: Watched):
    """A whole answer that is read by an asynchronous program."""

    async def main() -> None:
        api = genai.aio.interactions
        async with api.with_streaming_response.create(**ASKED) as response:
            assert (await response.json())["status"] == "completed"

    asyncio.run(main())
    assert_whole(telemetry, streamed=False)


def test_a_response_that_is_only_closed_ends_its_span(genai: Any, telemetry: Watched):
    """Whoever looks at the status code only has a span too, without tokens."""
    with genai.interactions.with_streaming_response.create(**STREAMED) as response:
        assert response.status_code == 200
    span = telemetry.the_span()
    assert span.status.is_unset
    assert "gen_ai.usage.input_tokens" not in span.attributes


def test_a_response_that_is_left_half_read_ends_its_span(genai: Any, telemetry: Watched):
    """A reader of lines who leaves has the text that went by."""
    with genai.interactions.with_streaming_response.create(**STREAMED) as response:
        for line in response.iter_lines():
            if "blue light" in line:
                break
    span = telemetry.the_span()
    assert span.status.is_unset
    assert span.attributes["gen_ai.response.id"] == "fake-interaction-1"


def test_a_long_body_costs_in_proportion_to_its_length(fake: FakeGemini, telemetry: Watched):
    """A document of many lines that is read in small pieces is not looked through at each."""
    document = json.dumps(resource(output("Hi."), usage=usage(5, 7)))
    body = document.replace("{", "{" + "\n" * 16_000_000, 1).encode()
    reply = Reply(raw=body, content_type="application/json")
    genai = client(fake.play(Scenario("long", (Step(unary=reply, stream=reply),), ()), repeat=True))

    def read() -> float:
        with genai.interactions.with_streaming_response.create(**ASKED) as response:
            began = thread_time()
            assert sum(map(len, response.iter_bytes(2048))) == len(body)
            return thread_time() - began

    traced = read()
    GeminiInstrumentor().uninstrument()
    assert traced < 10 * read() + 0.5
    assert telemetry.the_span().attributes["gen_ai.usage.output_tokens"] == 7


@pytest.mark.parametrize("kind", ["with_raw_response", "with_streaming_response"])
def test_a_refusal_is_an_error(kind: str, fake: FakeGemini, telemetry: Watched):
    """An unparsed response that is refused raises the SDK's own error, and says its status."""
    genai = client(fake.play(QUOTA_EXCEEDED), **QUOTA_EXCEEDED.http_options)
    api = getattr(genai.interactions, kind)
    with pytest.raises(Exception, match="Quota exceeded"):
        api.create(**ASKED).__enter__()
    assert telemetry.the_span().attributes["error.type"] == "429"
