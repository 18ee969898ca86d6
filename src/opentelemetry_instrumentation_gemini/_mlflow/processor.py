"""The traces that hold a Gemini call, whole; all others stay away from MLflow.

MLflow shows a trace as running until it has its root, so the root goes too, and with it what lies
in between. A program's other traces, its web requests and queries, are not what `autolog()` was
called for.
"""

import os
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from opentelemetry_instrumentation_gemini._emit.names import SCOPE

from .environment import Destination, current_destination
from .exporter import MlflowSpanExporter, note_destination

# Spans that never end must not pile up for ever.
_MOST_TRACES = 10_000
_MOST_HELD = 1_000
_MOST_OVER = 100

# MLflow's own classes that send every span of a provider to MLflow.
_SENDERS = frozenset({"mlflow.otel", "mlflow.tracing.processor.base_mlflow"})


@dataclass(slots=True)
class _Trace:
    """A trace that is under way.

    Attributes:
        running: The ids of its spans that have not ended.
        held: Its spans that ended before it was known to hold a Gemini call.
        destination: Where it goes, once it is known to hold one.
    """

    running: set[int] = field(default_factory=set)
    held: deque[ReadableSpan] = field(default_factory=lambda: deque(maxlen=_MOST_HELD))
    destination: Destination | None = None


class WholeTraces(SpanProcessor):
    """Hands the traces with a span of this package to an exporter of its own.

    Attributes:
        enabled: Whether traces are handed over.
        given: What `autolog()` was told about where they go.
        provider: What the processor is added to.
    """

    def __init__(self, provider: TracerProvider) -> None:
        self.enabled = True
        self.given = Destination()
        self._exporter = MlflowSpanExporter()
        self.provider = provider
        self._batch = BatchSpanProcessor(self._exporter)
        self._traces: dict[int, _Trace] = {}
        # Work that a request has left behind goes on in its trace.
        self._over: dict[int, _Trace] = {}
        self._last: str | None = None
        self._last_of_thread = threading.local()
        self._lock = threading.Lock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Follow the trace of *span*."""
        context = span.get_span_context()
        ours = _is_ours(span)
        with self._lock:
            trace = self._traces.get(context.trace_id)
            if trace is None:
                trace = self._over.pop(context.trace_id, None) or _Trace()
                self._traces[context.trace_id] = trace
                if len(self._traces) > _MOST_TRACES:
                    del self._traces[next(iter(self._traces))]
            trace.running.add(context.span_id)
        if ours and trace.destination is None:
            # Outside of the lock: it asks MLflow, where that is loaded.
            destination = current_destination(self.given)
            with self._lock:
                trace.destination = destination
                held = list(trace.held)
                trace.held.clear()
            for finished in held:
                self._hand_over(finished, destination)

    def on_end(self, span: ReadableSpan) -> None:
        """Hand *span* over, or hold it until its trace is known to hold a Gemini call."""
        context = span.get_span_context()
        if context is None:
            return
        with self._lock:
            # A span may have started before there was a processor to see it.
            trace = self._traces.get(context.trace_id) or self._over.get(context.trace_id)
            if trace is None:
                return
            trace.running.discard(context.span_id)
            destination = trace.destination
            if destination is None:
                trace.held.append(span)
            finished = not trace.running
            if finished:
                self._traces.pop(context.trace_id, None)
                self._keep(context.trace_id, trace)
        if destination is not None:
            self._hand_over(span, destination)
            if finished:
                self._last = self._last_of_thread.id = f"tr-{context.trace_id:032x}"

    def _keep(self, trace_id: int, trace: _Trace) -> None:
        over = self._over
        over[trace_id] = trace
        while len(over) > _MOST_OVER or sum(len(one.held) for one in over.values()) > _MOST_HELD:
            del over[next(iter(over))]

    def shutdown(self) -> None:
        """Send what is there, and end."""
        self._batch.shutdown()  # type: ignore[no-untyped-call]

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what is there."""
        return self._batch.force_flush(timeout_millis)

    def flush(self) -> None:
        """Send what is there, whoever sends it."""
        for processor in (self, *_senders(self.provider)):
            processor.force_flush()

    @property
    def silent(self) -> bool:
        """Whether nothing is logged when traces cannot be sent."""
        return self._exporter.silent

    @silent.setter
    def silent(self, value: bool) -> None:
        self._exporter.silent = value

    def last_trace_id(self, *, of_this_thread: bool) -> str | None:
        """Return MLflow's id of the Gemini trace that ended last."""
        return getattr(self._last_of_thread, "id", None) if of_this_thread else self._last

    def _hand_over(self, span: ReadableSpan, destination: Destination) -> None:
        note_destination(span, destination)
        if self.enabled and not any(_senders(self.provider)):
            self._batch.on_end(span)

    def _after_fork(self) -> None:
        self._lock = threading.Lock()


def _senders(provider: TracerProvider) -> Iterator[SpanProcessor]:
    """Yield what sends every span of *provider* to MLflow: MLflow's, or OTEL_TRACES_EXPORTER's."""
    several: Any = getattr(provider, "_active_span_processor", None)
    for processor in getattr(several, "_span_processors", ()):
        if isinstance(getattr(processor, "span_exporter", None), MlflowSpanExporter):
            yield processor
        modules = {kind.__module__ for kind in type(processor).__mro__}
        # What `mlflow.otel.autolog()` adds stays there when it is switched off.
        if modules & _SENDERS and getattr(processor, "_enabled", True):
            yield processor


def _is_ours(span: ReadableSpan) -> bool:
    scope = span.instrumentation_scope
    return scope is not None and scope.name == SCOPE
