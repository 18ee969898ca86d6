"""How the parts of a tool loop find each other: through the OpenTelemetry context.

The loop, its rounds and its tools are hooked at different layers of the SDK, in some releases in
`Models` and in others in `Chat`, and tools may run in a worker thread. The context is what reaches
all of them.
"""

from collections.abc import Callable
from contextvars import Token
from functools import partial
from typing import Any, cast

from opentelemetry.context import (
    Context,
    attach,
    create_key,
    detach,
    get_current,
    get_value,
    set_value,
)

_LOOP = create_key("gemini-tool-loop")
_ROUND = create_key("gemini-round-trip")
_CALL_IDS = create_key("gemini-tool-call-ids")


class Loop:
    """Counts what one tool loop does."""

    __slots__ = ("rounds", "tools")

    def __init__(self) -> None:
        self.rounds = 0
        self.tools = 0


class Round:
    """What a round trip cannot see of itself.

    Attributes:
        requests: How many requests it took; a cut answer is continued with another.
        ran_tools: Whether tools ran inside it, so that it is no single round trip.
    """

    __slots__ = ("ran_tools", "requests")

    def __init__(self) -> None:
        self.requests = 0
        self.ran_tools = False


def current_loop() -> Loop | None:
    """Return the loop that the caller's code runs in."""
    loop = get_value(_LOOP)
    return loop if isinstance(loop, Loop) else None


def current_round() -> Round | None:
    """Return the round trip that the caller's code runs in."""
    current = get_value(_ROUND)
    return current if isinstance(current, Round) else None


def with_loop(loop: Loop, context: Context) -> Context:
    """Return *context* as it is inside *loop*."""
    return set_value(_LOOP, loop, context)


def with_round(current: Round, context: Context) -> Context:
    """Return *context* as it is inside the round trip *current*."""
    return set_value(_ROUND, current, context)


def outside(context: Context) -> Context:
    """Return *context* as it is inside a tool: what a tool asks of a model is its own affair."""
    for key in (_LOOP, _ROUND):
        if context.get(key) is not None:
            context = set_value(key, None, context)
    return context


def take_call_id(name: str) -> str | None:
    """Return the id of the model's next call of the tool *name*, if it gave one."""
    pending = cast("list[tuple[str, str | None]] | None", get_value(_CALL_IDS))
    if pending is None:
        return None
    for position, (called, call_id) in enumerate(pending):
        if called == name:
            del pending[position]
            return call_id
    return None


class Ambience:
    """A scope without a span: it shows a context to what the SDK does within.

    Args:
        make: Makes the context from the one that is current when the SDK starts.
        lazy: Whether awaiting the call only prepares a stream.
    """

    __slots__ = ("_context", "_make", "lazy")

    def __init__(self, make: Callable[[Context], Context], *, lazy: bool = False) -> None:
        self._make = make
        self._context: Context | None = None
        self.lazy = lazy

    def begin(self) -> None:
        """Make the context."""
        self._context = self._make(get_current())

    def enter(self) -> Token[Context]:
        """Show it."""
        return attach(self._context or get_current())

    def leave(self, token: Token[Context]) -> None:
        """Hide it again."""
        detach_own(token, self._context)

    def chunk(self, _chunk: Any) -> None:
        """Do nothing."""

    def succeed(self, _result: Any) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    def fail(self, _error: BaseException) -> None:
        """Do nothing."""


def call_ids(ids: list[tuple[str, str | None]]) -> Ambience:
    """Return a scope in which tools find the ids that the model gave its calls.

    The SDK hands a tool its arguments only; the ids are at hand one layer above.
    """
    return Ambience(partial(set_value, _CALL_IDS, ids))


def detach_own(token: Token[Context], context: Context | None) -> None:
    """Detach *context*, if it is still the current one.

    A coroutine that is dropped in mid-await is closed wherever the garbage collector runs. There
    the context is not ours to reset, and `detach` would log an error.
    """
    if get_current() is context:
        detach(token)
