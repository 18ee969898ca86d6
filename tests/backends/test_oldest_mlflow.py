"""The quickstart's traces in the first MLflow that takes OTLP, which is 3.6.0."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backends.mlflow_server import ROOT, plan, readback, serving

# An environment that holds the old MLflow alone; programs run in the tests' own.
PYTHON = Path(os.environ.get("OLDEST_MLFLOW_PYTHON", ROOT / ".venvs/oldest-mlflow/bin/python"))
INSTRUMENT = Path(sys.executable).with_name("opentelemetry-instrument")
FOREIGN = ("MLFLOW_", "OTEL_", "GEMINI_", "GOOGLE_", "PYTHON")
ROUND = "generate_content gemini-2.5-flash"
LOOP = ["execute_tool get_weather", ROUND, ROUND, "invoke_agent"]
AUTOLOG = """
from google import genai
from opentelemetry_instrumentation_gemini import autolog

autolog(tracking_uri="{server}", experiment="autologged")
client = genai.Client()
client.models.generate_content(model="gemini-2.5-flash", contents="Why?")
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON.exists(),
        reason="MLflow 3.6.0 is not there: make test-backends, or OLDEST_MLFLOW_PYTHON",
    ),
]


@pytest.fixture(scope="module", name="server")
def _server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("mlflow"), PYTHON) as server:
        yield server


def _run(fake, *command, traces):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    environ = plan.program_environment(kept, gemini_url=fake.url, traces=traces)
    done = subprocess.run(
        [*map(str, command)], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _traces(server, experiment):
    """Each trace as state, preview of what was asked, and spans; the last one first."""
    place = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}
    search = {"locations": [place], "max_results": 100}
    found = readback.call(f"{server.url}/api/3.0/mlflow/traces/search", search)["traces"]
    spans = f"{server.url}/ajax-api/2.0/mlflow/get-trace-artifact?request_id="
    return [
        (one["state"], one["request_preview"], readback.call(spans + one["trace_id"])["spans"])
        for one in found
    ]


def _attribute(span, name):
    """An attribute as it was sent; this MLflow has made JSON of each once more."""
    text = span["attributes"].get(name)
    return None if text is None else json.loads(text)


def _names(traces):
    return sorted(sorted(span["name"] for span in spans) for _, _, spans in traces)


def test_the_quickstart(server, fake):
    """All seven traces are there with their spans, texts, types and true tokens."""
    experiment = readback.create_experiment(server.url, "quickstart")
    program = ROOT / "examples" / "quickstart.py"
    traces = plan.traces_to_mlflow(server.url, experiment)
    _run(fake, INSTRUMENT, sys.executable, program, traces=traces)
    found = _traces(server, experiment)
    assert [state for state, *_ in found] == ["ERROR", *["OK"] * 6]
    failed = ["generate_content no-such-model"]
    embedded = ["embeddings gemini-embedding-001"]
    assert _names(found) == sorted([embedded, LOOP, failed, *[[ROUND]] * 4])
    assert "What is the weather in Paris?" in found[2][1]
    spans = [span for _, _, spans in found for span in spans]
    types = {span["name"]: _attribute(span, "mlflow.spanType") for span in spans}
    assert types[ROUND] == "LLM"
    assert types["invoke_agent"] == "AGENT"
    assert types["execute_tool get_weather"] == "TOOL"
    usages = [_attribute(span, "mlflow.chat.tokenUsage") for span in spans]
    counted = [json.loads(usage) for usage in usages if usage is not None]
    sums = [sum(one[side] for one in counted) for side in ("input_tokens", "output_tokens")]
    assert sums == [246, 226]


def test_autolog(server, fake):
    """The one line finds and fills its experiment there too."""
    _run(fake, sys.executable, "-c", AUTOLOG.format(server=server.url), traces={})
    url = f"{server.url}/api/2.0/mlflow/experiments/get-by-name?experiment_name=autologged"
    experiment = readback.call(url)["experiment"]["experiment_id"]
    [(state, asked, [span])] = _traces(server, experiment)
    assert (state, span["name"]) == ("OK", ROUND)
    assert "Why?" in asked
