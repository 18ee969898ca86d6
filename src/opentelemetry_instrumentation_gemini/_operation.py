"""One operation's life: it starts, takes chunks, and ends once.

The same code serves all four shapes of a call. A shim enters the operation around each stretch
of the SDK's own work and leaves it before the caller goes on, so that the current span is ours
while the SDK works and the caller's while the caller does; no context is held across a `yield`.
"""

from collections.abc import Callable, Iterator
from contextvars import Token
from time import perf_counter, time_ns
from typing import Any

from opentelemetry.context import Context, attach, detach, get_current
from opentelemetry.instrumentation.utils import is_instrumentation_enabled
from opentelemetry.trace import INVALID_SPAN, Span, set_span_in_context

from ._dialects import mlflow
from ._emit import content, spans
from ._emit.metrics import Timing
from ._emit.telemetry import Telemetry
from ._emit.text import clean_attributes
from ._facts.calls import Answer, Call, Failure, Parameters, Request, Value
from ._guard import attempt
from ._surfaces import Reader, Surface

_NO_PARAMETERS = Parameters()
_NO_ANSWER = Answer()


def opener(
    telemetry: Telemetry, surface: Surface, *, stream: bool
) -> Callable[[Call], "Operation | None"]:
    """Return what opens an operation for each call of one hooked method."""

    def start(call: Call) -> Operation | None:
        if not is_instrumentation_enabled():
            return None
        request = surface.request(call, stream)
        return Operation(telemetry, surface, call, request)

    return lambda call: attempt("starting an operation", start, call)


class Operation:
    """A running operation; `succeed`, `fail` or `stop` ends it, and the first of them counts."""

    __slots__ = (
        "_answer",
        "_began",
        "_capture",
        "_content",
        "_context",
        "_ended",
        "_first_chunk",
        "_gaps",
        "_parameters",
        "_read_began",
        "_request",
        "_span",
        "_start_ns",
        "_surface",
        "_telemetry",
    )

    def __init__(
        self, telemetry: Telemetry, surface: Surface, call: Call, request: Request
    ) -> None:
        self._telemetry = telemetry
        self._surface = surface
        self._request = request
        self._ended = False
        self._first_chunk: float | None = None
        self._gaps: list[float] = []
        current = get_current()
        self._start_ns = time_ns()
        self._began = self._read_began = perf_counter()
        self._span: Span = (
            attempt(
                "starting a span", spans.start, telemetry.tracer, request, current, self._start_ns
            )
            or INVALID_SPAN
        )
        self._context: Context = set_span_in_context(self._span, current)
        recording = self._span.is_recording()
        self._capture = recording and telemetry.policy.captures
        self._answer: Reader = surface.reader(self._capture)
        self._parameters = _NO_PARAMETERS
        self._content: dict[str, str] = {}
        if recording:
            self._read_request(surface, call)

    def _read_request(self, surface: Surface, call: Call) -> None:
        self._parameters = (
            attempt("reading the parameters", surface.parameters, call) or _NO_PARAMETERS
        )
        if self._capture:
            attempt("reading the request's content", self._capture_inputs, surface, call)

    def _capture_inputs(self, surface: Surface, call: Call) -> None:
        inputs = surface.inputs(call)
        self._content.update(content.describe_inputs(inputs, self._telemetry.policy))

    def enter(self) -> Token[Context]:
        """Make the operation current, for the SDK's own work."""
        self._read_began = perf_counter()
        return attach(self._context)

    def leave(self, token: Token[Context]) -> None:
        """Give the caller's context back."""
        # A coroutine that is dropped in mid-await is closed wherever the garbage collector runs.
        # There the context is not ours to reset, and detach() would log an error.
        if get_current() is self._context:
            detach(token)

    def chunk(self, chunk: Any) -> None:
        """Take one chunk of a stream, as soon as it is there."""
        now = perf_counter()
        if self._first_chunk is None:
            self._first_chunk = now - self._began
        else:
            self._gaps.append(now - self._read_began)
        attempt("reading a chunk", self._answer.add, chunk)

    def succeed(self, result: Any) -> None:
        """End with the result of a call."""
        attempt("reading the answer", self._answer.add, result)
        self._end(complete=True)

    def finish(self) -> None:
        """End a stream that was read to its end."""
        self._end(complete=True)

    def stop(self) -> None:
        """End a stream that its reader left; that is no error."""
        self._end(complete=False)

    def fail(self, error: BaseException) -> None:
        """End with the exception that reaches the caller."""
        failure = attempt(
            "reading an error", self._surface.failure, error, self._telemetry.policy.captures
        )
        self._end(complete=False, failure=failure or Failure("_OTHER", type(error).__qualname__))

    def _end(self, *, complete: bool, failure: Failure | None = None) -> None:
        if self._ended:
            return
        self._ended = True
        seconds = perf_counter() - self._began
        answer = attempt("summing up the answer", self._answer.answer, complete) or _NO_ANSWER
        if self._span.is_recording():
            attempt("describing a span", self._describe, answer)
            if failure is not None:
                attempt("recording an error", spans.fail, self._span, failure)
        end_ns = self._start_ns + int(seconds * 1e9)
        attempt("ending a span", self._span.end, end_ns)
        timing = Timing(seconds, self._first_chunk, self._gaps)
        attempt(
            "recording metrics",
            self._telemetry.metrics.record,
            self._request,
            answer,
            timing,
            failure,
        )

    def _describe(self, answer: Answer) -> None:
        attributes = clean_attributes(dict(self._attributes(answer)))
        if self._capture:
            attempt("reading the answer's content", self._capture_outputs)
            attributes.update(self._content)
        self._span.set_attributes(attributes)

    def _attributes(self, answer: Answer) -> Iterator[tuple[str, Value]]:
        yield from spans.describe_request(self._request, self._parameters)
        if self._first_chunk is not None:
            yield from spans.describe_first_chunk(self._first_chunk)
        yield from spans.describe_answer(answer)
        yield from mlflow.describe(self._request, answer)

    def _capture_outputs(self) -> None:
        messages = self._answer.messages()
        self._content.update(content.describe_outputs(messages, self._telemetry.policy))
