"""Where MLflow shares OpenTelemetry's tracer provider, MLflow sends."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from opentelemetry_instrumentation_gemini import autolog, flush, last_trace_id
from opentelemetry_instrumentation_gemini._mlflow.shared import SharedProvider


class Theirs:
    """A provider of MLflow's, which it replaces when its tracking URI changes."""

    def __init__(self):
        self.flushed = 0
        self.replace()

    def replace(self):
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))

    def flush(self):
        self.flushed += 1

    @property
    def spans(self):
        return self.exporter.get_finished_spans()


@pytest.fixture(name="theirs")
def _theirs(monkeypatch):
    """MLflow, loaded and told to share."""
    theirs = Theirs()
    tracing = SimpleNamespace(get_bridged_tracer_provider=lambda: theirs.provider)
    mlflow = SimpleNamespace(
        tracing=tracing,
        flush_trace_async_logging=theirs.flush,
        get_last_active_trace_id=lambda thread_local: f"tr-{thread_local}",
    )
    monkeypatch.setitem(sys.modules, "mlflow", mlflow)
    monkeypatch.setitem(sys.modules, "mlflow.tracing", tracing)
    monkeypatch.setenv("MLFLOW_USE_DEFAULT_TRACER_PROVIDER", "False")
    return theirs


def test_spans_are_made_by_the_shared_provider(theirs, ask):
    """Spans come from the provider of the moment, though MLflow replaces it."""
    autolog()
    ask()
    (before,) = theirs.spans
    assert {"gen_ai.input.messages", "mlflow.spanInputs"} <= before.attributes.keys()
    assert before.instrumentation_scope.name == "opentelemetry_instrumentation_gemini"
    theirs.replace()
    ask()
    ask()
    assert len(theirs.spans) == 2


def test_mlflow_is_asked_for_the_rest(theirs, ask):
    """What was sent last, and sending what is left, is MLflow's own to do."""
    autolog()
    ask()
    flush()
    assert theirs.flushed == 1
    assert last_trace_id() == "tr-False"
    assert theirs.flushed == 2
    assert last_trace_id(thread_local=True, send=False) == "tr-True"


def test_off(theirs, ask):
    """Switched off, or told not to log traces, there are none."""
    autolog(log_traces=False)
    ask()
    autolog()
    ask()
    autolog(disable=True)
    ask()
    assert len(theirs.spans) == 1


def test_spans_may_be_made_current(theirs):
    """The tracer does all that a tracer does."""
    tracer = SharedProvider().get_tracer("any", "1.0")
    with tracer.start_as_current_span("a"):
        tracer.start_span("b").end()
    child, parent = theirs.spans
    assert child.parent == parent.context


def test_a_provider_that_was_given_counts(theirs, ask, mlflow, provider):
    """A tracer provider that was passed is used."""
    autolog(tracking_uri=mlflow.url, tracer_provider=provider)
    ask()
    flush()
    assert (len(mlflow.spans), theirs.spans) == (1, ())


@pytest.mark.parametrize("value", ["true", "1", ""])
def test_not_shared(theirs, ask, monkeypatch, mlflow, provider, value):
    """By default MLflow does not share."""
    monkeypatch.setenv("MLFLOW_USE_DEFAULT_TRACER_PROVIDER", value)
    monkeypatch.setattr("opentelemetry.trace._TRACER_PROVIDER", provider)
    autolog(tracking_uri=mlflow.url)
    ask()
    flush()
    assert (len(mlflow.spans), theirs.spans) == (1, ())
