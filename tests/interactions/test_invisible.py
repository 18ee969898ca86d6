"""Programs that use interactions, without the plugin and with it: they see no difference."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import client, sdk_version
from fake_gemini.scenarios import interactions
from interactions.watching import Watched
from promises.seeing import Seen, described, hear_loop, listening, requests_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_gemini import FakeGemini, Scenario

ASKED: dict[str, Any] = {"model": "gemini-2.5-flash", "input": "Why?"}
STREAMED = {**ASKED, "stream": True}


def call(api: Any, seen: Seen) -> None:
    seen.chunk(api.create(**ASKED))


def read(api: Any, seen: Seen) -> None:
    stream = api.create(**STREAMED)
    seen.note((type(stream), type(stream.generator), stream.generator.__qualname__))
    for event in stream:
        seen.chunk(event)
    seen.note(next(stream, "exhausted"))


def close(api: Any, seen: Seen) -> None:
    stream = api.create(**STREAMED)
    seen.chunk(next(stream))
    seen.note(stream.close())
    seen.note((next(stream, "exhausted"), stream.response.is_closed))


def use_with(api: Any, seen: Seen) -> None:
    with api.create(**STREAMED) as stream:
        seen.chunk(next(stream))
    seen.note(stream.response.is_closed)


def drop(api: Any, seen: Seen) -> None:
    stream = api.create(**STREAMED)
    response = stream.response
    seen.chunk(next(stream))
    del stream
    gc.collect()
    seen.note(response.is_closed)


def fail(api: Any, seen: Seen) -> None:
    with api.create(**STREAMED) as stream:
        for event in stream:
            seen.chunk(event)
            raise ValueError("raised by the program")


def misspell(api: Any, seen: Seen) -> None:
    seen.note(api.create(modell="gemini-2.5-flash", input="Why?"))


def raw(api: Any, seen: Seen) -> None:
    response = api.with_raw_response.create(**ASKED)
    seen.note((type(response), response.status_code, response.http_response.is_closed))
    seen.chunk(response.parse())
    seen.note(response.parse() is response.parse())


def raw_stream(api: Any, seen: Seen) -> None:
    response = api.with_raw_response.create(**STREAMED)
    seen.note((type(response), response.http_response.is_closed))
    stream = response.parse()
    seen.note(stream is response.parse())
    for event in stream:
        seen.chunk(event)
    seen.note(response.http_response.is_closed)


def streaming_lines(api: Any, seen: Seen) -> None:
    with api.with_streaming_response.create(**STREAMED) as response:
        seen.note(type(response))
        for line in response.iter_lines():
            seen.note(line)
        seen.note(response.is_closed)


def streaming_left(api: Any, seen: Seen) -> None:
    with api.with_streaming_response.create(**STREAMED) as response:
        for line in response.iter_lines():
            seen.note(line)
            break
    seen.note(response.is_closed)


def fetch(api: Any, seen: Seen) -> None:
    seen.chunk(api.get("fake-interaction-1"))


def delete(api: Any, seen: Seen) -> None:
    seen.chunk(api.delete("fake-interaction-1"))


async def acall(api: Any, seen: Seen) -> None:
    seen.chunk(await api.create(**ASKED))


async def aread(api: Any, seen: Seen) -> None:
    stream = await api.create(**STREAMED)
    seen.note((type(stream), type(stream.generator), stream.generator.__qualname__))
    async for event in stream:
        seen.chunk(event)


async def aclose(api: Any, seen: Seen) -> None:
    stream = await api.create(**STREAMED)
    seen.chunk(await anext(stream))
    seen.note(await stream.close())
    seen.note((await anext(stream, "exhausted"), stream.response.is_closed))


async def ause_with(api: Any, seen: Seen) -> None:
    async with await api.create(**STREAMED) as stream:
        seen.chunk(await anext(stream))
    seen.note(stream.response.is_closed)


async def araw(api: Any, seen: Seen) -> None:
    async with api.with_streaming_response.create(**STREAMED) as response:
        seen.note(type(response))
        async for event in await response.parse():
            seen.chunk(event)


async def acancel(api: Any, seen: Seen) -> None:
    task = asyncio.ensure_future(api.create(**ASKED))
    await asyncio.sleep(0.01)
    task.cancel("enough")
    with suppress(asyncio.CancelledError):
        await task
    seen.note(task.cancelled())


PROGRAMS = (
    call,
    read,
    close,
    use_with,
    drop,
    fail,
    misspell,
    raw,
    raw_stream,
    streaming_lines,
    streaming_left,
    fetch,
    delete,
    acall,
    aread,
    aclose,
    ause_with,
    araw,
    acancel,
)
ENDS = (
    (interactions.QUOTA_EXCEEDED, (call, read, raw, fetch, acall, aread)),
    (interactions.THREE_HOPS, (call, read, acall, aread)),
    (interactions.SECOND_HOP_REFUSED, (call, read, acall, aread)),
    (interactions.ERROR_EVENT, (read, aread, streaming_lines)),
    (interactions.CUT_STREAM, (read, aread, raw_stream, streaming_lines)),
    (interactions.FUNCTION_CALL, (call, read)),
)
CASES = [
    *((interactions.PLAIN, program) for program in PROGRAMS),
    *((scenario, program) for scenario, programs in ENDS for program in programs),
]


def run(fake: FakeGemini, telemetry: Watched, scenario: Scenario, program: Any) -> Seen:
    """Run a program once, and return what it saw."""
    handle = fake.play(scenario)
    genai = client(handle, **scenario.http_options)
    seen = Seen()
    # What is left of other programs is complained of now, and not in this one's name.
    gc.collect()
    with (
        listening(seen.complaints),
        telemetry.user.start_as_current_span("caller") as seen.caller,
    ):
        try:
            if asyncio.iscoroutinefunction(program):
                asyncio.run(_inside_loop(genai, program, seen))
            else:
                program(genai.interactions, seen)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is compared
            seen.error = described(error)
        seen.look()
        gc.collect()
    seen.requests = requests_of(handle)
    genai.close()
    return seen


async def _inside_loop(genai: Any, program: Callable[..., Any], seen: Seen) -> None:
    hear_loop(seen.complaints)
    try:
        await program(genai.aio.interactions, seen)
    finally:
        seen.look()
        for _ in range(5):
            await asyncio.sleep(0)
        await genai.aio.aclose()


@pytest.mark.parametrize(
    ("scenario", "program"),
    CASES,
    ids=[f"{scenario.name}-{program.__name__}" for scenario, program in CASES],
)
def test_the_program_sees_no_difference(
    scenario: Scenario, program: Callable[..., Any], fake: FakeGemini
):
    """Results, types, exceptions, frames, wire, complaints and the current span are as without."""
    if scenario.since > sdk_version():
        pytest.skip("this google-genai does not continue interactions")
    run(fake, Watched(), scenario, program)  # what happens once in a process is over now
    bare = run(fake, Watched(), scenario, program)
    telemetry = Watched()
    with telemetry.attached():
        traced = run(fake, telemetry, scenario, program)
    assert traced == bare
    assert all(traced.current)
    assert telemetry.open == []
    assert len(telemetry.ended) == 1
