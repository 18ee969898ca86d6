"""`autolog()`, `last_trace_id()` and `flush()` in a program."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import PurePath

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini import (
    GeminiInstrumentor,
    autolog,
    flush,
    last_trace_id,
)
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks

CONTENT = "gen_ai.input.messages"
TWIN = "mlflow.spanInputs"
TRACE_NAME = "mlflow.traceTag.mlflow.traceName"
DEAD = "http://127.0.0.1:9"


def test_one_line(ask, mlflow, provider):
    """A call is a trace in the experiment, with its tokens, its content and what MLflow draws."""
    autolog(tracking_uri=mlflow.url, experiment="Gemini", tracer_provider=provider)
    answer = ask()
    flush()
    (span,) = mlflow.spans
    usage = json.loads(span.attributes["mlflow.chat.tokenUsage"])
    assert usage["input_tokens"] == answer.usage_metadata.prompt_token_count
    assert span.experiment_id == mlflow.experiments["Gemini"]
    assert {CONTENT, TWIN} <= span.attributes.keys()


def test_no_text(ask, mlflow, provider):
    """What is no text, such as a path or a number, is taken as MLflow takes it."""
    autolog(tracking_uri=PurePath(mlflow.url), experiment=2025, tracer_provider=provider)
    seen = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(seen))
    assert ask().text
    assert len(seen.get_finished_spans()) == 1
    autolog(tracking_uri=mlflow.url, experiment=2025, tracer_provider=provider)
    ask()
    flush()
    assert [span.experiment_id for span in mlflow.spans] == [mlflow.experiments["2025"]]


def test_before_everything_is_set(ask, mlflow, provider, monkeypatch):
    """It may be called before anybody has said where to."""
    autolog(tracer_provider=provider)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow.url)
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "Gemini")
    ask()
    flush()
    assert [span.experiment_id for span in mlflow.spans] == [mlflow.experiments["Gemini"]]


def test_mlflow_never_imported(ask, mlflow, provider):
    """The program gets no MLflow that it did not load."""
    autolog(tracking_uri=mlflow.url, tracer_provider=provider)
    ask()
    flush()
    assert "mlflow" not in sys.modules


@pytest.mark.parametrize(("given", "name"), [({}, "request"), ({TRACE_NAME: "mine"}, "mine")])
def test_trace_name(ask, mlflow, provider, given, name):
    """A trace has its root's name in MLflow, unless the application gives it another."""
    autolog(tracking_uri=mlflow.url, tracer_provider=provider)
    with provider.get_tracer("application").start_as_current_span("request", attributes=given):
        ask()
    flush()
    named = {span.name: span.attributes.get(TRACE_NAME) for span in mlflow.spans}
    assert named == {"request": name, "generate_content gemini-2.5-flash": None}


def test_last_trace_id(ask, mlflow, provider):
    """The id is that of the whole trace, as MLflow writes it, and MLflow has it by then."""
    autolog(tracking_uri=mlflow.url, tracer_provider=provider)
    assert last_trace_id() is None
    with provider.get_tracer("application").start_as_current_span("request") as span:
        ask()
    expected = f"tr-{span.get_span_context().trace_id:032x}"
    assert last_trace_id() == expected
    assert {f"tr-{span.trace_id}" for span in mlflow.spans} == {expected}
    assert last_trace_id(thread_local=True) == expected


def test_last_trace_id_without_waiting(ask, provider, caplog):
    """Asking for the id need not wait for a server."""
    autolog(tracking_uri=DEAD, tracer_provider=provider)
    ask()
    assert last_trace_id(send=False).startswith("tr-")
    assert caplog.records == []
    seen = []
    thread = threading.Thread(
        target=lambda: seen.append(last_trace_id(thread_local=True, send=False))
    )
    thread.start()
    thread.join()
    assert seen == [None]


def test_before_autolog(ask):
    """Without `autolog()` there is no trace to tell of and nothing to send."""
    ask()
    assert last_trace_id() is None
    flush()


def test_repeated_calls(ask, mlflow, provider):
    """Calling it again sends nothing twice, and the last call's arguments count."""
    autolog(tracking_uri=DEAD, experiment="x", tracer_provider=provider)
    autolog(tracking_uri=mlflow.url, experiment="Gemini", tracer_provider=provider)
    ask()
    flush()
    autolog(tracking_uri=mlflow.url, experiment="other", tracer_provider=provider)
    ask()
    flush()
    ids = [mlflow.experiments[name] for name in ("Gemini", "other")]
    assert [span.experiment_id for span in mlflow.spans] == ids


def test_disable(ask, mlflow, provider):
    """Switching it off sends what is there, takes the hooks off and sends no more."""
    autolog(tracking_uri=mlflow.url, tracer_provider=provider)
    ask()
    autolog(disable=True)
    assert len(mlflow.spans) == 1
    assert list(placed_hooks()) == []
    ask()
    provider.force_flush()
    assert len(mlflow.spans) == 1
    assert last_trace_id() is None
    autolog(disable=True)


