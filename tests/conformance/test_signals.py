"""The metric and event rules accept what conforms and name what does not."""

import pytest
from opentelemetry._logs import SeverityNumber

from conformance import (
    Options,
    assert_conformant,
    check_log_records,
    check_metrics,
    events,
    metrics,
    subject,
    table,
)
from conformance.samples import (
    CALLED,
    INPUT,
    MODEL,
    OUTPUT,
    changed,
    make_event,
    make_metric,
)

INFERENCE = {"gen_ai.operation.name": "generate_content", **CALLED}
EMBEDDING = {**INFERENCE, "gen_ai.operation.name": "embeddings"}
TOOL = {"gen_ai.tool.name": "get_weather", "gen_ai.tool.type": "function"}
WORKFLOW = {"gen_ai.workflow.name": "w"}
AGENT = {"gen_ai.agent.name": "a"}
COUNTED = {**INFERENCE, "gen_ai.token.modality": "text"}

INPUT_TOKENS = "gen_ai.client.inference.usage.input_tokens"
SECONDS = "gen_ai.client.inference.duration"
OTHERS = "gen_ai.client.operation.duration"
RETIRED = "gen_ai.client.token.usage"


def bad_metric(rule, text, name, value, attributes, **how):
    """Describe one bad metric: which rule must say what."""
    return pytest.param(rule, text, name, value, attributes, how, id=f"{rule}: {text}")


BAD_METRICS = [
    bad_metric("name", "gen_ai.client.tokens", "gen_ai.client.tokens", 1, COUNTED),
    bad_metric("name", RETIRED, RETIRED, 1, {**INFERENCE, "gen_ai.token.type": "input"}),
    bad_metric("instrument", "must be counter", INPUT_TOKENS, 1, COUNTED, instrument="histogram"),
    bad_metric("instrument", "must be histogram", SECONDS, 1.0, INFERENCE, instrument="counter"),
    bad_metric("instrument", "is up_down", INPUT_TOKENS, 1, COUNTED, instrument="up_down_counter"),
    bad_metric("unit", "must be 's'", SECONDS, 1.0, INFERENCE, unit="ms"),
    bad_metric("bounded", "bucket boundaries", SECONDS, 1.0, INFERENCE, buckets=(1.0, 2.0)),
    bad_metric("measured", "value must be int", INPUT_TOKENS, 1.0, COUNTED),
    bad_metric("required", "gen_ai.token.modality", INPUT_TOKENS, 1, INFERENCE),
    bad_metric("required", "gen_ai.operation.name", SECONDS, 1.0, CALLED),
    bad_metric("required", "gen_ai.tool.name", "gen_ai.execute_tool.duration", 1.0, {}),
    bad_metric("listed_only", "error.type", INPUT_TOKENS, 1, {**COUNTED, "error.type": "429"}),
    bad_metric("listed_only", "user.id", SECONDS, 1.0, {**INFERENCE, "user.id": "u"}),
    bad_metric("typed", "server.port", SECONDS, 1.0, {**INFERENCE, "server.port": 443.0}),
    bad_metric(
        "valued", "token.modality", INPUT_TOKENS, 1, {**COUNTED, "gen_ai.token.modality": "video"}
    ),
    bad_metric("operation", "brew", OTHERS, 1.0, {**INFERENCE, "gen_ai.operation.name": "brew"}),
    bad_metric("port", "server.port", SECONDS, 1.0, changed(INFERENCE, {"server.port": None})),
    bad_metric("duration", SECONDS, OTHERS, 1.0, INFERENCE),
    bad_metric("duration", "no inference", SECONDS, 1.0, EMBEDDING),
    bad_metric(
        "duration",
        "gen_ai.execute_tool.duration",
        OTHERS,
        1.0,
        {**INFERENCE, "gen_ai.operation.name": "execute_tool"},
    ),
    bad_metric("scope", "scope name", SECONDS, 1.0, INFERENCE, scope="gemini"),
]
# Rules of the metric or its scope, beside those of a point.
OF_THE_METRIC = {"name", "instrument", "unit", "scope"}

