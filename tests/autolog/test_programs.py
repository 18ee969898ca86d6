"""Programs with one line, or none, that send to MLflow."""

from __future__ import annotations

import time

from autolog.programs import AUTOLOG, ONE_CALL, OTEL, run
from autolog.small_mlflow import SmallMlflow

CONTENT = "gen_ai.input.messages"
TWIN = "mlflow.spanInputs"
DEAD = "http://127.0.0.1:9"


def into(mlflow, **more):
    return {"MLFLOW_TRACKING_URI": mlflow.url, "MLFLOW_EXPERIMENT_NAME": "Gemini", **more}


def test_one_line(fake, mlflow):
    """A program with one line leaves its trace when it ends, with the spans of its own in it."""
    program = f"""
{AUTOLOG}
from opentelemetry import trace

with trace.get_tracer("application").start_as_current_span("request"):
{ONE_CALL.replace(chr(10), chr(10) + "    ")}
"""
    done = run(program, fake.url, **into(mlflow))
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(span.name for span in mlflow.spans) == [
        "generate_content gemini-2.5-flash",
        "request",
    ]
    assert len({span.trace_id for span in mlflow.spans}) == 1
    assert {span.experiment_id for span in mlflow.spans} == {mlflow.experiments["Gemini"]}


def test_the_end_sends_without_the_provider(fake, mlflow):
    """A provider that nobody shuts down is flushed at the end all the same."""
    program = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

trace.set_tracer_provider(TracerProvider(shutdown_on_exit=False))
"""
    done = run(program + AUTOLOG + ONE_CALL, fake.url, **into(mlflow))
    assert (done.returncode, done.stderr) == (0, "")
    assert len(mlflow.spans) == 1


def test_unreachable_server(fake):
    """A server that is not there is one message; the program works and does not wait for it."""
    program = AUTOLOG + ONE_CALL * 3 + "print('done')"
    started = time.monotonic()
    done = run(program, fake.url, MLFLOW_TRACKING_URI=DEAD)
    assert done.returncode == 0
    assert done.stdout.endswith("done\n")
    assert len(done.stderr.splitlines()) == 1
    assert f"MLflow at {DEAD} does not answer" in done.stderr
    assert time.monotonic() - started < 60


def test_no_line_at_all(fake, mlflow):
    """A server and an experiment are all that MLflow needs; content is not sent unasked."""
    done = run(ONE_CALL, fake.url, OTEL, **into(mlflow, OTEL_TRACES_EXPORTER="mlflow"))
    assert (done.returncode, done.stderr) == (0, "")
    (span,) = mlflow.spans
    assert span.experiment_id == mlflow.experiments["Gemini"]
    assert not {CONTENT, TWIN} & span.attributes.keys()


def test_no_line_and_one_line(fake, mlflow):
    """Zero-code and `autolog()` together send each trace once, and the line's words count."""
    mlflow.runs["r1"] = "0"
    line = AUTOLOG.replace("autolog()", "autolog(experiment='other', run_id='r1')")
    done = run(line + ONE_CALL, fake.url, OTEL, **into(mlflow, OTEL_TRACES_EXPORTER="mlflow"))
    assert (done.returncode, done.stderr) == (0, "")
    (span,) = mlflow.spans
    assert (span.experiment_id, span.run_id) == (mlflow.experiments["other"], "r1")
    assert {CONTENT, TWIN} <= span.attributes.keys()


def test_beside_otlp(fake, mlflow):
    """Beside `otlp` each trace goes once to each, and the one's secrets do not reach the other."""
    with SmallMlflow() as collector:
        more = {
            "OTEL_TRACES_EXPORTER": "otlp,mlflow",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_EXPORTER_OTLP_HEADERS": "x-secret=s",
        }
        collector.refuse = lambda _: (200, {})
        done = run(ONE_CALL, fake.url, OTEL, **into(mlflow, **more))
    assert (done.returncode, done.stderr) == (0, "")
    assert [span.trace_id for span in collector.spans] == [span.trace_id for span in mlflow.spans]
    assert len(mlflow.spans) == 1
    assert collector.requests[0].headers["x-secret"] == "s"
    assert all("x-secret" not in request.headers for request in mlflow.requests)


def test_importing_costs_little(fake):
    """The package loads neither OpenTelemetry's SDK nor an HTTP library when it is imported."""
    program = """
import sys
import opentelemetry_instrumentation_gemini
print(sys.modules.keys() & {"opentelemetry.sdk", "requests", "google.protobuf"})
"""
    assert run(program, fake.url).stdout == "set()\n"
