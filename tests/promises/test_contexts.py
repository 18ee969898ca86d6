"""Streams that wander between threads, tasks and contexts."""

from __future__ import annotations

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from opentelemetry import trace

from fake_gemini.scenarios.text import SKY
from promises.programs import ASKED, close_async, user_span
from promises.watching import Telemetry, text_of

FIRST = "Air scatters blue light "
pytestmark = pytest.mark.usefixtures("no_complaints")


def parents(telemetry: Telemetry) -> list[Any]:
    """Returns whose child each round is."""
    return [one.parent for one in telemetry.rounds]


def text(chunks: Any) -> str:
    return "".join(chunk.text for chunk in chunks)


def test_a_stream_made_in_one_thread_is_read_in_another(genai: Any, telemetry: Telemetry):
    """The round belongs to the one who reads, for whom the SDK works."""
    with telemetry.attached(), ThreadPoolExecutor(1) as pool:
        with user_span(telemetry, "maker"):
            stream = genai.models.generate_content_stream(**ASKED)

        def read_all() -> Any:
            with user_span(telemetry, "reader") as reader:
                return text(stream), reader.get_span_context()

        answer, reader = pool.submit(read_all).result()
    assert answer == SKY
    assert telemetry.the_round().parent == reader
    assert telemetry.open == []


def test_a_stream_moves_to_another_thread_half_read(genai: Any, telemetry: Telemetry):
    """Each read has its own context; none is kept from the last one."""
    with telemetry.attached(), ThreadPoolExecutor(1) as pool, user_span(telemetry) as caller:
        stream = genai.models.generate_content_stream(**ASKED)
        first = next(stream).text

        def read_rest() -> Any:
            before = trace.get_current_span()
            return text(stream), trace.get_current_span() is before

        rest, undisturbed = pool.submit(read_rest).result()
    assert first + rest == SKY
    assert undisturbed
    assert telemetry.the_round().parent == caller.get_span_context()


def test_a_stream_is_read_in_a_copied_context(genai: Any, telemetry: Telemetry):
    """What is attached for a read in one context is detached in the same one."""
    with telemetry.attached(), user_span(telemetry):
        stream = genai.models.generate_content_stream(**ASKED)
        chunks = []
        while True:
            chunk = contextvars.copy_context().run(next, stream, None)
            if chunk is None:
                break
            chunks.append(chunk)
    assert text(chunks) == SKY
    assert text_of(telemetry.the_round()) == SKY


def test_two_streams_are_read_in_turn(genai: Any, telemetry: Telemetry):
    """Two interleaved rounds are siblings, each with its own text."""
    with telemetry.attached(), user_span(telemetry) as caller:
        one, other = (genai.models.generate_content_stream(**ASKED) for _ in range(2))
        first = next(one).text
        assert text(other) == SKY
        assert first + text(one) == SKY
    assert [text_of(each) for each in telemetry.rounds] == [SKY, SKY]
    assert parents(telemetry) == [caller.get_span_context()] * 2


def test_spans_between_chunks_are_siblings(genai: Any, telemetry: Telemetry):
    """What a program does between two chunks is no child of the round."""
    with telemetry.attached(), user_span(telemetry) as caller:
        for _ in genai.models.generate_content_stream(**ASKED):
            with user_span(telemetry, "own work") as own:
                assert own.parent == caller.get_span_context()
    assert parents(telemetry) == [caller.get_span_context()]


def test_spans_between_chunks_are_siblings_in_tasks(genai: Any, telemetry: Telemetry):
    """What a program awaits between two chunks is no child of the round."""

    async def main() -> None:
        with user_span(telemetry) as caller:
            async for _ in await genai.aio.models.generate_content_stream(**ASKED):
                with user_span(telemetry, "own work") as own:
                    await asyncio.sleep(0)
                    assert own.parent == caller.get_span_context()
        assert parents(telemetry) == [caller.get_span_context()]
        await close_async(genai)

    with telemetry.attached():
        asyncio.run(main())


def test_an_async_stream_made_in_one_task_is_read_in_another(genai: Any, telemetry: Telemetry):
    """A stream passed between tasks is read like any other."""

    async def main() -> str:
        models = genai.aio.models
        stream = await asyncio.create_task(models.generate_content_stream(**ASKED))

        async def read_one() -> str:
            return (await anext(stream)).text

        answer = await asyncio.create_task(read_one())
        async for chunk in stream:
            answer += chunk.text
        await close_async(genai)
        return answer

    with telemetry.attached():
        assert asyncio.run(main()) == SKY
    assert text_of(telemetry.the_round()) == SKY


@pytest.mark.parametrize("leave", [True, False], ids=["closed", "read on"])
def test_a_stream_is_ended_by_another_task(genai: Any, telemetry: Telemetry, leave: bool):
    """Whoever ends a stream, its span ends then."""

    async def main() -> None:
        with user_span(telemetry):
            stream = await genai.aio.models.generate_content_stream(**ASKED)
            await anext(stream)

            async def end() -> None:
                if leave:
                    await stream.aclose()
                else:
                    async for _ in stream:
                        pass

            await asyncio.create_task(end())
            # What the SDK drops, the event loop closes in a task of its own.
            await asyncio.sleep(0.01)
        assert telemetry.open == []
        await close_async(genai)

    with telemetry.attached():
        asyncio.run(main())
    assert text_of(telemetry.the_round()) == (FIRST if leave else SKY)


def test_calls_in_parallel_have_the_parents_of_their_tasks(genai: Any, telemetry: Telemetry):
    """Twenty calls at once have twenty spans, each below the span of its own task."""

    async def ask(number: int) -> Any:
        with user_span(telemetry, f"task {number}") as own:
            await genai.aio.models.generate_content(**ASKED)
            return own.get_span_context()

    async def main() -> list[Any]:
        owners = await asyncio.gather(*map(ask, range(20)))
        await close_async(genai)
        return owners

    with telemetry.attached():
        owners = asyncio.run(main())
    assert {one.span_id for one in owners} == {one.span_id for one in parents(telemetry)}
    assert telemetry.open == []


def test_calls_in_threads_have_the_parents_of_their_threads(genai: Any, telemetry: Telemetry):
    """A client shared by threads gives each thread's call to that thread's span."""

    def ask(number: int) -> Any:
        with user_span(telemetry, f"thread {number}") as own:
            genai.models.generate_content(**ASKED)
            return own.get_span_context()

    with telemetry.attached(), ThreadPoolExecutor(4) as pool:
        owners = list(pool.map(ask, range(12)))
    assert {one.span_id for one in owners} == {one.span_id for one in parents(telemetry)}
