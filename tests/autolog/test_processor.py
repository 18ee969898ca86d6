"""Which traces go to MLflow: those with a Gemini call, whole."""

from __future__ import annotations

import os
import threading

import pytest
from opentelemetry import context, trace
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

from opentelemetry_instrumentation_gemini._mlflow import processor as module
from opentelemetry_instrumentation_gemini._mlflow.environment import Destination
from opentelemetry_instrumentation_gemini._mlflow.exporter import MlflowSpanExporter
from opentelemetry_instrumentation_gemini._mlflow.processor import WholeTraces

OURS = "opentelemetry_instrumentation_gemini"


@pytest.fixture(name="processor")
def _processor(provider, mlflow):
    processor = WholeTraces(provider)
    processor.given = Destination(mlflow.url)
    provider.add_span_processor(processor)
    return processor


@pytest.fixture(name="tracer")
def _tracer(provider, processor):
    return provider.get_tracer("application")


@pytest.fixture(name="gemini")
def _gemini(provider, processor):
    return provider.get_tracer(OURS)


def sent(processor, mlflow):
    assert processor.force_flush()
    return sorted(span.name for span in mlflow.spans)


def test_trace_goes_whole(processor, tracer, gemini, mlflow):
    """What ended before the Gemini call, what is around it, and what comes after all go."""
    with tracer.start_as_current_span("request"):
        tracer.start_span("query").end()
        with tracer.start_as_current_span("answer"):
            gemini.start_span("generate_content").end()
        tracer.start_span("log").end()
    assert sent(processor, mlflow) == ["answer", "generate_content", "log", "query", "request"]
    assert [span.name for span in mlflow.spans if not span.parent_id] == ["request"]


def test_other_traces_stay_away(processor, tracer, gemini, mlflow):
    """Traces without a Gemini call do not go, not even at the same time."""
    with tracer.start_as_current_span("health"):
        gemini.start_span("generate_content", context.Context()).end()
        tracer.start_span("query").end()
    tracer.start_span("health").end()
    assert sent(processor, mlflow) == ["generate_content"]
    assert processor._traces == {}


def test_child_may_outlive_its_root(processor, tracer, gemini, mlflow):
    """A trace ends when its last span does."""
    root = tracer.start_span("request")
    child = gemini.start_span("generate_content", set_span_in_context(root))
    root.end()
    assert processor.last_trace_id(of_this_thread=False) is None
    child.end()
    trace_id = f"tr-{root.get_span_context().trace_id:032x}"
    assert processor.last_trace_id(of_this_thread=False) == trace_id
    assert sent(processor, mlflow) == ["generate_content", "request"]


def test_work_that_is_left_behind(processor, tracer, gemini, mlflow):
    """A Gemini call that begins when its root is over brings the root; what follows goes too."""
    with tracer.start_as_current_span("request") as root:
        tracer.start_span("query").end()
    left = set_span_in_context(root)
    assert sent(processor, mlflow) == []
    gemini.start_span("generate_content", left).end()
    tracer.start_span("log", left).end()
    assert sent(processor, mlflow) == ["generate_content", "log", "query", "request"]


def test_root_that_was_there_before(provider, mlflow):
    """A span under way when the processor comes goes with the Gemini call that it holds."""
    with provider.get_tracer("application").start_as_current_span("notebook"):
        processor = WholeTraces(provider)
        processor.given = Destination(mlflow.url)
        provider.add_span_processor(processor)
        provider.get_tracer(OURS).start_span("generate_content").end()
    assert sent(processor, mlflow) == ["generate_content", "notebook"]


def test_traces_that_are_over_do_not_pile_up(processor, tracer):
    """Only the last of them are kept, and of long ones fewer."""
    for _ in range(300):
        tracer.start_span("health", context.Context()).end()
    assert len(processor._over) == 100
    assert processor._traces == {}
    for _ in range(3):
        with tracer.start_as_current_span("report", context.Context()):
            for _ in range(600):
                tracer.start_span("query").end()
    assert len(processor._over) == 1


def test_root_in_another_process(processor, gemini, mlflow):
    """A trace that began elsewhere goes as far as it is here."""
    there = SpanContext(7, 8, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    gemini.start_span("generate_content", set_span_in_context(NonRecordingSpan(there))).end()
    assert sent(processor, mlflow) == ["generate_content"]
    assert processor.last_trace_id(of_this_thread=False) == f"tr-{7:032x}"


def test_last_trace_of_a_thread(processor, gemini):
    """A thread can ask for the trace that ended in it."""
    gemini.start_span("generate_content").end()
    mine = processor.last_trace_id(of_this_thread=False)
    thread = threading.Thread(target=lambda: gemini.start_span("generate_content").end())
    thread.start()
    thread.join()
    assert processor.last_trace_id(of_this_thread=True) == mine
    assert processor.last_trace_id(of_this_thread=False) != mine


def test_destination_is_that_of_the_start(processor, gemini, mlflow, monkeypatch):
    """A trace goes where the environment said when its Gemini call began."""
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "first")
    gemini.start_span("a").end()
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "second")
    gemini.start_span("b").end()
    sent(processor, mlflow)
    experiments = {span.name: span.experiment_id for span in mlflow.spans}
    assert experiments == {"a": mlflow.experiments["first"], "b": mlflow.experiments["second"]}


