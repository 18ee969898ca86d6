"""The same calls traced by `mlflow.gemini.autolog()` and by `autolog()`, in one MLflow server."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from autolog.programs import run
from backends.mlflow_server import PYTHON, needs_mlflow, readback, serving
from backends.mlflow_traces import SESSION, USER, experiment_id, read_trace
from fake_gemini import FakeGemini, Scenario
from fake_gemini.reported import summed, usage_of
from fake_gemini.scenarios import media, text
from fake_gemini.wire import answer

from mlflow_demo.verdict import reported_tokens  # isort: skip

PROGRAM = Path(__file__).with_name("same_calls.py").read_text()
SLOW = Scenario("slow", (answer(text.PLAIN_TEXT.steps[0].unary.body, delay=2),), ())
# How many requests each call makes, in their order.
REQUESTS = {
    "text": 1,
    "parameters": 1,
    "chat": 1,
    "tools": 2,
    "chat_tools": 2,
    "raising_tool": 2,
    "async": 1,
    "embedding": 1,
    "image": 1,
    "error": 1,
}
ANSWERED = ("text", "parameters", "chat", "tools", "async", "embedding", "image", "cached")

pytestmark = [pytest.mark.slow, needs_mlflow]


class Run:
    """What one of the two made of the program."""

    def __init__(self, server, who, python):
        with FakeGemini() as fake:
            cached, slow = (fake.play(each) for each in (text.CACHED_TOKENS, SLOW))
            done = run(
                PROGRAM,
                fake.url,
                python=python,
                TRACED_BY=who,
                CACHED_URL=cached.url,
                SLOW_URL=slow.url,
                PIXEL=media.PNG,
                MLFLOW_TRACKING_URI=server.url,
                MLFLOW_EXPERIMENT_NAME=who,
                MLFLOW_DISABLE_TELEMETRY="true",
            )
            assert done.returncode == 0, done.stderr
            self.requests = [*fake.free.requests]
            self.usages = self._by_call(fake, cached)
        self.said = done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        self.config = told.pop("config")
        self.raised = {name: one["raised"] for name, one in told.items()}
        self.traces = {
            name: read_trace(server, one["trace"]) for name, one in told.items() if one["trace"]
        }

    @staticmethod
    def _by_call(fake, cached):
        due = iter(fake.free.responses)
        usages = {
            name: summed(usage_of(next(due)) for _ in range(count))
            for name, count in REQUESTS.items()
        }
        return {**usages, "cached": cached.reported_usage}

    def billed(self, name):
        """The input and output tokens that Gemini told for a call."""
        tokens = reported_tokens(self.usages[name])
        return tokens.input, tokens.output


@pytest.fixture(scope="module", name="server")
def _server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("mlflow")) as server:
        yield server


@pytest.fixture(scope="module", name="ours")
def _ours(server):
    return Run(server, "ours", sys.executable)


@pytest.fixture(scope="module", name="theirs")
def _theirs(server):
    return Run(server, "theirs", PYTHON)


def test_nothing_changes_for_the_program(ours, theirs):
    """What is sent and raised is the SDK's own with ours, and is not with theirs."""
    expected = dict.fromkeys([*ANSWERED, "chat_tools", "raising_tool"])
    expected |= {"cancelled": "TimeoutError", "error": "ServerError"}
    assert ours.raised == expected
    assert theirs.raised == expected | {"cancelled": None}
    told = {"task_type": "RETRIEVAL_QUERY"}
    assert ours.config == told
    assert theirs.config != told
    assert not any("traceparent" in request.headers for request in ours.requests)
    assert any("traceparent" in request.headers for request in theirs.requests)


def test_every_call_has_its_trace(ours, theirs):
    """Each call is one trace, in the state that it ended in; theirs calls a cancelled one good."""
    expected = {name: "ERROR" if raised else "OK" for name, raised in ours.raised.items()}
    assert {name: trace.state for name, trace in ours.traces.items()} == expected
    found = {name: trace.state for name, trace in theirs.traces.items()}
    assert found == expected | {"cancelled": "OK"}


@pytest.mark.parametrize("name", [*ANSWERED, "chat_tools", "raising_tool"])
def test_tokens(name, ours, theirs):
    """The trace's sum is what Gemini told: thoughts, cached tokens and every round."""
    assert ours.traces[name].tokens == ours.billed(name)
    if name == "cached":
        # The only call without thoughts, and they see what was cached.
        assert theirs.traces[name].tokens == theirs.billed(name)
    else:
        assert theirs.traces[name].tokens != theirs.billed(name)


@pytest.mark.parametrize(
    ("name", "types", "their_types"),
    [
        ("text", ["LLM"], ["LLM", "LLM"]),
        ("chat", ["LLM"], ["CHAT_MODEL", "LLM", "LLM"]),
        ("tools", ["AGENT", "LLM", "TOOL", "LLM"], ["LLM", "LLM", "LLM"]),
        ("embedding", ["EMBEDDING"], ["EMBEDDING"]),
        ("error", ["LLM"], ["LLM", "LLM"]),
    ],
)
def test_types_models_and_providers(name, types, their_types, ours, theirs):
    """Each span has its type, model and provider; theirs makes several of each inference."""
    mine, others = ours.traces[name], theirs.traces[name]
    assert mine.all("mlflow.spanType") == types
    assert others.all("mlflow.spanType") == their_types
    assert set(mine.all("mlflow.llm.provider")) == set(others.all("mlflow.llm.provider"))
    assert set(mine.all("mlflow.llm.provider")) == {"gemini"}
    assert set(mine.all("mlflow.llm.model")) == set(others.all("mlflow.llm.model"))


