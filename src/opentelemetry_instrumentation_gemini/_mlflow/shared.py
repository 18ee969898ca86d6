"""The tracer provider that MLflow and OpenTelemetry share, where MLflow was told to share it.

MLflow then sends every span of it. It replaces the provider whenever its tracking URI changes,
which programs do after `autolog()`; so it is asked for the provider at each span.
"""

import sys
from typing import Any

from opentelemetry import trace

from opentelemetry_instrumentation_gemini._guard import attempt

from .environment import shares_provider


def shared_provider() -> "SharedProvider | None":
    """Return the shared provider, if the program has loaded an MLflow that shares it."""
    tracing: Any = sys.modules.get("mlflow.tracing")
    if shares_provider() and hasattr(tracing, "get_bridged_tracer_provider"):
        return SharedProvider()
    return None


class SharedProvider(trace.TracerProvider):
    """Whatever provider MLflow uses at the moment.

    Attributes:
        enabled: Whether spans are made.
        silent: Of no use here: MLflow itself speaks.
    """

    enabled = True
    silent = False

    @property
    def provider(self) -> "SharedProvider":
        """What spans are to be made by."""
        return self

    def get_tracer(self, *args: Any, **kwargs: Any) -> trace.Tracer:
        """Return a tracer that asks for the provider at each span."""
        return _SharedTracer(self, args, kwargs)

    def flush(self) -> None:
        """Let MLflow send what is there."""
        sys.modules["mlflow"].flush_trace_async_logging()

    def last_trace_id(self, *, of_this_thread: bool) -> str | None:
        """Return MLflow's id of the trace that ended last."""
        latest: str | None = sys.modules["mlflow"].get_last_active_trace_id(of_this_thread)
        return latest


class _SharedTracer(trace.Tracer):
    def __init__(self, shared: SharedProvider, args: Any, kwargs: Any) -> None:
        self._shared = shared
        self._args = args
        self._kwargs = kwargs
        self._provider: trace.TracerProvider = trace.NoOpTracerProvider()
        self._tracer: trace.Tracer = trace.NoOpTracer()

    def start_span(self, *args: Any, **kwargs: Any) -> trace.Span:
        """Start a span of the provider of the moment."""
        return self._current().start_span(*args, **kwargs)

    def start_as_current_span(self, *args: Any, **kwargs: Any) -> Any:
        """Start a span of the provider of the moment, and make it current."""
        return self._current().start_as_current_span(*args, **kwargs)

    def _current(self) -> trace.Tracer:
        if not self._shared.enabled:
            return trace.NoOpTracer()
        ask = sys.modules["mlflow.tracing"].get_bridged_tracer_provider
        provider = attempt("asking MLflow for its tracer provider", ask)
        if provider is not None and provider is not self._provider:
            self._tracer = provider.get_tracer(*self._args, **self._kwargs)
            self._provider = provider
        return self._tracer
