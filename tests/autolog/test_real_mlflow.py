"""A real MLflow server, and programs without and with MLflow that send to it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from autolog.programs import AUTOLOG, ONE_CALL, OTEL, run
from fake_gemini import FakeGemini

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts"))

from mlflow_demo import readback  # noqa: E402 - the scripts are no package
from mlflow_demo.plan import free_port  # noqa: E402
from mlflow_demo.servers import running  # noqa: E402
from mlflow_demo.verdict import reported_tokens  # noqa: E402

# An environment that holds MLflow and this package; the tests' own does not hold MLflow.
PYTHON = Path(os.environ.get("MLFLOW_PYTHON", ROOT / ".venvs/demo/bin/python"))
PATIENCE = 180

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON.exists(), reason="no environment with MLflow: make test-mlflow, or MLFLOW_PYTHON"
    ),
]

TOOLS = """
from opentelemetry_instrumentation_gemini import last_trace_id


def get_weather(city: str) -> str:
    "The weather of a city."
    return f"sunny in {city}"


chat = client.chats.create(model="gemini-2.5-flash", config={"tools": [get_weather]})
chat.send_message("What is the weather in Paris?")
client.models.embed_content(model="gemini-embedding-001", contents="Why?")
print(last_trace_id())
"""

# What MLflow's page on Gemini does, before its token script ...
PAGE = """
import mlflow
from google import genai
from opentelemetry_instrumentation_gemini import autolog

autolog()

mlflow.set_tracking_uri({server!r})
mlflow.set_experiment({experiment!r})

client = genai.Client()
"""

# ... and the token script, which prints what the trace at *trace_id* says.
TOKENS = """
trace_id = {trace_id}
trace = mlflow.get_trace(trace_id=trace_id{flush})
total = trace.info.token_usage
print("total", total["input_tokens"], total["output_tokens"], total["total_tokens"])
for span in trace.data.spans:
    if usage := span.get_attribute("mlflow.chat.tokenUsage"):
        print("span", usage["input_tokens"], usage["output_tokens"], usage["total_tokens"])
"""
OURS = TOKENS.format(
    trace_id="__import__('opentelemetry_instrumentation_gemini').last_trace_id()", flush=""
)
THEIRS = TOKENS.format(trace_id="mlflow.get_last_active_trace_id()", flush=", flush=True")

ASK = 'client.models.generate_content(model="gemini-2.5-flash", contents="The opposite of hot")\n'
TRACED = f"""
@mlflow.trace
def work():
    return {ASK.strip()}.text

work()
"""
NAMES = "print('names', sorted(span.name for span in trace.data.spans))\n"
BOTH = "names ['generate_content gemini-2.5-flash', 'work']"


@pytest.fixture(name="gemini")
def _gemini():
    """A fake Gemini of each test's own, which counts its tokens."""
    with FakeGemini() as gemini:
        yield gemini


