"""The doctor at a real MLflow server."""

from __future__ import annotations

import pytest

from backends.mlflow_server import needs_mlflow, serving
from opentelemetry_instrumentation_gemini._doctor.endpoints import look_at_endpoints
from opentelemetry_instrumentation_gemini._doctor.findings import Level
from opentelemetry_instrumentation_gemini._doctor.sending import send_test_spans

pytestmark = [pytest.mark.slow, needs_mlflow]

HEADER = "OTEL_EXPORTER_OTLP_TRACES_HEADERS"


@pytest.fixture(scope="module", name="pointed")
def _pointed(tmp_path_factory):
    """What points all signals at MLflow by HTTP."""
    with serving(tmp_path_factory.mktemp("mlflow")) as server:
        yield {
            "OTEL_EXPORTER_OTLP_ENDPOINT": server.url,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        }


def _wrong(environ):
    return [item.text for item in look_at_endpoints(environ) if item.level is Level.PROBLEM]


def test_no_header_and_all_signals(pointed):
    """Its missing header, and metrics and logs at it, are one sentence each."""
    traces, metrics, logs = _wrong(pointed)
    assert f"Set {HEADER}=x-mlflow-experiment-id=ID" in traces
    assert "is MLflow, which takes traces only" in metrics
    assert "Set OTEL_LOGS_EXPORTER=none" in logs


def test_grpc(pointed):
    """gRPC at its port is told as such."""
    texts = _wrong({**pointed, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"})
    assert len(texts) == 3
    assert all("speaks HTTP, not gRPC" in text for text in texts)


def test_test_span(pointed, monkeypatch):
    """With its header it takes the test span; where there is no such experiment, it does not."""
    environ = {**pointed, "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"}
    levels = {}
    for experiment in ("0", "4711"):
        environ[HEADER] = f"x-mlflow-experiment-id={experiment}"
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        assert _wrong(environ) == []
        (finding,) = send_test_spans(environ)
        levels[experiment] = finding.level
    assert levels == {"0": Level.OK, "4711": Level.PROBLEM}
