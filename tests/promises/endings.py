"""What a program does with an answer, and how it ends."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from promises.seeing import Seen, described

if TYPE_CHECKING:
    from collections.abc import Callable

Ending: TypeAlias = "Callable[[Callable[[], Any], Seen], Any]"
"""Takes what asks and what writes down; a coroutine function for asynchronous programs."""


class Thrown(Exception):  # noqa: N818 - it is no error of anybody's
    """What a program throws into its stream."""


def call(ask: Any, seen: Seen) -> None:
    seen.chunk(ask())


def read(ask: Any, seen: Seen) -> None:
    for chunk in ask():
        seen.chunk(chunk)


def close(ask: Any, seen: Seen) -> None:
    stream = ask()
    seen.chunk(next(stream))
    seen.note(stream.close())
    seen.note(next(stream, "exhausted"))


def leave(ask: Any, seen: Seen) -> None:
    for chunk in ask():
        seen.chunk(chunk)
        break
    seen.look()


def drop(ask: Any, seen: Seen) -> None:
    stream = ask()
    seen.chunk(next(stream))
    del stream
    seen.look()


def ignore(ask: Any, seen: Seen) -> None:
    stream = ask()
    seen.note(type(stream))
    seen.note(stream.__qualname__)
    del stream


def throw(ask: Any, seen: Seen) -> None:
    stream = ask()
    seen.chunk(next(stream))
    seen.chunk(stream.throw(Thrown("thrown by the program", 7)))


def fail(ask: Any, seen: Seen) -> None:
    for chunk in ask():
        seen.chunk(chunk)
        raise Thrown("raised by the program", 7)


def interrupt(ask: Any, seen: Seen) -> None:
    for chunk in ask():
        seen.chunk(chunk)
        raise KeyboardInterrupt("pressed")


async def acall(ask: Any, seen: Seen) -> None:
    seen.chunk(await ask())


async def aread(ask: Any, seen: Seen) -> None:
    async for chunk in await ask():
        seen.chunk(chunk)


async def aclose(ask: Any, seen: Seen) -> None:
    stream = await ask()
    seen.chunk(await anext(stream))
    seen.note(await stream.aclose())
    seen.note(await anext(stream, "exhausted"))


async def awith(ask: Any, seen: Seen) -> None:
    async with aclosing(await ask()) as stream:
        async for chunk in stream:
            seen.chunk(chunk)
            break
    seen.look()


async def aleave(ask: Any, seen: Seen) -> None:
    async for chunk in await ask():
        seen.chunk(chunk)
        break
    seen.look()


async def adrop(ask: Any, seen: Seen) -> None:
    stream = await ask()
    seen.chunk(await anext(stream))
    del stream
    await asyncio.sleep(0)
    seen.look()


async def aignore(ask: Any, seen: Seen) -> None:
    stream = await ask()
    seen.note(type(stream))
    seen.note(stream.__qualname__)
    del stream


async def athrow(ask: Any, seen: Seen) -> None:
    stream = await ask()
    seen.chunk(await anext(stream))
    seen.chunk(await stream.athrow(Thrown("thrown by the program", 7)))


async def afail(ask: Any, seen: Seen) -> None:
    async for chunk in await ask():
        seen.chunk(chunk)
        raise Thrown("raised by the program", 7)


async def ainterrupt(ask: Any, seen: Seen) -> None:
    async for chunk in await ask():
        seen.chunk(chunk)
        raise KeyboardInterrupt("pressed")


async def _cancelled(work: Any, begun: asyncio.Event, seen: Seen) -> None:
    async def watched() -> None:
        try:
            await work()
        except BaseException as error:
            seen.note(described(error))
            raise

    task = asyncio.create_task(watched())
    await begun.wait()
    await asyncio.sleep(0)
    task.cancel("enough")
    with suppress(asyncio.CancelledError):
        await task
    seen.note(task.cancelled())


async def cancel_call(ask: Any, seen: Seen) -> None:
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        await acall(ask, seen)

    await _cancelled(work, begun, seen)


async def cancel_first_read(ask: Any, seen: Seen) -> None:
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        await aread(ask, seen)

    await _cancelled(work, begun, seen)


async def cancel_second_read(ask: Any, seen: Seen) -> None:
    begun = asyncio.Event()

    async def work() -> None:
        async for chunk in await ask():
            seen.chunk(chunk)
            begun.set()

    await _cancelled(work, begun, seen)


async def cancel_consumer(ask: Any, seen: Seen) -> None:
    begun = asyncio.Event()

    async def work() -> None:
        async for chunk in await ask():
            seen.chunk(chunk)
            begun.set()
            await asyncio.Event().wait()

    await _cancelled(work, begun, seen)


async def time_out(ask: Any, seen: Seen) -> None:
    stream = await ask()
    seen.chunk(await anext(stream))
    await asyncio.wait_for(anext(stream), 0.01)


ENDINGS: dict[str, Ending] = {
    one.__name__: one for one in (call, read, close, leave, drop, ignore, throw, fail, interrupt)
}
ASYNC_ENDINGS: dict[str, Ending] = {
    "call": acall,
    "read": aread,
    "close": aclose,
    "with": awith,
    "leave": aleave,
    "drop": adrop,
    "ignore": aignore,
    "throw": athrow,
    "fail": afail,
    "interrupt": ainterrupt,
    "cancel_call": cancel_call,
    "cancel_first_read": cancel_first_read,
    "cancel_second_read": cancel_second_read,
    "cancel_consumer": cancel_consumer,
    "time_out": time_out,
}


def ending_of(name: str, *, is_async: bool) -> Ending | None:
    """Returns an ending by name, if there is one for this kind of program."""
    return (ASYNC_ENDINGS if is_async else ENDINGS).get(name)
