"""What a session over a socket consists of: acts on a stage.

A session is no call with one answer: what is sent and what is received comes in any order, and
where an answer of the model began or ended is often known only later. Whatever becomes a span is
an act: the session itself, each answer, each call of a tool. Times are those of `perf_counter`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from .calls import Answer, Failure, Parameters, Request, Value
from .messages import Content


class Act(Protocol):
    """What becomes a span: a session itself, an answer in it, a call of a tool."""

    @property
    def request(self) -> Request:
        """What identifies it."""
        ...

    @property
    def parameters(self) -> Parameters:
        """The generation parameters in force."""
        ...

    @property
    def call_id(self) -> str | None:
        """The id that the model gave a tool's call."""
        ...

    def inputs(self) -> Content:
        """Return the content that was sent; asked for at the end."""
        ...

    def add(self, message: Any, /) -> None:
        """Read one message that belongs to it."""

    def answer(self, complete: bool, /) -> Answer:
        """Return what came back, without its content; told whether it came whole."""
        ...

    def content(self) -> Content:
        """Return the content that came back."""
        ...


class Ending(NamedTuple):
    """How an act ended.

    Attributes:
        at: When; perhaps long ago.
        complete: Whether it came to an end of its own.
        first_chunk: How long the first sign of an answer took, where that is known.
        failure: Why it failed, if it did.
    """

    at: float
    complete: bool = True
    first_chunk: float | None = None
    failure: Failure | None = None


class Stage(Protocol):
    """Where a conversation shows what happens in a session."""

    def open_act(self, act: Act, began: float, /) -> None:
        """Begin an act of the session."""

    def go_on(self, act: Act, message: Any, gap: float | None, /) -> None:
        """Show a message of an act, and how long it took after the one before, if there was one."""

    def close_act(self, act: Act, ending: Ending, /) -> None:
        """End an act; one that never began is ignored."""

    def end(self, ending: Ending, /) -> None:
        """End the session itself."""

    def note(self, event: str, details: Mapping[str, Value], /) -> None:
        """Note what happened to the session itself."""


class Loss(NamedTuple):
    """A connection that is gone.

    Attributes:
        code: The close code of the socket, if there is one.
        failure: What may be said about it.
        is_normal: Whether the service closed it as sessions are closed.
    """

    code: int | None
    failure: Failure
    is_normal: bool = False
