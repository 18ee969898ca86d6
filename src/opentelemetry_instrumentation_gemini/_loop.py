"""How the parts of a tool loop find each other: through the OpenTelemetry context.

The loop, its rounds and its tools are hooked at different layers of the SDK, in some releases in
`Models` and in others in `Chat`, and tools may run in a worker thread. The context is what reaches
all of them.
"""

import weakref
from collections.abc import Callable
from contextvars import Token
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry.context import Context, attach, create_key, detach, get_current
from opentelemetry.trace import INVALID_SPAN, Span, set_span_in_context

from ._facts.attempts import Failed, Resend
from ._facts.calls import Answer
from ._guard import warn_once
from ._scopes import Inert

if TYPE_CHECKING:
    from ._emit.telemetry import Telemetry
    from ._surfaces import Reader

_PLACE = create_key("gemini-place-in-a-tool-loop")
(_SPAN,) = set_span_in_context(INVALID_SPAN, Context())


class Loop:
    """Counts what one tool loop does.

    Args:
        telemetry: Where the loop is reported, and with it the tools that it calls.
    """

    __slots__ = ("_last", "rounds", "telemetry", "tools")

    def __init__(self, telemetry: "Telemetry") -> None:
        self.telemetry = telemetry
        self.rounds = 0
        self.tools = 0
        self._last: weakref.ref[Any] | None = None

    def add_round(self, operation: Any) -> None:
        """Count a round, which is followed by *operation*."""
        self.rounds += 1
        self._last = weakref.ref(operation)

    def leave_round(self) -> None:
        """Stop the last round if it is under way still.

        What a failed tool raised can hold the SDK's frames in a cycle, and with them a round's
        stream that was left: it would end no sooner than Python collects the cycle.
        """
        operation = None if self._last is None else self._last()
        if operation is not None:
            operation.stop()


class Round:
    """What a round trip, or another call to a service, cannot see of itself.

    Attributes:
        requests: How many requests it took; a cut answer is continued with another.
        ran_tools: Whether tools ran inside it, so that it is no single round trip.
        attempt: Which attempt of its request is under way.
        failed: The last attempt, if it failed.
        resends: The attempts beyond the first of each request.
        reader: What reads the answer of a call that is no round trip.
    """

    __slots__ = ("attempt", "failed", "ran_tools", "reader", "requests", "resends")

    def __init__(self) -> None:
        self.requests = 0
        self.ran_tools = False
        self.attempt = 1
        self.failed: Failed | None = None
        self.resends: list[Resend] = []
        self.reader: Reader | None = None

    def amend(self, answer: Answer) -> Answer:
        """Return *answer* with what only the round knows of it."""
        if self.requests > 1:
            details = {**answer.details, "request_count": self.requests}
            answer = answer._replace(details=details)
        if self.ran_tools:
            warn_once(
                "a round with tools inside",
                "This google-genai runs tools below every method that could be hooked, so the "
                "spans of such calls carry no token counts: the answer has those of its last "
                "round only. A newer opentelemetry-instrumentation-gemini may know where to hook.",
            )
            answer = answer._replace(usage=None)
        return answer


class Place(NamedTuple):
    """Where in a tool loop some code runs.

    Attributes:
        loop: The loop around it.
        round: The round trip around it.
        call_ids: Name and id of the calls that the model wants and that no tool has taken yet.
    """

    loop: Loop | None = None
    round: Round | None = None
    call_ids: list[tuple[str, str | None]] | None = None

    def count_tool(self) -> None:
        """Count a tool that runs here."""
        if self.loop is not None:
            self.loop.tools += 1
        if self.round is not None:
            self.round.ran_tools = True

    def take_call_id(self, name: str) -> str | None:
        """Return the id of the model's next call of the tool *name*, if it gave one."""
        pending = self.call_ids or ()
        for position, (called, call_id) in enumerate(pending):
            if called == name and self.call_ids is not None:
                del self.call_ids[position]
                return call_id
        return None


_NOWHERE = Place()


def place_of(context: Context) -> Place:
    """Return where *context* is."""
    place: Any = context.get(_PLACE)
    return _NOWHERE if place is None else place


def at(place: Place | None, context: Context, span: Span | None = None) -> Context:
    """Return *context* as it is at *place*, with *span* current in it if there is one.

    In one step, since each one copies the context. A place of `None` is outside of every loop:
    what a tool asks of a model is its own affair.
    """
    if span is None:
        return Context({**context, _PLACE: place})
    return Context({**context, _PLACE: place, _SPAN: span})


def looping(telemetry: "Telemetry", context: Context) -> Context:
    """Return *context* as it is inside a tool loop that has no span."""
    return at(Place(Loop(telemetry)), context)


class Ambience(Inert):
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

    def leave(self, token: Token[Context], *, elsewhere: bool = False) -> None:
        """Hide it again."""
        leave(token, self._context, elsewhere=elsewhere)


def call_ids(ids: list[tuple[str, str | None]]) -> Ambience:
    """Return a scope in which tools find the ids that the model gave its calls.

    The SDK hands a tool its arguments only; the ids are at hand one layer above.
    """
    return Ambience(partial(_with_call_ids, ids))


def _with_call_ids(ids: list[tuple[str, str | None]], context: Context) -> Context:
    return at(place_of(context)._replace(call_ids=ids), context)


def leave(token: Token[Context], context: Context | None, *, elsewhere: bool) -> None:
    """Detach *context*.

    A coroutine that is dropped in mid-await is closed wherever the garbage collector runs. If that
    may be *elsewhere*, the context is not ours to reset, and `detach` would log an error.
    """
    if not elsewhere or get_current() is context:
        detach(token)
