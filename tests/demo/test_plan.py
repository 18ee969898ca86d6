"""What the demo decides from the environment."""

import pytest
from mlflow_demo import plan as planning
from mlflow_demo.plan import DemoError

KEY = {"GEMINI_API_KEY": "a-key"}


def planned(environ, *, terminal=False):
    return planning.plan_from(environ, terminal=terminal)


def test_empty_environment_means_fake_and_mlflow():
    """Without any setting the fake answers, MLflow receives, and everything stops by itself."""
    plan = planned({})
    assert (plan.key, plan.otlp, plan.port, plan.at_the_end) == (None, (), None, "stop")


@pytest.mark.parametrize("name", ["GEMINI_API_KEY", "GOOGLE_API_KEY"])
def test_either_key_means_the_real_gemini(name):
    """Both of the SDK's variables switch to the real Gemini, empty ones do not."""
    assert planned({name: "a-key"}).key == name
    assert planned({name: ""}).key is None


def test_any_otlp_variable_wins():
    """A single OTLP variable keeps MLflow out; an empty one counts as not set, as OTLP says."""
    endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"
    assert planned({endpoint: "http://collector:4318"}).otlp == (endpoint,)
    assert planned({endpoint: ""}).otlp == ()


@pytest.mark.parametrize(
    ("keep", "terminal", "expected"),
    [("", False, "stop"), ("", True, "ask"), ("1", True, "keep"), ("0", True, "stop")],
)
def test_end_depends_on_keep_and_terminal(keep, terminal, expected):
    """KEEP decides; without it somebody at a terminal is asked."""
    assert planned({"KEEP": keep}, terminal=terminal).at_the_end == expected


def test_free_port_is_used_as_wished():
    """A wished port that is free is the port."""
    port = planning.free_port()
    assert planning.choose_port(str(port)) == port


def test_taken_port_names_the_variable(taken_port):
    """The message says which port is taken and the very command that avoids it."""
    with pytest.raises(DemoError, match=rf"Port {taken_port} is taken.*\n.*DEMO_PORT=\d+"):
        planning.choose_port(str(taken_port))


@pytest.mark.parametrize("wished", ["http", "0", "-1", "65536"])
def test_port_that_is_no_port_is_refused(wished):
    """A value that is no port number is refused by the variable's name."""
    with pytest.raises(DemoError, match="DEMO_PORT"):
        planning.choose_port(wished)


def test_usual_port_gives_way(taken_port, monkeypatch):
    """Without a wish a taken usual port is replaced by a free one."""
    monkeypatch.setattr(planning, "USUAL_PORT", taken_port)
    port = planning.choose_port(None)
    assert port != taken_port
    assert planning.is_free(port)


def test_fake_gets_a_key_and_its_address():
    """The SDK finds the fake by its own variables, and no setting leads it to Vertex AI."""
    environ = planning.program_environment(
        {"GOOGLE_GENAI_USE_VERTEXAI": "true"}, gemini_url="http://127.0.0.1:1", traces={}
    )
    assert environ["GOOGLE_GEMINI_BASE_URL"] == "http://127.0.0.1:1"
    assert environ["GEMINI_API_KEY"]
    assert "GOOGLE_GENAI_USE_VERTEXAI" not in environ


def test_real_gemini_is_left_alone():
    """With a key the program's Google settings are the user's own."""
    environ = planning.program_environment(KEY, gemini_url=None, traces={})
    assert environ["GEMINI_API_KEY"] == "a-key"
    assert "GOOGLE_GEMINI_BASE_URL" not in environ


def test_content_is_shown_unless_the_user_says_otherwise():
    """The demo records content by default; the user's own choice stands."""
    name = planning.CONTENT
    environment = planning.program_environment
    assert environment({}, gemini_url=None, traces={})[name] == "SPAN_ONLY"
    assert environment({name: "NO_CONTENT"}, gemini_url=None, traces={})[name] == "NO_CONTENT"


def test_traces_go_to_the_experiment_and_nothing_else_does():
    """MLflow takes spans over HTTP only and wants to be told the experiment."""
    traces = planning.traces_to_mlflow("http://127.0.0.1:5000", "7")
    environ = planning.program_environment(
        {"OTEL_TRACES_EXPORTER": "console"}, gemini_url=None, traces=traces
    )
    assert environ["OTEL_TRACES_EXPORTER"] == "otlp"
    assert environ["OTEL_METRICS_EXPORTER"] == environ["OTEL_LOGS_EXPORTER"] == "none"
    assert environ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] == "http://127.0.0.1:5000/v1/traces"
    assert environ["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] == "x-mlflow-experiment-id=7"


def test_loopback_bypasses_a_proxy():
    """A proxy of the user's stays, and is not asked for addresses of this machine."""
    environ = planning.program_environment(
        {"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "intranet"}, gemini_url=None, traces={}
    )
    assert environ["HTTPS_PROXY"] == "http://proxy:3128"
    assert environ["NO_PROXY"] == "intranet,127.0.0.1,localhost"
