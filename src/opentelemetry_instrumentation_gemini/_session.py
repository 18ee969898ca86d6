"""A session's life: one span from its opening to its end, and the spans of its acts under it.

The session's span is current only while the SDK opens or closes the session. In between the
program sends and receives in whatever tasks it likes, and its own span stays current.
"""

import atexit
from collections.abc import Mapping
from contextvars import Token
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from opentelemetry.context import Context
from opentelemetry.trace import Tracer

from ._ambient import in_conversation
from ._capture import call_hook
from ._dialects import mlflow_content
from ._emit import names
from ._emit.cleansing import redact_failure
from ._emit.telemetry import Telemetry
from ._facts.calls import Call, Value
from ._facts.sessions import Act, Ending, Loss
from ._guard import attempt
from ._operation import Operation
from ._surfaces import Surface, no_content
from ._surfaces.sessions import SessionSurface


class Performance(Operation):
    """An act as an operation; it is told when it began, and when it ended.

    Args:
        telemetry: Where it is reported.
        act: What it is about.
        surface: How its session is read.
        call: The call that opened the session.
    """

    __slots__ = ("_act",)

    def __init__(self, telemetry: Telemetry, act: Act, surface: SessionSurface, call: Call) -> None:
        own = Surface(
            lambda _call, _stream: act.request,
            lambda _call: act.parameters,
            no_content,
            lambda _capture: act,
            surface.failure,
            surface.config,
        )
        super().__init__(telemetry, own, call, stream=act.request.stream, lazy=False)
        self._act = act
        if act.call_id is not None:
            self._own[names.TOOL_CALL_ID] = act.call_id

    @property
    def context(self) -> Context:
        """The context in which its span is current."""
        return self._context

    @property
    def captures(self) -> bool:
        """Whether its content is wanted."""
        return self._captured is not None

    def go_on(self, message: Any, gap: float | None) -> None:
        """Take one message."""
        if gap is not None:
            self._gaps.append(gap)
        attempt("reading a chunk", self._reader.add, message)
        call_hook("on_response", self._telemetry.on_response, self._span, message)

    def note(self, event: str, attributes: Mapping[str, Value]) -> None:
        """Add an event to its span."""
        self._span.add_event(event, attributes)

    def end(self, ending: Ending) -> None:
        """End as told."""
        if self._ended:
            return
        self._first_chunk = ending.first_chunk
        if self._captured is not None:
            translate = partial(mlflow_content.describe_inputs, self._request)
            self._captured.add("reading the request's content", translate, self._act.inputs)
        failure = ending.failure
        if failure is not None:
            failure = redact_failure(failure, self._telemetry.policy.redact)
            self._event_failure = failure
        self._end(complete=ending.complete, failure=failure, ended=ending.at)


