"""One run of a user's program, and what it sees; needs no SDK."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any

from hypothesis import strategies as st
from opentelemetry import trace

from differential.looking import Look
from differential.recipes import Kitchen
from promises.seeing import described

DONE = "done"


class Halt(BaseException):
    """What no `except Exception` stops."""


CAUGHT = (Exception, Halt, asyncio.CancelledError)
"""What a case can raise; a developer's Ctrl-C is none of it."""


class Thrown(Exception):  # noqa: N818 - it is no error of anybody's
    """What a program throws into its stream."""


@dataclass(frozen=True)
class End:
    """What becomes of a stream: something, after so many chunks."""

    how: str = "read"
    after: int = 0


ends = st.sampled_from(
    (
        *(End(),) * 10,
        *(End(how, after) for how in ("close", "drop", "throw", "keep") for after in (1, 1, 2)),
        *(End(how) for how in ("close", "ignore")),
    )
)
"""What is thrown into a stream before its first read never reaches the SDK, so it is not drawn."""
NO_END = End("call")


# pydantic shortens what it quotes, also in the middle of an address.
_ADDRESS = re.compile(r"\.\.\.[\w# ]*>")


def _steady(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _steady(value) for name, value in told.items()}
    return _ADDRESS.sub("…>", told) if isinstance(told, str) else told


@dataclass
class Program:
    """One run of a user's program, and what it has seen so far."""

    kitchen: Kitchen
    end: End
    asked: Any = None
    chat: Any = None
    got: list[Any] = field(default_factory=list)
    """The very objects that it got."""
    kept: list[Any] = field(default_factory=list)
    """Streams that it left half read and does not let go of."""
    notes: list[Any] = field(default_factory=list)
    """What it saw, in order."""
    whole: bool = True
    """Whether it got all there was, without an error."""

    def take(self, result: Any) -> None:
        """Look at a result or a chunk, and keep it."""
        self.kitchen.log.append(("got", len(self.got)))
        self.note(Look().at(result))
        self.got.append(result)

    def note(self, value: Any) -> None:
        """Write down something, and whose span is current meanwhile."""
        self.notes.append((value, trace.get_current_span().get_span_context().span_id))

    def surviving(self) -> Surviving:
        """Let an exception end a turn, and no more."""
        return Surviving(self)

    def turns(self, path: str) -> list[Callable[[], Any]]:
        """Returns the calls of the SDK's method at this path, ready to be made."""
        owner, _, name = path.rpartition(".")
        target = attrgetter(owner)(self.kitchen.genai)
        if owner.endswith("chats"):
            self.chat = target = target.create(**self.asked["chat"])
        return [partial(getattr(target, name), **turn) for turn in self.asked["turns"]]


class Surviving:
    """Writes down an exception, and lets the program go on.

    With `contextlib` the exception would keep itself alive, and with it the stream it came from.
    """

    def __init__(self, program: Program) -> None:
        self.program = program

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> bool:
        """Write the exception down, if it is one that a case can raise."""
        if not isinstance(error, CAUGHT):
            return False
        self.program.whole = False
        self.program.note(_steady(described(error)))
        return True