def test_run_of_the_start(processor, gemini, mlflow, loaded):
    """A trace belongs to the run that was active at its start, though it ended since."""
    loaded.uri = mlflow.url
    mlflow.runs["r1"] = "0"
    loaded.start_run("r1", "0")
    gemini.start_span("a").end()
    loaded.run = None
    gemini.start_span("b").end()
    sent(processor, mlflow)
    assert {span.name: span.run_id for span in mlflow.spans} == {"a": "r1", "b": None}


def test_switched_off(processor, gemini, mlflow):
    """A processor that is switched off sends nothing; no provider gives one back."""
    processor.enabled = False
    gemini.start_span("a").end()
    processor.enabled = True
    gemini.start_span("b").end()
    assert sent(processor, mlflow) == ["b"]


def test_unended_spans_do_not_pile_up(processor, tracer, gemini, mlflow, monkeypatch):
    """Traces that never end are forgotten at last, and so are too many spans of one."""
    monkeypatch.setattr(module, "_MOST_TRACES", 3)
    lost = [tracer.start_span("lost") for _ in range(9)]
    assert len(processor._traces) == 3
    for span in lost:
        span.end()
    with tracer.start_as_current_span("worker"):
        for _ in range(2000):
            tracer.start_span("step").end()
        gemini.start_span("generate_content").end()
    names = sent(processor, mlflow)
    assert (names.count("step"), len(names)) == (1000, 1002)


def test_many_threads_at_once(processor, tracer, gemini, mlflow):
    """Spans of one trace may start and end in many threads."""
    with tracer.start_as_current_span("request") as root:
        inside = set_span_in_context(root)

        def work():
            for _ in range(50):
                gemini.start_span("generate_content", inside).end()

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    names = sent(processor, mlflow)
    assert (names.count("generate_content"), names.count("request")) == (400, 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_forked_process_has_a_lock_of_its_own(processor, gemini, mlflow):
    """A process that forks while a span starts leaves no lock behind in its child."""
    with processor._lock:
        child = os.fork()
        if child == 0:
            gemini.start_span("in the child").end()
            os._exit(0 if processor.force_flush() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [span.name for span in mlflow.spans] == ["in the child"]


class ToggleableSpanProcessor(SimpleSpanProcessor):
    """Stands where MLflow's own processors stand."""

    _enabled = True

    def __init__(self):
        self.flushed = 0

    def on_end(self, span):
        pass

    def shutdown(self):
        pass

    def force_flush(self, timeout_millis=0):
        self.flushed += 1
        return True


@pytest.mark.parametrize("home", ["mlflow.otel", "mlflow.tracing.processor.base_mlflow"])
def test_mlflow_itself_sends(processor, provider, gemini, mlflow, monkeypatch, home):
    """Where MLflow sends the provider's spans nothing is sent twice; where it stops, we send."""
    monkeypatch.setattr(ToggleableSpanProcessor, "__module__", home)
    theirs = ToggleableSpanProcessor()
    gemini.start_span("before").end()
    provider.add_span_processor(theirs)
    gemini.start_span("beside").end()
    last = processor.last_trace_id(of_this_thread=False)
    processor.flush()
    assert theirs.flushed == 1
    theirs._enabled = False
    gemini.start_span("after").end()
    assert sent(processor, mlflow) == ["after", "before"]
    assert processor.last_trace_id(of_this_thread=False) != last


def test_exporter_from_the_environment_sends(processor, provider, gemini, mlflow):
    """Beside OTEL_TRACES_EXPORTER=mlflow nothing is sent twice, and the notes count."""
    provider.add_span_processor(BatchSpanProcessor(MlflowSpanExporter()))
    gemini.start_span("a").end()
    processor.flush()
    assert [span.name for span in mlflow.spans] == ["a"]


def test_other_exporters_are_no_obstacle(processor, provider, gemini, mlflow):
    """Exporters to other places do not keep spans from MLflow."""
    other = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(other))
    gemini.start_span("a").end()
    assert sent(processor, mlflow) == ["a"]
    assert len(other.get_finished_spans()) == 1


def test_unsampled_traces_stay_away(mlflow):
    """What a sampler leaves out stays out."""
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - this test's own
    from opentelemetry.sdk.trace.sampling import ALWAYS_OFF  # noqa: PLC0415

    provider = TracerProvider(sampler=ALWAYS_OFF, shutdown_on_exit=False)
    processor = WholeTraces(provider)
    processor.given = Destination(mlflow.url)
    provider.add_span_processor(processor)
    provider.get_tracer(OURS).start_span("a").end()
    assert sent(processor, mlflow) == []
    assert trace.get_current_span() is trace.INVALID_SPAN
    provider.shutdown()
