"""One operation's life: it begins, takes chunks, and ends once.

The same code serves all four shapes of a call. A shim enters the operation around each stretch
of the SDK's own work and leaves it before the caller goes on, so that the current span is ours
while the SDK works and the caller's while the caller does; no context is held across a `yield`.
"""

from collections.abc import Callable
from contextvars import Token
from functools import partial
from time import perf_counter, time_ns
from typing import Any

from opentelemetry._logs import LogRecord
from opentelemetry.context import Context, attach, detach, get_current
from opentelemetry.trace import INVALID_SPAN, Span

from . import _ambient
from . import _failures as failures
from . import _report as report
from ._capture import Captured, call_hook, tell_config
from ._dialects import mlflow_content
from ._emit import names, spans
from ._emit.origins import remember
from ._emit.telemetry import Telemetry
from ._facts.calls import (
    NO_ANSWER,
    NO_PARAMETERS,
    Answer,
    Call,
    Failure,
    Outcome,
    Request,
    Value,
)
from ._guard import attempt
from ._loop import Loop, Place, Round, at, place_of
from ._surfaces import NOTHING, Reader, Role, Surface

_UNKNOWN = Request("_OTHER")


class Operation:
    """One call of the SDK, watched; `succeed`, `finish`, `stop` or `fail` ends it.

    Args:
        telemetry: Where it is reported.
        surface: How the call is read.
        call: The call; it is let go of once it has been read.
        stream: Whether the answer comes in chunks.
        lazy: Whether awaiting the call only prepares a stream.
    """

    __slots__ = (
        "__weakref__",
        "_began",
        "_call",
        "_captured",
        "_context",
        "_ended",
        "_event_failure",
        "_first_chunk",
        "_gaps",
        "_loop",
        "_mute",
        "_own",
        "_parameters",
        "_read_began",
        "_reader",
        "_recording",
        "_request",
        "_round",
        "_rounds_seen",
        "_span",
        "_start_ns",
        "_stream",
        "_surface",
        "_telemetry",
        "lazy",
    )

    def __init__(
        self, telemetry: Telemetry, surface: Surface, call: Call, *, stream: bool, lazy: bool
    ) -> None:
        self.lazy = lazy
        self._telemetry = telemetry
        self._surface = surface
        self._call: Call | None = call
        self._stream = stream
        self._ended = True
        self._first_chunk: float | None = None
        self._gaps: list[float] = []
        self._loop: Loop | None = None
        self._round: Round | None = None
        self._rounds_seen = 0
        self._event_failure: Failure | None = None
        self._parameters = NO_PARAMETERS
        self._captured: Captured | None = None
        self._own: dict[str, Value] = {}

    def begin(self, parent: Context | None = None, began: float | None = None) -> None:
        """Start the span, and read what is asked before the SDK can change it.

        Args:
            parent: The context that it belongs in, if not the current one.
            began: When it began by `perf_counter`, if that is over already.
        """
        call, self._call = self._call, None
        if call is None:
            return
        current = get_current() if parent is None else parent
        now = self._read_began = perf_counter()
        self._began = now if began is None else began
        self._start_ns = time_ns() - int((now - self._began) * 1e9)
        self._start(call, current)
        telemetry, surface, recording = self._telemetry, self._surface, self._recording
        capture = telemetry.reads_content(recording=recording) and (
            telemetry.mlflow or not surface.content_for_mlflow
        )
        self._mute = not (recording or capture) and telemetry.metrics_are_off()
        if self._mute:
            self._reader: Reader = NOTHING
            return
        if capture:
            inputs = partial(mlflow_content.describe_inputs, self._request)
            self._captured = Captured(telemetry)
            self._captured.add("reading the request's content", inputs, surface.content, call)
        self._prepare_reader()
        if recording:
            self._read_request(call, current)

    def _start(self, call: Call, current: Context) -> None:
        """Start the span, and find out whether anybody will see it."""
        telemetry = self._telemetry
        read, begins = self._surface.request, self._start_ns
        request = attempt("reading a request", read, call, self._stream) or _UNKNOWN
        self._request = request
        span = attempt("starting a span", spans.start, telemetry.tracer, request, current, begins)
        self._span: Span = span or INVALID_SPAN
        self._ended = False
        self._context = at(self._take_part(current), current, span)
        self._recording = bool(attempt("asking a span", self._span.is_recording)) or (
            # What a sampler left out has no event either; who has no tracer may live on events.
            telemetry.emit_details and not self._span.get_span_context().is_valid
        )

    def _prepare_reader(self) -> None:
        surface, capture = self._surface, self._captured is not None
        for_metrics = None if self._recording or capture else surface.counter
        make = partial(surface.reader, capture) if for_metrics is None else for_metrics
        self._reader = attempt("preparing to read", make) or NOTHING
        if surface.role is Role.OTHER and self._round is not None:
            self._round.reader = self._reader

    def _read_request(self, call: Call, current: Context) -> None:
        surface = self._surface
        self._parameters = (
            attempt("reading the parameters", surface.parameters, call) or NO_PARAMETERS
        )
        wanted = self._telemetry.config_filter
        if wanted is not None and surface.config is not None:
            tell = partial(tell_config, wanted, surface.config)
            attempt("reading the config", tell, call, self._own, self._captured)
        if current:
            said = attempt(
                "reading annotations", _ambient.describe, current, self._request.operation
            )
            self._own.update(said or {})
        if self._telemetry.on_request is not None:
            # A copy: what the function takes out of it must not be missing from the call.
            call_hook("on_request", self._telemetry.on_request, self._span, dict(call.kwargs))

    def _take_part(self, context: Context) -> Place | None:
        """Take this operation's part in a tool loop, and return the place inside it."""
        role = self._surface.role
        place = place_of(context)
        if role is Role.POLL:
            self._round = place.round
            return place
        if role is Role.LOOP:
            self._loop = Loop(self._telemetry)
            return Place(self._loop)
        # No set: the hash of an enum is Python code.
        if role is Role.ROUND or role is Role.OTHER:
            if role is Role.ROUND and place.loop is not None:
                place.loop.add_round(self)
            self._round = Round()
            return Place(place.loop, self._round)
        self._take_tools_part(place)
        return None

    def _take_tools_part(self, place: Place) -> None:
        place.count_tool()
        tool = self._request.tool
        call_id = None if tool is None else tool.call_id or place.take_call_id(tool.name)
        if call_id is not None:
            self._own[names.TOOL_CALL_ID] = call_id

    def add_detail(self, key: str, value: Value) -> None:
        """Add what only the one who opened this operation knows."""
        self._own[names.DETAILS[key]] = value

    def enter(self) -> Token[Context]:
        """Make the operation current, for the SDK's own work."""
        self._read_began = perf_counter()
        return attach(self._context)

    def leave(self, token: Token[Context], *, elsewhere: bool = False) -> None:
        """Give the caller's context back; *elsewhere* if this may run in another one by now."""
        if not elsewhere or get_current() is self._context:
            detach(token)

    def chunk(self, chunk: Any) -> None:
        """Take one chunk of a stream, as soon as it is there."""
        if self._mute:
            return
        now = perf_counter()
        if self._first_chunk is None:
            self._first_chunk = now - self._began
        else:
            self._gaps.append(now - self._read_began)
        if self._loop is not None:
            self._follow_rounds(self._loop)
        try:
            attempt("reading a chunk", self._reader.add, chunk)
            if self._telemetry.on_response is not None:
                call_hook("on_response", self._telemetry.on_response, self._span, chunk)
        except BaseException:
            # Ctrl-C while we read is the user's, but the span must not stay open.
            self.stop()
            raise

    def _follow_rounds(self, loop: Loop) -> None:
        """Begin to read anew in each round of a streamed loop: its answer is its last round's."""
        if loop.rounds != self._rounds_seen:
            self._rounds_seen = loop.rounds
            self._prepare_reader()

    def succeed(self, result: Any) -> None:
        """End with the result of a call."""
        try:
            if not self._mute:
                attempt("reading the answer", self._reader.add, result)
            if self._telemetry.on_response is not None:
                call_hook("on_response", self._telemetry.on_response, self._span, result)
        finally:
            self._end(complete=True)

    def finish(self) -> None:
        """End a stream that was read to its end."""
        self._end(complete=True)
        self._let_go()

    def stop(self) -> None:
        """End a stream that its reader left; that is no error."""
        self._end(complete=False)
        self._let_go()

    def fail(self, error: BaseException) -> None:
        """End with the exception that reaches the caller."""
        if self._surface.partial is not None:
            attempt("reading a partial answer", self._add_partial, self._surface.partial, error)
        failure, self._event_failure = failures.raised(self._telemetry, self._surface, error)
        self._end(complete=False, failure=failure)
        self._let_go()

    def _add_partial(self, partial: Callable[[BaseException], Any], error: BaseException) -> None:
        before = partial(error)
        if before is not None:
            self._reader.add(before)

    def _end(
        self, *, complete: bool, failure: Failure | None = None, ended: float | None = None
    ) -> None:
        if self._ended:
            return
        if self._loop is not None:
            attempt("leaving a round", self._loop.leave_round)
        self._ended = True
        seconds = (perf_counter() if ended is None else ended) - self._began
        answer, details = NO_ANSWER, None
        try:
            if not self._mute:
                answer = attempt("summing up the answer", self._sum_up, complete) or NO_ANSWER
                if answer.failure is not None and failure is None:
                    failure = self._take_failure(answer.failure)
                details = self._tell(answer, failure)
        finally:
            attempt("ending a span", self._span.end, self._start_ns + int(seconds * 1e9))
        if not self._mute:
            self._record(answer, failure, seconds)
        if self._event_failure is not None:
            report.emit_exception(
                self._telemetry, self._request, self._event_failure, self._context
            )
        if details is not None:
            report.emit_details(self._telemetry, details)

    def _let_go(self) -> None:
        """Let go of what was read, since a program may keep a stream that has ended."""
        self._reader, self._captured = NOTHING, None
        if self._round is not None:
            self._round.reader = None

    def _take_failure(self, unraised: Failure) -> Failure:
        """Return what the span may say of a failure that the SDK reports in an answer."""
        told = failures.unraised(self._telemetry, self._request, unraised)
        self._event_failure = told.on_events
        return told.on_span

    def _tell(self, answer: Answer, failure: Failure | None) -> LogRecord | None:
        """Tell what happened wherever content may go, and return the event that says it too."""
        captured, details = self._captured, None
        if captured is not None:
            outputs = mlflow_content.describe_outputs
            captured.add("reading the answer's content", outputs, self._reader.content)
        if self._recording:
            details = self._describe(answer, failure)
        if captured is not None and self._telemetry.hand_over is not None:
            report.hand_over(self._telemetry.hand_over, captured, self._span, details)
        if answer.made:
            attempt("remembering", remember, answer.made, self._span.get_span_context())
        return details

    def _describe(self, answer: Answer, failure: Failure | None) -> LogRecord | None:
        """Say on the span what happened, and return the event that says the same."""
        if self._round is not None and self._round.resends:
            attempt("describing retries", spans.describe_resends, self._span, self._round.resends)
        if self._first_chunk is not None and self._request.stream:
            self._own[names.TIME_TO_FIRST_CHUNK] = self._first_chunk
        outcome = Outcome(self._request, self._parameters, answer, failure, self._own)
        said = report.describe(self._telemetry, self._span, outcome, self._captured)
        if not self._telemetry.emit_details:
            return None
        return report.make_details(
            self._telemetry, self._request, said, self._captured, self._context
        )

    def _record(self, answer: Answer, failure: Failure | None, seconds: float) -> None:
        metrics, request = self._telemetry.metrics, self._request
        attempt("recording metrics", metrics.record, request, answer, failure, seconds)
        # What came in pieces without a request for a stream has no chunks in the metrics.
        first = self._first_chunk if request.stream else None
        if first is not None:
            attempt("recording metrics", metrics.record_chunks, request, answer, first, self._gaps)
        if self._loop is not None:
            attempt("recording metrics", metrics.record_loop, self._loop.rounds, self._loop.tools)

    def _sum_up(self, complete: bool) -> Answer:
        if self._loop is not None and self._stream:
            self._follow_rounds(self._loop)
        answer, inside, amend = self._reader.answer(complete), self._round, self._surface.amend
        if amend is not None:
            return amend(self._request, answer)
        if inside is None or not (inside.requests > 1 or inside.ran_tools):
            return answer
        return inside.amend(answer) if self._surface.role is Role.ROUND else answer
