"""The examples in the documents, run as they stand there."""

import json
import os
import runpy
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from docs import DOCUMENTS, ROOT, blocks
from opentelemetry_instrumentation_gemini import GeminiInstrumentor

RUN = "opentelemetry-instrument python app.py"
ADDRESS = "http://localhost:5000"
EXPERIMENT = "0"
APP = """
from google import genai
client = genai.Client()
print(client.models.generate_content(model="gemini-2.5-flash", contents="Hello!").text)
"""


class MlflowServer:
    """Answers as MLflow does where traces are sent, and keeps what came."""

    def __init__(self):
        self.received = received = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.reply({"experiment": {"experiment_id": EXPERIMENT, "name": "my-app"}})

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received.append((self.path, dict(self.headers), body))
                self.reply({})

            def reply(self, answer):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *_args):
                """Keep the tests' output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(name="mlflow")
def _mlflow():
    with MlflowServer() as server:
        yield server


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_python_examples_run(block, gemini, mlflow, tmp_path):
    """Each is a whole program that runs against Gemini, without a word on stderr."""
    program = tmp_path / "example.py"
    program.write_text(block.text.replace(ADDRESS, mlflow.url))
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    if "ConsoleSpanExporter" in block.text:
        assert '"name": "generate_content gemini-2.5-flash"' in done.stdout
        assert "gen_ai.output.messages" in done.stdout
    assert bool(mlflow.received) == ("autolog(" in block.text)
    assert all(b"generate_content gemini-2.5-flash" in body for *_, body in mlflow.received)


@pytest.mark.parametrize("block", blocks("bash"), ids=str)
def test_shell_examples_are_shell(block):
    """Each can be read by the shell."""
    subprocess.run(["bash", "-n"], input=block.text, text=True, check=True)


@pytest.mark.parametrize(
    "block",
    [block for block in blocks("bash") if RUN in block.text and ADDRESS in block.text],
    ids=str,
)
def test_commands_that_export_to_mlflow(block, gemini, mlflow, tmp_path):
    """An unchanged program's spans reach MLflow's address, in the experiment that is named."""
    (tmp_path / "app.py").write_text(APP)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e"],
        input=block.text.replace(ADDRESS, mlflow.url),
        env={**os.environ, "PATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    [(path, headers, body)] = mlflow.received
    assert path == "/v1/traces"
    assert headers["x-mlflow-experiment-id"] == EXPERIMENT
    assert b"generate_content gemini-2.5-flash" in body
    assert b"mlflow.spanOutputs" in body


def test_the_tree_of_the_readme_is_the_quickstarts(gemini, capsys):
    """Names and tokens are what the example makes; after a change paste `make demo`'s tree."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    GeminiInstrumentor().instrument(tracer_provider=provider)
    try:
        runpy.run_path(str(ROOT / "examples" / "quickstart.py"), run_name="__main__")
    finally:
        GeminiInstrumentor().uninstrument()
    made = sorted(exporter.get_finished_spans(), key=lambda span: span.start_time)
    assert _drawn(DOCUMENTS["README.md"]) == [(span.name, *_tokens(span)) for span in made]
    assert "Answer:" in capsys.readouterr().out


def _drawn(readme):
    """Return name, input and output tokens of each span in the tree."""
    rows = [line.partition("─ ")[2] for line in readme.splitlines() if "─ " in line]
    cells = [row.split(" ms ") for row in rows]
    return [
        (before.rsplit(maxsplit=1)[0], *(None if cell == "-" else int(cell) for cell in counts[:2]))
        for before, counts in ((before, after.split()) for before, after in cells)
    ]


def _tokens(span):
    attributes = span.attributes
    tokens_in = attributes.get("gen_ai.usage.input_tokens")
    # MLflow counts what an embedding does not have as 0.
    missing = None if tokens_in is None else 0
    return tokens_in, attributes.get("gen_ai.usage.output_tokens", missing)
