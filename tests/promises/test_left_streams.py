"""Streams that their program leaves: to the collector, to a thread, to the end of a loop."""

from __future__ import annotations

import asyncio
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini.scenarios.text import PLAIN_TEXT, SKY
from opentelemetry_instrumentation_gemini import GeminiInstrumentor
from promises.endings import ending_of
from promises.programs import ASKED, Way, close_async, run, user_span
from promises.watching import Telemetry, text_of

if TYPE_CHECKING:
    from fake_gemini import FakeGemini

FIRST = "Air scatters blue light "
pytestmark = pytest.mark.usefixtures("no_complaints")


class _Ring:
    """Holds a stream in a reference cycle."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.itself = self


def test_a_stream_is_collected_in_another_thread(genai: Any, telemetry: Telemetry):
    """Where the garbage collector happens to run, the round ends and no context changes."""
    with telemetry.attached(), user_span(telemetry) as caller, ThreadPoolExecutor(1) as pool:
        ring = _Ring(genai.models.generate_content_stream(**ASKED))
        next(ring.stream)
        gc.disable()
        try:
            del ring
            assert len(telemetry.open) == 1

            def collect() -> bool:
                with user_span(telemetry, "elsewhere"):
                    gc.collect()
                return threading.current_thread() is not threading.main_thread()

            assert pool.submit(collect).result()
        finally:
            gc.enable()
    assert telemetry.open == []
    assert telemetry.the_round().parent == caller.get_span_context()


def test_a_stream_is_closed_in_another_thread(genai: Any, telemetry: Telemetry):
    """Closing a stream elsewhere ends its round."""
    with telemetry.attached(), ThreadPoolExecutor(1) as pool:
        stream = genai.models.generate_content_stream(**ASKED)
        next(stream)
        pool.submit(stream.close).result()
    assert telemetry.open == []
    assert text_of(telemetry.the_round()) == FIRST


def _left_over(genai: Any, loop: asyncio.AbstractEventLoop) -> Any:
    """Returns a stream of which one chunk was read in a loop."""

    async def begin() -> Any:
        stream = await genai.aio.models.generate_content_stream(**ASKED)
        await anext(stream)
        return stream

    return loop.run_until_complete(begin())


def test_an_async_stream_is_left_to_the_end_of_its_loop(genai: Any, telemetry: Telemetry):
    """A stream that a program holds until `asyncio.run` is over ends with it."""
    kept = []

    async def main() -> None:
        stream = await genai.aio.models.generate_content_stream(**ASKED)
        await anext(stream)
        kept.append(stream)
        await close_async(genai)

    with telemetry.attached():
        asyncio.run(main())
        kept.clear()
    assert telemetry.open == []
    assert text_of(telemetry.the_round()) == FIRST


def test_an_async_stream_outlives_its_loop(genai: Any, telemetry: Telemetry):
    """Dropped when its loop is closed already, a stream cannot run code, yet its round ends."""
    loop = asyncio.new_event_loop()
    with telemetry.attached():
        stream = _left_over(genai, loop)
        loop.run_until_complete(close_async(genai))
        loop.close()
        del stream
        gc.collect()
    assert telemetry.open == []
    assert text_of(telemetry.the_round()) == FIRST


def _uninstrument(_telemetry: Telemetry) -> None:
    GeminiInstrumentor().uninstrument()


def _shut_down(telemetry: Telemetry) -> None:
    telemetry.tracers.shutdown()
    telemetry.meters.shutdown()


@pytest.mark.parametrize("switch_off", [_uninstrument, _shut_down])
@pytest.mark.parametrize("how", ["stream", "async_stream"])
def test_a_stream_outlives_the_telemetry(
    how: Any, switch_off: Any, fake: FakeGemini, telemetry: Telemetry
):
    """A stream that is under way when telemetry goes off is read to its end like any other."""

    def ending(ask: Any, seen: Any) -> None:
        for chunk in ask():
            seen.chunk(chunk)
            if len(seen.chunks) == 1:
                switch_off(telemetry)

    async def aending(ask: Any, seen: Any) -> None:
        async for chunk in await ask():
            seen.chunk(chunk)
            if len(seen.chunks) == 1:
                switch_off(telemetry)

    way = Way("models", how)
    bare = run(fake, Telemetry(), PLAIN_TEXT, way, ending_of("read", is_async=way.is_async))
    with telemetry.attached():
        traced = run(fake, telemetry, PLAIN_TEXT, way, aending if way.is_async else ending)
    assert traced == bare
    assert telemetry.open == []
    assert text_of(telemetry.the_round()) == SKY