class Session:
    """The scope around a session's manager, and the stage of what happens in between.

    Args:
        telemetry: Where the session is reported.
        surface: How it is read.
        call: The call that opens it.
    """

    lazy = False

    def __init__(self, telemetry: Telemetry, surface: SessionSurface, call: Call) -> None:
        self._telemetry = telemetry
        self._surface = surface
        self._call = call
        self._conversation = surface.conversation(call)
        self._own = Performance(telemetry, self._conversation, surface, call)
        self._of_acts = replace(surface, config=None)
        self._acts: dict[Act, Performance] = {}
        self._context: Context | None = None
        self._is_open = False
        self._is_over = False

    def begin(self) -> None:
        """Start the session's span, right before the SDK opens the session."""
        self._own.begin()
        self._context = self._own.context
        attempt("starting to read a session", self._start)
        _end_at_exit(self, self._telemetry)

    def _start(self) -> None:
        self._conversation.start(self, capture=self._own.captures)

    def enter(self) -> Token[Context]:
        """Make the session current, for the SDK to open or to close it."""
        if self._is_open:
            self.leave_off()
        return self._own.enter()

    def leave(self, token: Token[Context], *, elsewhere: bool = False) -> None:
        """Give the caller's context back."""
        self._own.leave(token, elsewhere=elsewhere)

    def chunk(self, opened: Any) -> None:
        """Take the SDK's session, now that it is open."""
        self._is_open = True
        attempt("opening a session", self._open, opened)

    def _open(self, opened: Any) -> None:
        _sessions[opened] = self
        # The opener may hold what was opened, and that must be free to go.
        self._call = self._call._replace(instance=None)
        session_id = self._conversation.opened(opened)
        if session_id and self._context is not None:
            self._context = in_conversation(session_id, self._context)

    def succeed(self, _result: Any) -> None:
        """End with the session closed."""
        self.stop()

    def finish(self) -> None:
        """End with the session closed."""
        self.stop()

    def stop(self) -> None:
        """End a session that the program left, or let go of; that is no error."""
        self.leave_off()
        self._close(Ending(perf_counter()))

    def fail(self, error: BaseException) -> None:
        """End with an exception of the SDK's, from opening the session or from closing it."""
        self.leave_off()
        self._own.fail(error)
        self._close(Ending(perf_counter()))

    def leave_off(self) -> None:
        """End what is under way, since the program closes the session."""
        # One that nobody opens is let go of all the same.
        if self._context is not None and not self._is_over:
            self._is_over = True
            now = perf_counter()
            attempt("leaving a session", self._conversation.left, now)
            self._close_acts(Ending(now, complete=False))

    def sent(self, method: str, subject: Any, at: float) -> None:
        """Take what was sent."""
        if not self._is_over:
            attempt("reading what was sent", self._conversation.sent, method, subject, at)

    def received(self, opened: Any, result: Any, waiting_since: float) -> None:
        """Take the *result* of waiting for a message."""
        message = attempt("taking a message", self._surface.arrived, opened, result)
        if not self._is_over and message is not None:
            now = perf_counter()
            read = self._conversation.received
            attempt("reading a session's message", read, message, now, now - waiting_since)

    def missed(self, error: BaseException) -> None:
        """Take an exception from sending or receiving; one that a timeout makes means nothing."""
        if self._is_over or not isinstance(error, Exception):
            return
        now = perf_counter()
        setback = attempt("reading an error", self._surface.setback, error)
        if isinstance(setback, Loss):
            self._lose(setback, now)
        elif setback is not None:
            attempt("refusing an answer", self._conversation.refused, setback, now)

    def _lose(self, loss: Loss, now: float) -> None:
        self._is_over = True
        attempt("losing a session", self._conversation.lost, loss, now)
        failure = None if loss.is_normal else loss.failure
        self._close_acts(Ending(now, complete=False, failure=failure))
        self._close(Ending(now, complete=failure is None, failure=failure))

    def _close_acts(self, ending: Ending) -> None:
        for act in list(self._acts):
            self.close_act(act, ending)

    def _close(self, ending: Ending) -> None:
        _under_way.discard(self)
        self._own.end(ending)

    def open_act(self, act: Act, began: float) -> None:
        """Begin an act under the session's span."""
        performance = Performance(self._telemetry, act, self._of_acts, self._call)
        performance.begin(self._context, began)
        self._acts[act] = performance

    def go_on(self, act: Act, message: Any, gap: float | None) -> None:
        """Give an act its message."""
        performance = self._acts.get(act)
        if performance is not None:
            performance.go_on(message, gap)

    def close_act(self, act: Act, ending: Ending) -> None:
        """End an act."""
        performance = self._acts.pop(act, None)
        if performance is not None:
            performance.end(ending)

    def end(self, ending: Ending) -> None:
        """End the session, though the program has not left it yet."""
        self._is_over = True
        self._close(ending)

    def note(self, event: str, details: Mapping[str, Value]) -> None:
        """Note an event on the session's span."""
        attributes = {names.DETAILS[key]: value for key, value in details.items()}
        self._own.note(names.SESSION_EVENTS[event], attributes)


_sessions: WeakKeyDictionary[Any, Session] = WeakKeyDictionary()
_under_way: set[Session] = set()
_prepared: WeakSet[Tracer] = WeakSet()


def _end_at_exit(session: Session, telemetry: Telemetry) -> None:
    """Have *session* end at the latest when the process does."""
    _under_way.add(session)
    if telemetry.tracer not in _prepared:
        _prepared.add(telemetry.tracer)
        # What is registered later is called earlier: the exporters of this tracer, which are there
        # by now, will still be running.
        atexit.register(_end_all)


def _end_all() -> None:
    for session in list(_under_way):
        session.stop()


def session_of(instance: Any) -> Session | None:
    """Return the session that the SDK's object stands for, if it is followed."""
    return _sessions.get(instance)
