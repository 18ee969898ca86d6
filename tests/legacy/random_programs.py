"""Random programs of google-generativeai: what they call, and what they do with what they get."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import google.generativeai as genai

from differential import leaves
from differential.looking import Look
from differential.program import DONE, NO_END, End, Program, Thrown
from promises.seeing import described

Turn = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True)
class Play:
    """Calls as recipes, and what the service says to them."""

    way: str
    method: str
    turns: tuple[Turn, ...]
    """The arguments of each call."""
    answers: list[Any]
    model: Any = None
    """Whose method it is, or else it is a function of the package."""
    chat: dict[str, Any] | None = None
    """The keyword arguments of the chat in which the calls are made."""
    end: End = NO_END

    @property
    def asynchronous(self) -> bool:
        """Whether the calls are coroutines."""
        return self.way.endswith("async")


def drive(program: Program, play: Play) -> None:
    """Run a program."""
    for method, args, kwargs in _calls(program, play):
        with program.surviving():
            _use(program, method(*args, **kwargs))
        program.note("left")
    _look_back(program)


async def drive_async(program: Program, play: Play) -> None:
    """Run a program whose calls are coroutines, and let what it dropped come to its end."""
    for method, args, kwargs in _calls(program, play):
        with program.surviving():
            await _use_async(program, await method(*args, **kwargs))
        program.note("left")
    _look_back(program)
    if play.end.how == "drop":
        gc.collect()
    for _ in range(5):
        await asyncio.sleep(0)


def _calls(program: Program, play: Play) -> Iterator[tuple[Any, ...]]:
    """Yields the calls of a program, if what they are made of can be made."""
    owner: Any = None
    with program.surviving():
        model = genai if play.model is None else play.model.maker(**program.asked["model"])
        if play.chat is not None:
            program.chat = model.start_chat(**program.asked["chat"])
        owner = program.chat or model
    if owner is not None:
        for args, kwargs in program.asked["turns"]:
            yield getattr(owner, play.method), args, kwargs


def _look_back(program: Program) -> None:
    """Note what became of the chat, which may refuse to tell of itself."""
    chat = program.chat
    if chat is not None:
        program.note(Look().at([chat._history, chat._last_sent, _tried(chat, "history")]))
        program.note(_facts(chat.last))


def _facts(response: Any) -> Any:
    """Returns what a response holds; of the iterator that it reads from only the class."""
    if response is None:
        return None
    held = dict(vars(response))
    iterator, error = held.pop("_iterator"), held.pop("_error")
    kind = None if iterator is None else iterator.__class__.__name__
    return type(response).__name__, Look().at(held), kind, described(error), repr(response)


_OFFERED = ("text", "parts", "candidates", "usage_metadata", "prompt_feedback")


def _look_at(program: Program, response: Any) -> None:
    """Ask a response for everything that it offers."""
    program.note([Look().at(_tried(response, name)) for name in _OFFERED])
    program.note(_facts(response))


def _tried(owner: Any, name: str) -> Any:
    try:
        return getattr(owner, name)
    except Exception as error:  # noqa: BLE001 - whatever the program would see
        return f"{type(error).__name__}: {error}"


def _use(program: Program, result: Any) -> None:
    if not hasattr(result, "_iterator"):
        program.take(result)
        return
    _look_at(program, result)
    if program.end.how != "call":
        _read(program, result)


async def _use_async(program: Program, result: Any) -> None:
    if not hasattr(result, "_iterator"):
        program.take(result)
        return
    _look_at(program, result)
    if program.end.how != "call":
        await _read_async(program, result)


def _goes_on(program: Program, read: int) -> bool:
    return program.end.how == "read" or read < program.end.after


def _read(program: Program, response: Any) -> None:
    reader, read = iter(response), 0
    program.note((type(reader).__name__, reader.__name__))
    while _goes_on(program, read):
        chunk = next(reader, DONE)
        if chunk is DONE:
            _look_at(program, response)
            return
        program.take(chunk)
        read += 1
    program.whole = False
    _look_at(program, response)
    if program.end.how == "close":
        program.note((reader.close(), next(reader, DONE)))
    elif program.end.how == "throw":
        program.take(reader.throw(Thrown(leaves.MARK, 7)))
    elif program.end.how == "keep":
        program.kept.append(reader)
    _come_back(program, response)


def _come_back(program: Program, response: Any) -> None:
    if program.end.how == "resolve":
        program.note(response.resolve())
    elif program.end.how == "again":
        for chunk in response:
            program.take(chunk)
    _look_at(program, response)


async def _read_async(program: Program, response: Any) -> None:
    reader, read = aiter(response), 0
    program.note((type(reader).__name__, reader.__name__))
    while _goes_on(program, read):
        chunk = await anext(reader, DONE)
        if chunk is DONE:
            _look_at(program, response)
            return
        program.take(chunk)
        read += 1
    program.whole = False
    _look_at(program, response)
    if program.end.how == "close":
        program.note((await reader.aclose(), await anext(reader, DONE)))
    elif program.end.how == "throw":
        program.take(await reader.athrow(Thrown(leaves.MARK, 7)))
    elif program.end.how == "keep":
        program.kept.append(reader)
    await _come_back_async(program, response)


async def _come_back_async(program: Program, response: Any) -> None:
    if program.end.how == "resolve":
        program.note(await response.resolve())
    elif program.end.how == "again":
        async for chunk in response:
            program.take(chunk)
    _look_at(program, response)