DETAILS = {
    **INFERENCE,
    "gen_ai.request.stream": True,
    "gen_ai.response.time_to_first_chunk": 0.5,
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 12,
    "gen_ai.usage.output_tokens": 30,
    "gen_ai.input.messages": INPUT,
    "gen_ai.output.messages": OUTPUT,
    "gcp.gen_ai.traffic_type": "ON_DEMAND",
}
RAISED = {"exception.type": "ValueError", "exception.message": "no"}
WARN = {"severity": SeverityNumber.WARN}
LENGTH = [{**OUTPUT[0], "finish_reason": "length"}]


def bad_event(rule, text, changes=None, name=table.DETAILS_EVENT, **how):
    """Describe one bad event: what to change in a good one, which rule must say what."""
    attributes = changed(RAISED if name == table.EXCEPTION_EVENT else DETAILS, changes or {})
    return pytest.param(rule, text, name, attributes, how, id=f"{rule}: {text}")


BAD_EVENTS = [
    bad_event("name", "no event", name="gen_ai.choice"),
    bad_event("severity", "must be 5", **WARN),
    bad_event("severity", "must be 13", name=table.EXCEPTION_EVENT),
    bad_event("body", "body must be absent", body="text"),
    bad_event("scope", "scope name", scope="gemini"),
    bad_event("contents", "input.messages", {"gen_ai.input.messages": "[]"}),
    bad_event(
        "contents",
        "no base64",
        {"gen_ai.system_instructions": [{"type": "blob", "modality": "image", "content": "?"}]},
    ),
    bad_event("inference", "embeddings", {"gen_ai.operation.name": "embeddings"}),
    bad_event(
        "exception",
        "exception.type",
        {"exception.type": None, "exception.message": None},
        name=table.EXCEPTION_EVENT,
        **WARN,
    ),
    bad_event("registered", "gen_ai.system", {"gen_ai.system": "gemini"}),
    bad_event("listed", "gen_ai.tool.name", {"gen_ai.tool.name": "f"}),
    bad_event("required", "gen_ai.provider.name", {"gen_ai.provider.name": None}),
    bad_event("typed", "gen_ai.request.top_k", {"gen_ai.request.top_k": 1.0}),
    bad_event("valued", "gen_ai.output.type", {"gen_ai.output.type": "audio"}),
    bad_event("operation", "brew", {"gen_ai.operation.name": "brew"}),
    bad_event("port", "server.port", {"server.port": None}),
    bad_event("streamed", "time_to_first_chunk", {"gen_ai.request.stream": None}),
    bad_event("choices", "choice.count", {"gen_ai.request.choice.count": 1}),
    bad_event(
        "finished",
        "finish_reasons",
        {"gen_ai.response.finish_reasons": [], "gen_ai.output.messages": None},
    ),
    bad_event("agreeing", "['length']", {"gen_ai.output.messages": LENGTH}),
    bad_event("counted", "cache_write", {"gen_ai.usage.cache_write.input_tokens": -1}),
    bad_event("within", "reasoning", {"gen_ai.usage.reasoning.output_tokens": 31}),
]


@pytest.fixture(autouse=True)
def _documented(monkeypatch):
    """Stand in for the package's list, so that these tests are about the checker alone."""
    monkeypatch.setattr(subject, "custom_operations", lambda: frozenset({"count_tokens"}))


def good_attributes(name):
    """Choose the attributes that a metric requires."""
    if name.startswith("gen_ai.client.inference.usage."):
        return COUNTED
    by_prefix = {
        "gen_ai.client.inference.": INFERENCE,
        OTHERS: {**EMBEDDING, "error.type": "429"},
        "gen_ai.execute_tool.": TOOL,
        "gen_ai.invoke_agent.": AGENT,
        "gen_ai.invoke_workflow.": WORKFLOW,
    }
    return next(value for prefix, value in by_prefix.items() if name.startswith(prefix))


@pytest.mark.parametrize("name", table.METRICS)
def test_a_good_metric_passes(name):
    """Every metric of the table passes when it is made as the table says."""
    value = 1.5 if table.METRICS[name].value_type == "double" else 2

    assert check_metrics(make_metric(name, value, good_attributes(name))) == []


