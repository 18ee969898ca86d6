"""Programs that call several methods, and use whatever comes back as what it is."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from differential import leaves
from differential.consuming import Drive
from differential.program import DONE, Program, Thrown
from differential.recipes import applied

MOST = 5
"""Items of a list that a program looks at."""


def mixing(*, asynchronous: bool) -> Drive:
    """Returns what drives the calls of a play, each of a method of its own."""

    def drive(program: Program) -> None:
        for method, turn in zip(program.asked["methods"], program.asked["turns"], strict=True):
            with program.surviving():
                _use(program, applied(attrgetter(method)(program.kitchen.genai), turn))

    async def drive_async(program: Program) -> None:
        for method, turn in zip(program.asked["methods"], program.asked["turns"], strict=True):
            with program.surviving():
                called = applied(attrgetter(method)(program.kitchen.genai.aio), turn)
                managed = hasattr(called, "__aenter__")
                await _use_async(program, called if managed else await called)

    return drive_async if asynchronous else drive


def _use(program: Program, result: Any) -> None:
    if hasattr(result, "page"):
        _note_pager(program, result)
        for item, _ in zip(result, range(MOST), strict=False):
            program.take(item)
    elif hasattr(result, "generator"):
        _follow(program, result)
    elif hasattr(result, "parse"):
        _note_response(program, result)
        _use(program, result.parse())
    elif hasattr(result, "__enter__"):
        with result as response:
            _note_response(program, response)
            _look_into(program, response)
    else:
        program.take(result)


async def _use_async(program: Program, result: Any) -> None:
    if hasattr(result, "page"):
        _note_pager(program, result)
        async for item in result:
            program.take(item)
    elif hasattr(result, "generator"):
        await _follow_async(program, result)
    elif hasattr(result, "__aenter__"):
        async with result as response:
            _note_response(program, response)
            await _look_into_async(program, response)
    elif hasattr(result, "parse"):
        _note_response(program, result)
        await _use_async(program, await result.parse())
    else:
        program.take(result)


def _note_pager(program: Program, pager: Any) -> None:
    program.note((type(pager).__name__, pager.name, pager.page_size, len(pager)))


def _note_response(program: Program, response: Any) -> None:
    program.note((type(response).__name__, response.status_code, response.http_response.is_closed))


def _look_into(program: Program, response: Any) -> None:
    """Read a response line by line, or as the objects that it holds."""
    if program.end.how in {"read", "keep", "throw"}:
        _use(program, response.parse())
        return
    program.whole = program.whole and program.end.how == "drop"
    for number, line in enumerate(response.iter_lines()):
        program.note(line)
        if program.end.how != "drop" and number == program.end.after:
            return


async def _look_into_async(program: Program, response: Any) -> None:
    if program.end.how in {"read", "keep", "throw"}:
        await _use_async(program, await response.parse())
        return
    program.whole = program.whole and program.end.how == "drop"
    number = 0
    async for line in response.iter_lines():
        program.note(line)
        if program.end.how != "drop" and number == program.end.after:
            return
        number += 1


def _follow(program: Program, stream: Any) -> None:
    program.note((type(stream).__name__, type(stream.generator).__name__, iter(stream) is stream))
    read = 0
    while program.end.how in {"read", "call"} or read < program.end.after:
        event = next(stream, DONE)
        if event is DONE:
            return
        program.take(event)
        read += 1
    program.whole = False
    if program.end.how == "close":
        program.note((stream.close(), stream.response.is_closed, next(stream, DONE)))
    elif program.end.how == "throw":
        with stream:
            raise Thrown(leaves.MARK, 7)
    elif program.end.how == "keep":
        program.kept.append(stream)
    del stream
    program.note("left")


async def _follow_async(program: Program, stream: Any) -> None:
    program.note((type(stream).__name__, type(stream.generator).__name__, aiter(stream) is stream))
    read = 0
    while program.end.how in {"read", "call"} or read < program.end.after:
        event = await anext(stream, DONE)
        if event is DONE:
            return
        program.take(event)
        read += 1
    program.whole = False
    if program.end.how == "close":
        closed = await stream.close()
        program.note((closed, stream.response.is_closed, await anext(stream, DONE)))
    elif program.end.how == "throw":
        async with stream:
            raise Thrown(leaves.MARK, 7)
    elif program.end.how == "keep":
        program.kept.append(stream)
    del stream
    program.note("left")
