"""How a program calls the SDK, and what it does with what it gets."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

from differential import leaves
from differential.program import DONE, Program, Thrown

Drive: TypeAlias = Callable[[Program], Any]
"""Runs a program; a coroutine function where it runs in an event loop."""


def calling(path: str) -> Drive:
    """Returns what drives a method that gives one result."""

    def drive(program: Program) -> None:
        for turn in program.turns(path):
            with program.surviving():
                program.take(turn())

    async def drive_async(program: Program) -> None:
        for turn in program.turns(path):
            with program.surviving():
                program.take(await turn())

    return drive_async if path.startswith("aio.") else drive


def streaming(path: str) -> Drive:
    """Returns what drives a method that gives a stream."""

    def drive(program: Program) -> None:
        for turn in program.turns(path):
            with program.surviving():
                _read(program, turn())

    async def drive_async(program: Program) -> None:
        for turn in program.turns(path):
            with program.surviving():
                await _read_async(program, await turn())

    return drive_async if path.startswith("aio.") else drive


def _read(program: Program, stream: Any) -> None:
    program.note((type(stream).__name__, stream.__name__, iter(stream) is stream))
    read = 0
    while program.end.how == "read" or read < program.end.after:
        chunk = next(stream, DONE)
        if chunk is DONE:
            return
        program.take(chunk)
        read += 1
    program.whole = False
    if program.end.how == "close":
        program.note(stream.close())
        program.note(next(stream, DONE))
    elif program.end.how == "throw":
        program.take(stream.throw(Thrown(leaves.MARK, 7)))
    elif program.end.how == "keep":
        program.kept.append(stream)
    del stream
    program.note("left")


async def _read_async(program: Program, stream: Any) -> None:
    program.note((type(stream).__name__, stream.__name__, aiter(stream) is stream))
    read = 0
    while program.end.how == "read" or read < program.end.after:
        chunk = await anext(stream, DONE)
        if chunk is DONE:
            return
        program.take(chunk)
        read += 1
    program.whole = False
    if program.end.how == "close":
        program.note(await stream.aclose())
        program.note(await anext(stream, DONE))
    elif program.end.how == "throw":
        program.take(await stream.athrow(Thrown(leaves.MARK, 7)))
    elif program.end.how == "keep":
        program.kept.append(stream)
    del stream
    program.note("left")


async def in_loop(drive: Drive, program: Program) -> None:
    """Run an asynchronous program, and let what it dropped come to its end."""
    try:
        with program.surviving():
            await drive(program)
    finally:
        if program.end.how == "drop":
            gc.collect()
        for _ in range(5):
            await asyncio.sleep(0)
        with suppress(AttributeError):  # SDKs before 1.49 have none
            await program.kitchen.genai.aio.aclose()