@pytest.mark.parametrize(("rule", "text", "name", "value", "attributes", "how"), BAD_METRICS)
def test_a_bad_metric_fails_by_its_rule(rule, text, name, value, attributes, how):
    """One fault is one kind of message, which names the metric, the rule and the attribute."""
    found = check_metrics(make_metric(name, value, attributes, **how))

    assert found
    assert all(f"[{rule}] " in each and name in each for each in found)
    assert text in found[0]


def test_every_metric_rule_has_a_bad_metric():
    """No metric rule stands untested."""
    rules = {rule.__name__ for rule in metrics.RULES} | OF_THE_METRIC

    assert rules == {case.values[0] for case in BAD_METRICS}


def test_a_histogram_of_the_wrong_number_type_is_found():
    """Whole seconds recorded as integers are no doubles: sum, minimum and maximum say so."""
    found = check_metrics(make_metric(SECONDS, 1, INFERENCE))

    assert [each.split("] ")[1].split()[0] for each in found] == ["sum", "min", "max"]


def test_retired_metrics_pass_on_request():
    """The retired names are fine where the settings ask for them, and only there."""
    retired = Options(retired=True)
    tokens = make_metric(RETIRED, 2, {**INFERENCE, "gen_ai.token.type": "input"})
    wrong = make_metric(RETIRED, 2, {**INFERENCE, "gen_ai.token.type": "total"})

    assert check_metrics(tokens, retired) == []
    assert check_metrics(make_metric(OTHERS, 1.0, INFERENCE), retired) == []
    assert "[valued] gen_ai.token.type" in check_metrics(wrong, retired)[0]


def test_custom_operations_report_either_duration():
    """An operation beside the enumeration may stand on the metric of either family."""
    custom = {**INFERENCE, "gen_ai.operation.name": "count_tokens"}

    assert check_metrics(make_metric(OTHERS, 1.0, custom)) == []
    assert check_metrics(make_metric(SECONDS, 1.0, custom)) == []


def test_foreign_metrics_and_none_pass():
    """Another library's metrics are not looked at, and a reader may have nothing."""
    assert check_metrics(make_metric("db.calls", 1, {"a": 1}, scope="db")) == []
    assert check_metrics(None) == []


@pytest.mark.parametrize(
    ("name", "attributes", "severity"),
    [
        (table.DETAILS_EVENT, DETAILS, SeverityNumber.DEBUG),
        (table.DETAILS_EVENT, {**INFERENCE, "error.type": "429"}, SeverityNumber.DEBUG),
        (table.EXCEPTION_EVENT, RAISED, SeverityNumber.WARN),
        (
            table.EXCEPTION_EVENT,
            {**RAISED, **INFERENCE, "gen_ai.request.top_k": 1},
            SeverityNumber.WARN,
        ),
        ("gen_ai.evaluation.result", {"gen_ai.evaluation.name": "taste"}, SeverityNumber.INFO),
    ],
)
def test_a_good_event_passes(name, attributes, severity):
    """Events that conform have no violation."""
    assert check_log_records([make_event(name, attributes, severity=severity)]) == []


@pytest.mark.parametrize(("rule", "text", "name", "attributes", "how"), BAD_EVENTS)
def test_a_bad_event_fails_by_its_rule(rule, text, name, attributes, how):
    """One fault is one message, which names the event, the rule and the attribute."""
    (found,) = check_log_records([make_event(name, attributes, **how)])

    assert found.startswith(f"event {name!r}")
    assert f"[{rule}] " in found
    assert text in found


def test_every_event_rule_has_a_bad_event():
    """No event rule stands untested."""
    rules = {rule.__name__ for rule in events.RULES} | {"name"}

    assert rules == {case.values[0] for case in BAD_EVENTS}


def test_foreign_log_records_pass():
    """A record of the application's own logging is not looked at."""
    assert check_log_records([make_event("login", {"user": MODEL}, scope="app")]) == []


def test_all_signals_are_asserted_together():
    """One assertion takes all three signals and lists what each did wrong."""
    good = {"metrics": make_metric(SECONDS, 1.0, INFERENCE), "logs": []}
    assert_conformant(**good)

    with pytest.raises(AssertionError, match="2 violations"):
        assert_conformant(
            metrics=make_metric(SECONDS, 1.0, INFERENCE, unit="ms"),
            logs=[make_event(table.DETAILS_EVENT, DETAILS, **WARN)],
        )