def test_enable_again(ask, mlflow, provider):
    """Switched off and on again, it sends each trace once."""
    autolog(tracking_uri=mlflow.url, tracer_provider=provider)
    autolog(disable=True)
    autolog(tracking_uri=mlflow.url, tracer_provider=provider)
    ask()
    flush()
    assert len(mlflow.spans) == 1


def test_no_traces(ask, mlflow, provider):
    """Told not to log traces it logs none, until it is told to."""
    autolog(log_traces=False, tracking_uri=mlflow.url, tracer_provider=provider)
    ask()
    flush()
    assert mlflow.requests == []
    autolog(tracking_uri=mlflow.url, tracer_provider=provider)
    ask()
    flush()
    assert len(mlflow.spans) == 1


@pytest.mark.parametrize("how", ["keyword", "variable", "instrument"])
def test_content_stays_here(ask, mlflow, provider, monkeypatch, how):
    """Content is left out where a keyword, the environment or an `instrument()` before says so."""
    keywords = {}
    if how == "keyword":
        keywords["capture_message_content"] = False
    if how == "variable":
        monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "no_content")
    if how == "instrument":
        GeminiInstrumentor().instrument(capture_message_content="NO_CONTENT")
    autolog(tracking_uri=mlflow.url, tracer_provider=provider, **keywords)
    ask()
    flush()
    (span,) = mlflow.spans
    assert not {CONTENT, TWIN} & span.attributes.keys()
    assert PLAIN_TEXT.contents not in str(span.attributes)


def test_an_instrumentation_before_stays(ask, mlflow, provider):
    """An `instrument()` before keeps its provider and settings, and comes back at the end."""
    exporter = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    GeminiInstrumentor().instrument(tracer_provider=provider, config_includes=["*"])
    autolog(tracking_uri=mlflow.url)
    ask()
    flush()
    assert len(mlflow.spans) == 1
    autolog(disable=True)
    ask()
    first, second = exporter.get_finished_spans()
    assert CONTENT in first.attributes
    assert CONTENT not in second.attributes
    assert GeminiInstrumentor().arguments == {
        "tracer_provider": provider,
        "config_includes": ["*"],
    }


def test_uninstrumented_meanwhile(ask, mlflow, provider):
    """Hooks that somebody took off meanwhile are no obstacle to the end."""
    autolog(tracking_uri=mlflow.url, tracer_provider=provider)
    GeminiInstrumentor().uninstrument()
    ask()
    flush()
    assert mlflow.spans == []
    autolog(tracking_uri=mlflow.url, tracer_provider=provider)
    ask()
    flush()
    assert len(mlflow.spans) == 1


def test_another_provider(ask, mlflow, provider):
    """With another tracer provider the first one sends no more."""
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - this test's own

    other = TracerProvider(shutdown_on_exit=False)
    autolog(tracking_uri=DEAD, tracer_provider=provider)
    autolog(tracking_uri=mlflow.url, tracer_provider=other)
    ask()
    flush()
    assert len(mlflow.spans) == 1
    other.shutdown()


def test_foreign_provider(ask, caplog):
    """A provider that takes no exporter is told, and the calls go on."""
    autolog(tracking_uri=DEAD, tracer_provider=trace.NoOpTracerProvider())
    assert ask().text
    assert "NoOpTracerProvider" in caplog.text
    assert GeminiInstrumentor().arguments is None


@pytest.mark.parametrize("silent", [False, True])
def test_silent(ask, provider, caplog, silent):
    """An unreachable server is one message, or none if that is wished; the calls go on."""
    autolog(tracking_uri=DEAD, silent=silent, tracer_provider=provider)
    for _ in range(2):
        assert ask().text
        flush()
    assert len(caplog.records) == (0 if silent else 1)


def test_sdk_switched_off(ask, mlflow, provider, monkeypatch):
    """With OTEL_SDK_DISABLED nothing is traced."""
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    autolog(tracking_uri=mlflow.url, tracer_provider=provider)
    ask()
    flush()
    assert mlflow.requests == []


def test_unknown_keyword(ask, mlflow, provider, caplog):
    """A keyword that nobody knows is told, and the traces go on."""
    autolog(tracking_uri=mlflow.url, tracer_provider=provider, experiments="Gemini")
    ask()
    flush()
    assert len(mlflow.spans) == 1
    assert "'experiments'" in caplog.text


def test_without_the_extra(ask, caplog, monkeypatch):
    """Without the packages of the extra one message names it, and the calls go on."""
    monkeypatch.setitem(sys.modules, "opentelemetry_instrumentation_gemini._mlflow.processor", None)
    for _ in range(2):
        autolog(tracking_uri=DEAD)
    assert ask().text
    (record,) = caplog.records
    assert 'pip install "opentelemetry-instrumentation-gemini[otlp]"' in record.getMessage()
    assert list(placed_hooks()) == []
