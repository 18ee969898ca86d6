"""A framework's own spans around ours, as a real MLflow server adds them up."""

from __future__ import annotations

import pytest

from autolog.programs import run
from backends.mlflow_server import needs_mlflow, readback, serving
from backends.mlflow_traces import experiment_id, read_trace
from fake_gemini import FakeGemini
from neighbours.beside import needs, python_of
from neighbours.test_frameworks import OF_PYDANTIC_AI, PYDANTIC_AI

from mlflow_demo.verdict import reported_tokens  # isort: skip

pytestmark = [pytest.mark.slow, needs_mlflow, needs("pydantic-ai")]

ON = """
from opentelemetry_instrumentation_gemini import autolog, flush, last_trace_id

autolog(experiment="pydantic-ai")
"""
OFF = """
flush()
print(last_trace_id())
"""
COST = {
    "view_type": "SPANS",
    "metric_name": "total_cost",
    "aggregations": [{"aggregation_type": "SUM"}],
}


def test_pydantic_ai(tmp_path):
    """A trace's tokens and cost are counted once, by pydantic-ai's spans; the dashboard's twice."""
    with FakeGemini() as fake, serving(tmp_path) as server:
        program = ON + OF_PYDANTIC_AI + PYDANTIC_AI + OFF
        done = run(
            program, fake.url, python=python_of("pydantic-ai"), MLFLOW_TRACKING_URI=server.url
        )
        assert done.returncode == 0, done.stderr
        found = read_trace(server, done.stdout.split()[-1])
        wanted = {**COST, "experiment_ids": [experiment_id(server, "pydantic-ai")]}
        answer = readback.call(f"{server.url}/ajax-api/3.0/mlflow/traces/metrics", wanted)
        billed = reported_tokens(fake.free.reported_usage)
    assert found.name == "invoke_agent helper"
    assert found.tokens == (billed.input, billed.output)
    [point] = answer["data_points"]
    assert point["values"]["SUM"] == pytest.approx(2 * found.cost)
