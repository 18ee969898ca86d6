"""The command as people run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from autolog.small_mlflow import SmallMlflow
from doctor.receivers import http_receiver


def doctor(*arguments, **environ):
    """Run it with nothing but *environ* of telemetry's variables."""
    kept = {
        name: os.environ[name] for name in os.environ if not name.startswith(("OTEL_", "MLFLOW_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "opentelemetry_instrumentation_gemini", "doctor", *arguments],
        env={
            **kept,
            "OTEL_METRICS_EXPORTER": "none",
            "OTEL_LOGS_EXPORTER": "none",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            **environ,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_all_is_well():
    """Exit code 0 and a last line that says so; the test span arrives where it says."""
    with SmallMlflow() as mlflow:
        done = doctor(
            "--send",
            OTEL_EXPORTER_OTLP_ENDPOINT=mlflow.url,
            OTEL_EXPORTER_OTLP_HEADERS="x-mlflow-experiment-id=0",
        )
        spans = mlflow.spans
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("No problems.\n")
    assert [span.name for span in spans] == ["doctor"]
    assert spans[0].trace_id in done.stdout


def test_problems():
    """Exit code 1, and the same in JSON as in text."""
    environ = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "SPANS",
    }
    text, data = doctor(**environ), doctor("--json", **environ)
    assert (text.returncode, data.returncode) == (1, 1)
    assert (text.stderr, data.stderr) == ("", "")
    report = json.loads(data.stdout)
    assert (report["ok"], report["problems"]) == (False, 2)
    assert text.stdout.endswith("2 problems.\n")
    for finding in report["findings"]:
        assert finding["text"] in text.stdout


def test_test_span_refused():
    """A receiver that answers to nothing and then refuses the span is told with its reason."""
    with http_receiver({"/v1/traces": 400}) as url:
        done = doctor("--send", OTEL_EXPORTER_OTLP_ENDPOINT=url)
    assert done.returncode == 1
    assert f"{url}/v1/traces did not take it" in done.stdout
    assert "400" in done.stdout
    assert done.stderr == ""


def test_under_opentelemetry_instrument():
    """Under opentelemetry-instrument, too, nothing is told but the findings."""
    with SmallMlflow() as mlflow:
        done = subprocess.run(
            [
                sys.executable.replace("python", "opentelemetry-instrument").rstrip("0123456789."),
                sys.executable,
                "-m",
                "opentelemetry_instrumentation_gemini",
                "doctor",
                "--json",
            ],
            env={
                "PATH": os.environ["PATH"],
                "OTEL_TRACES_EXPORTER": "mlflow",
                "OTEL_METRICS_EXPORTER": "none",
                "OTEL_LOGS_EXPORTER": "none",
                "MLFLOW_TRACKING_URI": mlflow.url,
                "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "SPANS",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 1
    assert json.loads(done.stdout)["problems"] == 1