@pytest.fixture(scope="module", name="server")
def _server(tmp_path_factory):
    """A real MLflow server on SQLite."""
    folder = tmp_path_factory.mktemp("mlflow")
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    environ |= {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    command = [str(PYTHON.with_name("mlflow")), "server", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", "sqlite:///mlflow.db"]
    url = f"http://127.0.0.1:{port}"
    with running("MLflow", command, url=url, folder=folder, environ=environ) as server:
        server.wait_until_ready("/health", PATIENCE)
        yield server


def requests_taken(server):
    return server.log.read_text().count("POST /v1/traces")


def named(server, experiment):
    """Returns what the server says of an experiment's traces, and the experiment's id."""
    url = f"{server.url}/api/2.0/mlflow/experiments/get-by-name?experiment_name={experiment}"
    number = readback.call(url)["experiment"]["experiment_id"]
    return readback.read_traces(server.url, number), number


def with_mlflow(program, gemini, server, experiment, **environ):
    filled = program.replace("{server!r}", repr(server.url))
    filled = filled.replace("{experiment!r}", repr(experiment))
    environ |= {"MLFLOW_DISABLE_TELEMETRY": "true"}
    done = run(filled, gemini.url, python=PYTHON, **environ)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def told(gemini):
    """Returns the tokens that Gemini told, as the token script prints them."""
    tokens = reported_tokens(gemini.free.reported_usage)
    return f"{tokens.input} {tokens.output} {tokens.total}"


def test_program_without_mlflow(server, gemini):
    """Text, a tool loop and an embedding arrive, in a run, with the tokens that Gemini told."""
    number = readback.create_experiment(server.url, "no-mlflow")
    created = readback.call(
        f"{server.url}/api/2.0/mlflow/runs/create", {"experiment_id": number, "start_time": 1}
    )
    run_id = created["run"]["info"]["run_id"]
    done = run(
        AUTOLOG + ONE_CALL + TOOLS,
        gemini.url,
        MLFLOW_TRACKING_URI=server.url,
        MLFLOW_RUN_ID=run_id,
    )
    assert (done.returncode, "dropped" in done.stderr) == (0, False), done.stderr
    text, tools, embedding = named(server, "no-mlflow")[0]
    assert {trace.state for trace in (text, tools, embedding)} == {"OK"}
    sent = sorted(span.name for span in tools.spans)
    assert sent == [
        "execute_tool get_weather",
        "generate_content gemini-2.5-flash",
        "generate_content gemini-2.5-flash",
        "invoke_agent",
    ]
    stored = readback.tokens_of([text, tools, embedding])
    reported = reported_tokens(gemini.free.reported_usage)
    # Gemini reports no total for an embedding.
    assert (stored.input, stored.output) == (reported.input, reported.output)
    assert stored.total == stored.input + stored.output
    assert done.stdout.splitlines()[-1] == embedding.id
    place = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": number}}
    search = {"locations": [place], "filter": f"attribute.run_id = '{run_id}'"}
    found = readback.call(f"{server.url}/api/3.0/mlflow/traces/search", search)["traces"]
    assert {trace["trace_id"] for trace in found} == {text.id, tools.id, embedding.id}


def test_no_line_at_all(server, gemini):
    """Under opentelemetry-instrument the exporter's name is enough."""
    done = run(
        ONE_CALL,
        gemini.url,
        OTEL,
        MLFLOW_TRACKING_URI=server.url,
        MLFLOW_EXPERIMENT_NAME="zero-code",
        OTEL_TRACES_EXPORTER="mlflow",
    )
    assert (done.returncode, done.stderr) == (0, "")
    (trace,) = named(server, "zero-code")[0]
    assert trace.tokens == reported_tokens(gemini.free.reported_usage)


def test_the_pages_script(server, gemini):
    """The page's token script runs with its names changed, in a run, and takes feedback."""
    program = f"""
{PAGE}
with mlflow.start_run() as active:
    {ASK}
{OURS}
(found,) = mlflow.search_traces(run_id=active.info.run_id, return_type="list")
assert found.info.trace_id == trace_id
mlflow.log_feedback(trace_id=trace_id, name="good", value=True)
(feedback,) = mlflow.get_trace(trace_id).info.assessments
print("feedback", feedback.name, feedback.value)
"""
    said = with_mlflow(program, gemini, server, "page")
    assert f"total {told(gemini)}" in said
    assert f"span {told(gemini)}" in said
    assert "feedback good True" in said


def test_experiments_and_runs_as_they_come(server, gemini):
    """Each trace is in the experiment and the run that MLflow had when it began."""
    program = f"""
{PAGE}
with mlflow.start_run() as first:
    {ASK}
with mlflow.start_run() as second:
    {ASK}
mlflow.set_experiment("later")
{ASK}
{OURS}
mlflow.set_experiment({{experiment!r}})
for active in (first, second):
    print("in run", len(mlflow.search_traces(run_id=active.info.run_id, return_type="list")))
"""
    said = with_mlflow(program, gemini, server, "sooner")
    assert said.count("in run 1") == 2
    assert [len(named(server, name)[0]) for name in ("sooner", "later")] == [2, 1]


def test_shared_provider(server, gemini):
    """Where MLflow shares its provider the token script runs unchanged, and traces join."""
    program = PAGE + ASK + THEIRS + TRACED + THEIRS + NAMES
    said = with_mlflow(
        program, gemini, server, "shared", MLFLOW_USE_DEFAULT_TRACER_PROVIDER="false"
    )
    assert said[-1] == BOTH
    traces, _ = named(server, "shared")
    assert len(traces) == 2
    assert readback.tokens_of(traces) == reported_tokens(gemini.free.reported_usage)


def test_bridged_provider(server, gemini):
    """On MLflow's bridged provider the token script runs unchanged, and traces join."""
    page = PAGE.replace("import autolog", "import GeminiInstrumentor").replace("autolog()\n", "")
    bridge = """
GeminiInstrumentor().instrument(tracer_provider=mlflow.tracing.get_bridged_tracer_provider())
"""
    program = page + bridge + TRACED + THEIRS + NAMES
    said = with_mlflow(
        program, gemini, server, "bridged", MLFLOW_TRACE_PROPAGATE_TO_OTEL_CONTEXT="true"
    )
    assert f"total {told(gemini)}" in said
    assert said[-1] == BOTH


def test_two_providers(server, gemini):
    """Where MLflow keeps its provider and passes its context on, traces join on the server."""
    program = PAGE + TRACED + "mlflow.flush_trace_async_logging()\n" + OURS + NAMES
    said = with_mlflow(
        program, gemini, server, "two", MLFLOW_TRACE_PROPAGATE_TO_OTEL_CONTEXT="true"
    )
    assert f"total {told(gemini)}" in said
    assert said[-1] == BOTH


def test_beside_mlflows_own(server, gemini):
    """Beside `mlflow.otel.autolog()` each trace is sent once, and after it too."""
    program = f"""
{PAGE}
import mlflow.otel

mlflow.otel.autolog()
{ASK}
{OURS}
mlflow.otel.autolog(disable=True)
{ASK}
{OURS}
"""
    before = requests_taken(server)
    said = with_mlflow(program, gemini, server, "beside")
    assert len([line for line in said if line.startswith("total")]) == 2
    assert requests_taken(server) == before + 2
    traces, _ = named(server, "beside")
    assert readback.tokens_of(traces) == reported_tokens(gemini.free.reported_usage)


def test_one_bad_trace(server, gemini):
    """A trace that MLflow refuses does not cost the others that were sent with it."""
    program = f"""
{AUTOLOG}
from opentelemetry import trace
{ONE_CALL}
with trace.get_tracer("a").start_as_current_span("bad", attributes={{"session.id": "x" * 300}}):
{ONE_CALL.replace(chr(10), chr(10) + "    ")}
{ONE_CALL}
"""
    done = run(
        program, gemini.url, MLFLOW_TRACKING_URI=server.url, MLFLOW_EXPERIMENT_NAME="bad-trace"
    )
    assert len(named(server, "bad-trace")[0]) == 2
    assert len(done.stderr.splitlines()) == 1
    assert "refuses them with 400" in done.stderr
