"""The whole demo, as a newcomer runs it."""

import os
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from mlflow_demo.plan import free_port

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = ("OTEL_", "GEMINI_", "GOOGLE_")

pytestmark = pytest.mark.slow


@pytest.fixture(name="collector")
def _collector():
    """Gives the address of an OTLP receiver and the bodies that it got."""
    bodies = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            """Keep the tests' output free of access lines."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", bodies
        server.shutdown()


def demo(**settings):
    environ = {name: os.environ[name] for name in os.environ if not name.startswith(FOREIGN)}
    return subprocess.run(
        ["make", "--no-print-directory", "demo"],
        cwd=ROOT,
        env=environ | settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_demo_shows_true_totals():
    """Seven traces come back from MLflow, priced, and their totals are what Gemini reported."""
    done = demo(DEMO_PORT=str(free_port()))
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"^tr-", done.stdout, re.MULTILINE)) == 7
    assert len(re.findall(r"─ generate_content gemini-2.5-flash .*\$0\.0\d+", done.stdout)) == 6
    assert re.search(r"─ generate_content no-such-model .*ERROR: .*404", done.stdout)
    assert "─ execute_tool get_weather" in done.stdout
    assert re.search(r"─ embeddings gemini-embedding-001 .*\$0\.0\d+", done.stdout)
    assert "The totals agree" in done.stdout


def test_demo_refuses_a_taken_port(taken_port):
    """A port that is taken ends the demo before anything is started."""
    done = demo(DEMO_PORT=str(taken_port))
    assert done.returncode != 0
    assert f"Port {taken_port} is taken" in done.stderr
    assert "opentelemetry-instrument" not in done.stdout


def test_own_backend_is_not_replaced(collector):
    """With OTLP settings of the user's own the spans go there and no MLflow is started."""
    url, bodies = collector
    done = demo(
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=f"{url}/v1/traces",
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL="http/protobuf",
        OTEL_METRICS_EXPORTER="none",
        OTEL_LOGS_EXPORTER="none",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" in done.stdout
    assert "MLflow starts" not in done.stdout
    assert b"".join(bodies).count(b"generate_content gemini-2.5-flash") == 6
