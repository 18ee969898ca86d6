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
from opentelemetry.trace import INVALID_SPAN, Span, set_span_in_context

from . import _ambient
from . import _failures as failures
from . import _report as report
from ._capture import Captured, call_hook
from ._dialects import mlflow_content
from ._emit import names, spans
from ._emit.metrics import Timing
from ._emit.origins import remember
from ._emit.telemetry import Telemetry
from ._facts.calls import Answer, Call, Failure, Parameters, Request, Value
from ._guard import attempt
from ._loop import Loop, Place, Round, at, calling, outside, place_of
from ._report import Outcome
from ._surfaces import NOTHING, Reader, Role, Surface

_NO_PARAMETERS = Parameters()
_NO_ANSWER = Answer()
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
        "_annotations",
        "_began",
        "_call",
        "_call_id",
        "_capture",
        "_captured",
        "_config",
        "_context",
        "_ended",
        "_event_failure",
        "_first_chunk",
        "_gaps",
        "_loop",
        "_mute",
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
        self._call_id: str | None = None
        self._parameters = _NO_PARAMETERS
        self._config: dict[str, Value] = {}
        self._captured = Captured(telemetry)
        self._annotations: dict[str, Value] = {}

    def begin(self, parent: Context | None = None, began: float | None = None) -> None:
        """Start the span, and read what is asked before the SDK can change it.

        Args:
            parent: The context that it belongs in, if not the current one.
            began: When it began by `perf_counter`, if that is over already.
        """
        call, self._call = self._call, None
        if call is None:
            return
        telemetry, surface = self._telemetry, self._surface
        request = attempt("reading a request", surface.request, call, self._stream)
        self._request = request or _UNKNOWN
        current = get_current() if parent is None else parent
        now = self._read_began = perf_counter()
        self._began = now if began is None else began
        self._start_ns = time_ns() - int((now - self._began) * 1e9)
        span = attempt(
            "starting a span", spans.start, telemetry.tracer, self._request, current, self._start_ns
        )
        # Without a span of ours the caller's stays current.
        context = current if span is None else set_span_in_context(span, current)
        self._span: Span = span or INVALID_SPAN
        self._ended = False
        self._context = self._join_loop(context)
        self._recording = self._is_described()
        self._capture = telemetry.reads_content(recording=self._recording)
        is_described = self._recording or self._capture
        self._mute = not is_described and telemetry.metrics_are_off()
        self._reader: Reader = attempt("preparing to read", self._make_reader) or NOTHING
        if self._capture:
            inputs = partial(mlflow_content.describe_inputs, self._request)
            self._captured.add("reading the request's content", inputs, surface.content, call)
        if self._recording:
            self._read_request(surface, call, current)

    def _make_reader(self) -> Reader:
        surface = self._surface
        if self._mute:
            return NOTHING
        if surface.counter is not None and not (self._recording or self._capture):
            return surface.counter()
        return surface.reader(self._capture)

    def _is_described(self) -> bool:
        """Whether anything but metrics will be written: on the span, or on an event without one.

        What a sampler left out has no event either; who has no tracer at all may live on events.
        """
        if attempt("asking a span", self._span.is_recording):
            return True
        return self._telemetry.emit_details and not self._span.get_span_context().is_valid

    def _read_request(self, surface: Surface, call: Call, current: Context) -> None:
        if current:
            said = attempt(
                "reading annotations", _ambient.describe, current, self._request.operation
            )
            self._annotations = said or {}
        self._parameters = (
            attempt("reading the parameters", surface.parameters, call) or _NO_PARAMETERS
        )
        if self._telemetry.config_filter is not None:
            attempt("reading the config", self._read_config, surface, call)
        if self._telemetry.on_request is not None:
            call_hook("on_request", self._telemetry.on_request, self._span, call.kwargs)

    def _read_config(self, surface: Surface, call: Call) -> None:
        wanted = self._telemetry.config_filter
        if wanted is not None and surface.config is not None:
            for quotes in (False, True) if self._capture else (False,):
                take = self._captured.add_attributes if quotes else self._config.update
                take(dict(wanted(surface.config(call, quotes))))

    def _join_loop(self, context: Context) -> Context:
        """Take this operation's part in a tool loop, and return *context* as it is inside it."""
        role = self._surface.role
        place = place_of(context)
        if role is Role.POLL:
            self._round = place.round
            return context
        if role is Role.LOOP:
            self._loop = Loop(self._telemetry)
            return at(Place(self._loop), context)
        # No set: the hash of an enum is Python code.
        if role in (Role.ROUND, Role.OTHER):
            if role is Role.ROUND and place.loop is not None:
                place.loop.add_round(self)
            self._round, context = calling(context)
            return context
        if place.loop is not None:
            place.loop.tools += 1
        if place.round is not None:
            place.round.ran_tools = True
        if self._request.tool is not None:
            tool = self._request.tool
            self._call_id = tool.call_id or place.take_call_id(tool.name)
        return outside(context)

    def add_detail(self, key: str, value: Value) -> None:
        """Add what only the one who opened this operation knows."""
        self._config[names.DETAILS[key]] = value

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
        now = perf_counter()
        if self._first_chunk is None:
            self._first_chunk = now - self._began
        else:
            self._gaps.append(now - self._read_began)
        if self._loop is not None and self._loop.rounds != self._rounds_seen:
            # A loop's answer is its last round's.
            self._rounds_seen = self._loop.rounds
            self._reader = attempt("preparing to read", self._make_reader) or NOTHING
        try:
            attempt("reading a chunk", self._reader.add, chunk)
            if self._telemetry.on_response is not None:
                call_hook("on_response", self._telemetry.on_response, self._span, chunk)
        except BaseException:
            # Ctrl-C while we read is the user's, but the span must not stay open.
            self.stop()
            raise

    def succeed(self, result: Any) -> None:
        """End with the result of a call."""
        try:
            attempt("reading the answer", self._reader.add, result)
            if self._telemetry.on_response is not None:
                call_hook("on_response", self._telemetry.on_response, self._span, result)
        finally:
            self._end(complete=True)

    def finish(self) -> None:
        """End a stream that was read to its end."""
        self._end(complete=True)

    def stop(self) -> None:
        """End a stream that its reader left; that is no error."""
        self._end(complete=False)

    def fail(self, error: BaseException) -> None:
        """End with the exception that reaches the caller."""
        if self._surface.partial is not None:
            attempt("reading a partial answer", self._add_partial, self._surface.partial, error)
        failure, self._event_failure = failures.raised(self._telemetry, self._surface, error)
        self._end(complete=False, failure=failure)

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
        details: LogRecord | None = None
        try:
            answer = attempt("summing up the answer", self._sum_up, complete) or _NO_ANSWER
            if failure is None and answer.failure is not None:
                failure, self._event_failure = failures.unraised(
                    self._telemetry, self._request, answer.failure
                )
            outcome = Outcome(self._request, self._parameters, answer, failure, self._own())
            if self._capture:
                report.capture_answer(self._captured, self._reader)
            if self._recording:
                details = self._describe(outcome)
            if self._telemetry.hand_over is not None:
                report.hand_over(self._telemetry.hand_over, self._captured, self._span, details)
            if answer.made:
                attempt("remembering", remember, answer.made, self._span.get_span_context())
        finally:
            attempt("ending a span", self._span.end, self._start_ns + int(seconds * 1e9))
        self._tell(outcome, seconds, details)

    def _describe(self, outcome: Outcome) -> LogRecord | None:
        """Say on the span what happened, and return the event that says the same."""
        if self._round is not None and self._round.resends:
            attempt("describing retries", spans.describe_resends, self._span, self._round.resends)
        said = report.describe(self._telemetry, self._span, outcome, self._captured)
        if not self._telemetry.emit_details:
            return None
        return report.make_details(
            self._telemetry, self._request, said, self._captured, self._context
        )

    def _tell(self, outcome: Outcome, seconds: float, details: LogRecord | None) -> None:
        """Tell what goes elsewhere than on the span."""
        telemetry = self._telemetry
        if not self._mute:
            # What came in pieces without a request for a stream has no chunks in the metrics.
            timing = Timing(seconds)
            if self._request.stream:
                timing = Timing(seconds, self._first_chunk, self._gaps)
            report.record(telemetry, outcome, timing, self._loop)
        if self._event_failure is not None:
            report.emit_exception(telemetry, self._request, self._event_failure, self._context)
        if details is not None:
            report.emit_details(telemetry, details)

    def _own(self) -> dict[str, Value]:
        """Return the attributes that neither the request nor the answer say."""
        own = {**self._config, **self._annotations}
        if self._first_chunk is not None and self._request.stream:
            own[names.TIME_TO_FIRST_CHUNK] = self._first_chunk
        if self._call_id is not None:
            own[names.TOOL_CALL_ID] = self._call_id
        return own

    def _sum_up(self, complete: bool) -> Answer:
        if self._mute:
            return _NO_ANSWER
        answer = self._reader.answer(complete)
        if self._round is None or self._surface.role is not Role.ROUND:
            return answer
        return self._round.amend(answer)
