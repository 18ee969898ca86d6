"""A program sees the same without and with the plugin: results, errors, warnings, its own span."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import inspect
import sys
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import trace

from fake_gemini.live import (
    MODEL,
    Close,
    Drop,
    Hear,
    LiveHandle,
    Say,
    complete,
    content,
    heard,
    live_client,
    spoken,
    text,
    tool_call,
    usage,
)
from live.talking import AUDIO_IN, ask, connect, listen, tell
from promises.seeing import Seen, described, listening
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini.live import FakeLive, Step

Program = Callable[[Any, Seen], Awaitable[None]]
ANSWER = Say(*text("Hello."), *complete(5, 1))


async def _converses(client: Any, seen: Seen) -> None:
    async with client.aio.live.connect(model=MODEL, config={"temperature": 0.5}) as session:
        seen.note((type(session).__qualname__, sorted(vars(session))))
        for words in ("Hi!", "Again!"):
            seen.note(await tell(session, words))
            async for message in session.receive():
                seen.chunk(message)


async def _calls_tools(client: Any, seen: Seen) -> None:
    tools = [{"function_declarations": [{"name": "get_weather"}]}]
    config = {"tools": tools, "system_instruction": "Be kind."}
    async with client.aio.live.connect(model=MODEL, config=config) as session:
        await tell(session, "Weather?")
        async for message in session.receive():
            seen.chunk(message)
            if message.tool_call:
                response = {"id": "call-1", "name": "get_weather", "response": {"output": 1}}
                seen.note(await session.send_tool_response(function_responses=response))
    seen.note(config)


async def _speaks(client: Any, seen: Seen) -> None:
    async with client.aio.live.connect(model=MODEL) as session:
        for sent in ({"audio": AUDIO_IN}, {"activity_end": {}}, {"audio_stream_end": True}):
            seen.note(await session.send_realtime_input(**sent))
        async for message in session.receive():
            seen.chunk(message)


async def _asks_wrongly(client: Any, seen: Seen) -> None:
    async with client.aio.live.connect(model=MODEL) as session:
        for method, arguments in (
            ("send_realtime_input", {"audio": AUDIO_IN, "text": "both"}),
            ("send_client_content", {"turns": object()}),
            ("send_tool_response", {"function_responses": {"name": "no id", "response": {}}}),
            ("send_tool_response", {}),
        ):
            try:
                await getattr(session, method)(**arguments)
            except Exception as error:  # noqa: BLE001, PERF203 - what the program sees
                seen.note(described(error))
        await ask(session, "Hi!")


async def _uses_what_will_go(client: Any, seen: Seen) -> None:
    config = {"generation_config": {"temperature": 0.5}}
    async with client.aio.live.connect(model=MODEL, config=config) as session:
        await session.send(input="Hi!", end_of_turn=True)
        async for message in session.receive():
            seen.chunk(message)


async def _streams_the_old_way(client: Any, seen: Seen) -> None:
    answered = asyncio.Event()

    async def sound() -> AsyncIterator[bytes]:
        yield b"\0" * 320
        yield b"\0" * 320
        await answered.wait()

    async with client.aio.live.connect(model=MODEL) as session:
        async for message in session.start_stream(stream=sound(), mime_type="audio/pcm"):
            seen.chunk(message)
            if message.server_content.turn_complete:
                answered.set()
                # Else it may or may not begin to receive once more.
                await asyncio.sleep(0.05)


async def _raises(client: Any, seen: Seen) -> None:
    async with client.aio.live.connect(model=MODEL) as session:
        await ask(session, "Hi!")
        raise StopAsyncIteration("mine")


async def _goes_on_after_a_loss(client: Any, seen: Seen) -> None:
    async with client.aio.live.connect(model=MODEL) as session:
        await tell(session, "Hi!")
        for _ in range(3):
            try:
                await listen(session)
            except Exception as error:  # noqa: BLE001 - what the program sees
                seen.note(described(error))
            await asyncio.sleep(0.02)


async def _enters_by_hand(client: Any, seen: Seen) -> None:
    async with contextlib.AsyncExitStack() as stack:
        manager = client.aio.live.connect(model=MODEL)
        seen.note((type(manager).__name__, type(manager).__module__, repr(manager)[:40]))
        session = await stack.enter_async_context(manager)
        seen.note(sorted(vars(manager).keys() - {"scope"}))
        await ask(session, "Hi!")


async def _gives_the_wrong_arguments(client: Any, seen: Seen) -> None:
    for arguments in ({}, {"model": MODEL, "unknown": 1}, {"model": MODEL, "config": {"no": 1}}):
        try:
            async with client.aio.live.connect(**arguments):
                pass
        except Exception as error:  # noqa: BLE001, PERF203 - what the program sees
            seen.note(described(error))


async def _is_cancelled(client: Any, seen: Seen) -> None:
    async with client.aio.live.connect(model=MODEL) as session:
        await tell(session, "Hi!")
        try:
            await asyncio.wait_for(listen(session), 0.1)
        except asyncio.TimeoutError as error:
            seen.note(described(error))
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(1)


PROGRAMS: dict[str, tuple[Program, tuple[Step, ...]]] = {
    "two turns": (_converses, (Hear(), ANSWER, Hear(), ANSWER)),
    "tools": (_calls_tools, (Hear(), Say(tool_call("get_weather")), Hear(), ANSWER)),
    "speech": (_speaks, (Hear(3), Say(*heard("Hi"), *spoken("Hello."), *complete(5, 1)))),
    "wrong sends": (_asks_wrongly, (Hear(), ANSWER)),
    "deprecated": (_uses_what_will_go, (Hear(), ANSWER)),
    "start_stream": (
        _streams_the_old_way,
        (Hear(2), Say(*spoken("Yes."), content(turnComplete=True))),
    ),
    "an exception in the block": (_raises, (Hear(), ANSWER)),
    "a loss": (_goes_on_after_a_loss, (Hear(), Say(*text("Hm"), usage(5, 1)), Close(1011, "Full"))),
    "a broken line": (_goes_on_after_a_loss, (Hear(), Say(*text("Hm")), Drop())),
    "refused": (_converses, (Close(1008, "No."),)),
    "by hand": (_enters_by_hand, (Hear(), ANSWER)),
    "wrong arguments": (_gives_the_wrong_arguments, ()),
    "cancelled": (_is_cancelled, (Hear(), Say(*text("Hm")))),
}


def run(program: Program, handle: LiveHandle, *, vertex: bool) -> Seen:
    """Run a program under a span of its own, and return what it saw."""
    seen = Seen()
    complaints: list[Any] = []

    async def running() -> None:
        caller = trace.NonRecordingSpan(trace.SpanContext(1, 2, is_remote=False))
        with trace.use_span(caller):
            seen.caller = caller
            await program(live_client(handle, vertex=vertex), seen)

    # What is left of other programs is complained of now, and not in this one's name.
    gc.collect()
    with listening(complaints), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            asyncio.run(running())
        except BaseException as error:  # noqa: BLE001 - what the program sees
            seen.error = described(error)
    seen.complaints = complaints + [
        (one.category.__name__, str(one.message)[:60], one.filename, one.lineno)
        for one in caught
        if "unclosed" not in str(one.message)
    ]
    handle.wait_for_ends()
    seen.requests = [handle.paths, handle.setups, handle.frames, handle.close_codes]
    return seen


@pytest.mark.parametrize("vertex", [False, True])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_sees_the_same(live: FakeLive, name: str, vertex: bool):
    """Messages, exceptions and their frames, warnings and their lines, what goes over the wire."""
    program, script = PROGRAMS[name]
    without = run(program, _again(live, script), vertex=vertex)
    telemetry = Telemetry()
    with telemetry.attached():
        within = run(program, _again(live, script), vertex=vertex)

    assert _without_entering(without.error) == _without_entering(within.error)
    assert _without_entering(without.notes) == _without_entering(within.notes)
    assert replace(without, error=None, notes=[]) == replace(within, error=None, notes=[])
    assert all(within.current)
    assert telemetry.open == []


def _without_entering(seen: Any) -> Any:
    """Leave out of tracebacks the frame for which ours stands in, so that warnings count right."""
    if isinstance(seen, dict):
        return {key: _without_entering(value) for key, value in seen.items()}
    if isinstance(seen, list):
        return [_without_entering(one) for one in seen if not _is_entering(one)]
    return seen


def _is_entering(frame: Any) -> bool:
    return isinstance(frame, tuple) and frame[0] == "contextlib.py" and "__aenter__" in frame[1]


def _again(live: FakeLive, script: tuple[Step, ...]) -> LiveHandle:
    handle = live.play(*script)
    # The number of an address is all that differs.
    live._handles["same"] = handle
    handle.url = handle.url.rpartition("/")[0] + "/same"
    return handle


def test_a_session_and_its_methods_stay_what_they_are(live: FakeLive):
    """`inspect` and `isinstance` find the SDK's own kinds of things."""
    from google.genai.live import AsyncLive, AsyncSession  # noqa: PLC0415 - after the fixture

    def kinds() -> list[Any]:
        methods = (AsyncSession.send_client_content, AsyncSession._receive, AsyncSession.close)
        manager = AsyncLive.connect(live_client(live.play()).aio.live, model=MODEL)
        return [
            [inspect.iscoroutinefunction(method) for method in methods],
            [inspect.signature(method) for method in methods],
            inspect.signature(AsyncLive.connect),
            isinstance(manager, contextlib.AbstractAsyncContextManager),
            type(manager).__name__,
        ]

    before = kinds()
    with Telemetry().attached():
        assert kinds() == before


@pytest.mark.skipif(sys.version_info < (3, 10), reason="needs anext")
@pytest.mark.asyncio
async def test_a_manager_as_a_decorator_works(live: FakeLive):
    """It makes a new session for each call; nobody is told of these."""
    telemetry = Telemetry()
    calls: list[str] = []
    with telemetry.attached():
        manager = connect(live.play(Hear()))

        @manager
        async def decorated() -> None:
            calls.append("called")

        await decorated()
        await decorated()

    assert calls == ["called", "called"]
    assert telemetry.ended == []