def test_names(ours, theirs):
    """A trace is named after its root, which says the operation and the model."""
    assert ours.traces["text"].name == "generate_content gemini-2.5-flash"
    assert theirs.traces["text"].name == "Models.generate_content"
    assert ours.traces["tools"].name == "invoke_agent"
    for each in (ours, theirs):
        assert {trace.name == trace.root.name for trace in each.traces.values()} == {True}


def test_inputs_and_outputs(ours, theirs):
    """The list reads as text; theirs is the JSON of arguments and response."""
    mine, others = ours.traces["text"], theirs.traces["text"]
    assert (mine.asked, mine.answered) == (
        "What is the capital of France?",
        "The capital of France is Paris.",
    )
    assert others.asked.startswith('{"model": "gemini-2.5-flash"')
    assert others.answered.startswith('{"sdk_http_response"')
    sent = mine.root.attributes["mlflow.spanInputs"]["messages"]
    assert sent[0] == {"role": "system", "content": "Be brief."}


def test_images(ours, theirs):
    """An image is an image that the page draws; theirs stands in the inputs as they came."""
    [message] = ours.traces["image"].root.attributes["mlflow.spanInputs"]["messages"]
    url = message["content"][1]["image_url"]["url"]
    assert url == f"data:image/png;base64,{media.PNG}"
    assert "image_url" not in json.dumps(theirs.traces["image"].root.attributes)


def test_parameters(ours, theirs):
    """The parameters of a request can be read with both."""
    told = ours.traces["parameters"].root.attributes
    config = theirs.traces["parameters"].root.attributes["mlflow.spanInputs"]["config"]
    names = {
        "temperature": "gen_ai.request.temperature",
        "top_p": "gen_ai.request.top_p",
        "max_output_tokens": "gen_ai.request.max_tokens",
        "stop_sequences": "gen_ai.request.stop_sequences",
    }
    assert {name: told[ours] for name, ours in names.items()} == config


def test_tools(ours, theirs):
    """The tools that were offered and their calls can be read; only ours has a span of each."""
    for each in (ours, theirs):
        offered = each.traces["tools"].all("mlflow.chat.tools")
        assert {tool["function"]["name"] for tools in offered for tool in tools} == {"get_weather"}
    [tool] = [span for span in ours.traces["tools"].spans if span.name.startswith("execute_tool")]
    assert tool.attributes["mlflow.spanInputs"] == {"city": "Paris"}
    assert tool.status == "OK"
    assert "TOOL" not in theirs.traces["tools"].all("mlflow.spanType")


def test_a_tool_that_raises(ours, theirs):
    """Its exception is on its span; theirs knows nothing of it."""
    failed = [span for span in ours.traces["raising_tool"].spans if span.status == "ERROR"]
    assert [span.name for span in failed] == ["execute_tool get_lost"]
    assert "LookupError" in json.dumps(failed[0].events)
    assert {span.status for span in theirs.traces["raising_tool"].spans} == {"OK"}


def test_errors(ours, theirs):
    """State, status, message and exception are there with both; a chat only with ours."""
    for each in (ours, theirs):
        trace = each.traces["error"]
        assert (trace.state, trace.root.status) == ("ERROR", "ERROR")
        assert "503 UNAVAILABLE" in trace.root.message
        [event] = trace.root.events
        assert "The model is overloaded" in event["exception.message"]
        assert trace.root.attributes["mlflow.spanLogLevel"] == 40
    chat = "mlflow.chat.messages"
    assert ours.traces["error"].all(chat) == [[{"role": "user", "content": "simulate 503"}]]
    assert theirs.traces["error"].all(chat) == []


def test_sessions_and_users(ours, theirs):
    """`annotate()` names the session and the user; autolog knows neither."""
    assert ours.traces["chat"].metadata[SESSION] == "support-4711"
    assert ours.traces["chat"].metadata[USER] == "u-12"
    assert SESSION not in theirs.traces["chat"].metadata


def test_costs(ours, theirs, server):
    """The dashboard's sum is the sum of the traces; theirs counts each span that is in another."""
    sums = {}
    for who, each in (("ours", ours), ("theirs", theirs)):
        wanted = {
            "experiment_ids": [experiment_id(server, who)],
            "view_type": "SPANS",
            "metric_name": "total_cost",
            "aggregations": [{"aggregation_type": "SUM"}],
        }
        found = readback.call(f"{server.url}/ajax-api/3.0/mlflow/traces/metrics", wanted)
        [point] = found["data_points"]
        sums[who] = point["values"]["SUM"], sum(trace.cost or 0 for trace in each.traces.values())
    assert sums["ours"][0] == pytest.approx(sums["ours"][1])
    assert sums["theirs"][0] > 1.9 * sums["theirs"][1]


def test_log(ours, theirs):
    """The program's log is the SDK's own; theirs adds a traceback."""
    assert "Traceback" not in ours.said
    assert "opentelemetry" not in ours.said
    assert "Failed to extract token usage" in theirs.said
