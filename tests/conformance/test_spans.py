"""The span rules accept what conforms and name what does not."""

import json

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from conformance import (
    Options,
    StartRecorder,
    assert_conformant,
    check_span,
    check_spans,
    samples,
    spans,
    subject,
    table,
)
from conformance.samples import SPANS, TOTALS, make_span

LENGTH = json.dumps([{**samples.OUTPUT[0], "finish_reason": "length"}])
NAN = '[{"role": "user", "parts": [], "weight": NaN}]'
REASONS = "gen_ai.response.finish_reasons"
RETRY = "gcp.gen_ai.retry"
ATTEMPT = f"{RETRY}.attempt"
AGAIN = {ATTEMPT: 2, "error.type": "503"}
RESENT = "http.request.resend_count"
SILENT = {"gen_ai.output.messages": None}
TOKENS = "mlflow.chat.tokenUsage"
TTFC = "gen_ai.response.time_to_first_chunk"
USED = "gen_ai.usage."


def bad(rule, text, sample, changes=None, **how):
    """Describe one bad span: what to change in a good sample, which rule must say what."""
    return pytest.param(rule, text, sample, changes or {}, how, id=f"{rule}: {text}")


def totals(**changes):
    """Change MLflow's JSON on the inference sample."""
    return {TOKENS: json.dumps({**TOTALS, **changes})}


BAD = [
    bad("registered", "gen_ai.system", "inference", {"gen_ai.system": "gemini"}),
    bad("registered", "llm.model", "inference", {"llm.model": "m"}),
    bad("listed", "gen_ai.tool.name", "inference", {"gen_ai.tool.name": "f"}),
    bad("listed", "gen_ai.provider.name", "tool", {"gen_ai.provider.name": "gcp.gemini"}),
    bad("listed", "gen_ai.provider.name", "loop", {"gen_ai.provider.name": "gcp.gemini"}),
    bad("listed", "gen_ai.response.status", "agent", {"gen_ai.response.status": "completed"}),
    bad("listed", f"{USED}output_tokens", "embeddings", {f"{USED}output_tokens": 0}),
    bad("required", "gen_ai.provider.name", "inference", {"gen_ai.provider.name": None}),
    bad("required", "gen_ai.provider.name", "agent", {"gen_ai.provider.name": None}),
    bad("required", "gen_ai.provider.name", "custom", {"gen_ai.provider.name": None}),
    bad("required", "gen_ai.response.id", "fetch", {"gen_ai.response.id": None}),
    bad("required", "gen_ai.operation.name", "inference", {"gen_ai.operation.name": None}),
    bad("typed", "gen_ai.request.top_k", "inference", {"gen_ai.request.top_k": 40.0}),
    bad("typed", "gen_ai.request.seed", "inference", {"gen_ai.request.seed": True}),
    bad("typed", "gen_ai.request.top_p", "inference", {"gen_ai.request.top_p": 1}),
    bad("typed", "stop_sequences", "inference", {"gen_ai.request.stop_sequences": "END"}),
    bad("typed", "variable.city", "inference", {"gen_ai.prompt.variable.city": 1}),
    bad("typed", "server.port", "inference", {"server.port": "443"}),
    bad("typed", "error.type", "failure", {"error.type": 429}),
    bad("valued", "gen_ai.output.type", "inference", {"gen_ai.output.type": "audio"}),
    bad("valued", "gen_ai.provider.name", "inference", {"gen_ai.provider.name": "openai"}),
    bad("valued", "gen_ai.response.status", "fetch", {"gen_ai.response.status": "Status.DONE"}),
    bad("valued", "gen_ai.request.stream", "failure", {"gen_ai.request.stream": False}),
    bad("operation", "make_coffee", "custom", {"gen_ai.operation.name": "make_coffee"}),
    bad("operation", "interactions", "failure", {"gen_ai.operation.name": "interactions"}),
    bad("port", "server.port", "inference", {"server.port": None}),
    bad("kind", "kind must be client", "inference", kind=SpanKind.INTERNAL),
    bad("kind", "kind must be internal", "tool", kind=SpanKind.CLIENT),
    bad("kind", "kind must be internal", "loop", kind=SpanKind.SERVER),
    bad("kind", "kind must be client", "custom", kind=SpanKind.INTERNAL),
    bad("named", "gen_ai.request.model", "inference", name="generate_content"),
    bad("named", "gen_ai.tool.name", "tool", name="execute_tool"),
    bad("named", "gen_ai.agent.name", "loop", name="invoke_agent gemini-2.5-flash"),
    bad("named", "'fetch_response'", "fetch", name="fetch_response i-1"),
    bad("named", "gen_ai.request.model", "custom", name="count_tokens"),
    bad("status", "is OK", "inference", status=StatusCode.OK),
    bad("status", "error.type is required", "tool", status=StatusCode.ERROR),
    bad("status", "error.type is set", "failure", status=StatusCode.UNSET),
    bad("scope", "scope name", "inference", scope="gemini"),
    bad("scope", "schema URL", "inference", schema_url="https://example.com/1.37.0"),
    bad("streamed", f"{TTFC} is set", "inference", {"gen_ai.request.stream": None}),
    bad("streamed", f"{TTFC} must be", "inference", {TTFC: -0.1}),
    bad("choices", "choice.count", "inference", {"gen_ai.request.choice.count": 1}),
    bad("finished", f"{REASONS} must hold", "inference", {REASONS: [""], **SILENT}),
    bad("finished", f"{REASONS} must", "inference", {REASONS: [], **SILENT}),
    bad("contents", "input.messages is no", "inference", {"gen_ai.input.messages": "Hello"}),
    bad("contents", "NaN", "inference", {"gen_ai.input.messages": NAN}),
    bad("contents", "[0].parts", "inference", {"gen_ai.input.messages": '[{"role": "user"}]'}),
    bad("contents", "call.arguments", "tool", {"gen_ai.tool.call.arguments": '"Oslo"'}),
    bad("contents", "call.result: ", "tool", {"gen_ai.tool.call.result": "[7]"}),
    bad("contents", "JSON string", "tool", {"gen_ai.tool.call.result": 7}),
    bad("agreeing", "['length']", "inference", {"gen_ai.output.messages": LENGTH}),
    bad("plain", "gcp.gen_ai.note", "inference", {"gcp.gen_ai.note": "\ud800"}),
    bad("span_type", "mlflow.spanType", "inference", {"mlflow.spanType": '"LLM"'}),
    bad("events", "exception.type", "tool", event=("exception", {})),
    bad("events", "gen_ai.note", "tool", event=("retry", {"gen_ai.note": 1})),
    bad("resent", "events are 0", "inference", {RESENT: 1}),
    bad("resent", "events are 0", "custom", {RESENT: 0}),
    bad("resent", "events are 1", "custom", event=(RETRY, AGAIN)),
    bad("resent", "from 2 on", "custom", {RESENT: 1}, event=(RETRY, {**AGAIN, ATTEMPT: 1})),
    bad("resent", "error.type", "custom", {RESENT: 1}, event=(RETRY, {ATTEMPT: 2})),
    bad("counted", "cache_write", "inference", {f"{USED}cache_write.input_tokens": -1}),
    bad("within", "reasoning", "inference", {f"{USED}reasoning.output_tokens": 31}),
    bad("within", "image.input", "inference", {f"{USED}image.input_tokens": 1}),
    bad("unbilled", "count_tokens", "custom", {f"{USED}cache_write.input_tokens": 4}),
    bad("totalled", "is missing", "inference", {TOKENS: None}),
    bad("totalled", "must hold counts", "inference", {TOKENS: "42"}),
    bad("totalled", "no JSON", "inference", {TOKENS: "{'a': 1}"}),
    bad("totalled", "not the sum", "inference", totals(total_tokens=12)),
    bad("totalled", "cache_read_input_tokens", "inference", totals(cache_read_input_tokens=5)),
    bad("totalled", "input_tokens is", "inference", totals(input_tokens=11, total_tokens=41)),
    bad("totalled", "12.0", "inference", totals(input_tokens=12.0)),
    bad("totalled", "counts under cache", "inference", totals(thoughts=1)),
]


@pytest.fixture(autouse=True)
def _documented(monkeypatch):
    """Stand in for the package's list, so that these tests are about the checker alone."""
    monkeypatch.setattr(subject, "custom_operations", lambda: frozenset({"count_tokens"}))


@pytest.mark.parametrize("sample", SPANS)
def test_a_good_span_passes(sample):
    """A span that conforms has no violation, its sampling attributes included."""
    recorder = StartRecorder()

    assert check_span(make_span(sample, recorder=recorder), None, recorder) == []


@pytest.mark.parametrize(("rule", "text", "sample", "changes", "how"), BAD)
def test_a_bad_span_fails_by_its_rule(rule, text, sample, changes, how):
    """One fault is one message, which names the span, the rule and the attribute."""
    span = make_span(sample, changes, **how)

    (found,) = check_span(span)

    assert found.startswith(f"span {span.name!r} [{rule}] ")
    assert text in found


def test_every_rule_has_a_bad_span():
    """No span rule stands untested."""
    assert {rule.__name__ for rule in spans.RULES} == {case.values[0] for case in BAD}


def test_a_late_sampling_attribute_is_found():
    """What a sampler needs must not be set after the start."""
    recorder = StartRecorder()
    span = make_span("inference", late=("gen_ai.request.model",), recorder=recorder)

    (found,) = check_span(span, None, recorder)

    assert "[started] gen_ai.request.model must be set when the span starts" in found


def test_structured_values_are_refused():
    """A map or bytes, which only newer SDKs let through, is refused as well."""
    view = subject.Subject("span 'x'", "x", {}, {"gcp.gen_ai.a": {"b": 1}, "url.b": b"c"}, None)

    assert len(list(spans.plain(view))) == 2


def test_settings_allow_what_they_ask_for():
    """Status OK and the application's own attributes pass where the options say so."""
    span = make_span("inference", {"app.tenant": "a"}, status=StatusCode.OK)

    assert len(check_span(span)) == 2
    assert check_span(span, Options(allow_ok=True, also=("app.",))) == []


def test_a_foreign_span_passes_and_a_disguised_one_does_not():
    """A span of another scope is none of ours unless it carries GenAI attributes."""
    alien = dict.fromkeys(SPANS["custom"][1])

    assert check_span(make_span("custom", {**alien, "db": 1}, name="SELECT", scope="db")) == []
    assert len(check_span(make_span("custom", scope="db"))) == 1


@pytest.mark.parametrize("value", [(1, None), {"a": ()}, b"x", None, [[1]]])
def test_no_value_breaks_the_check(value):
    """Whatever stands under a name, the check reports it and never raises."""
    span = make_span("inference")
    kind, levels = "gen_ai.client.inference", table.SPANS["gen_ai.client.inference"].levels
    for name in {*table.ATTRIBUTES, TOKENS}:
        view = subject.Subject("span", kind, levels, {**span.attributes, name: value}, span)

        assert subject.apply(spans.RULES, view), name


def test_names_missing_from_the_package_are_violations(monkeypatch):
    """Without the package's list every operation beside the conventions' is refused."""
    monkeypatch.undo()
    monkeypatch.setattr(subject, "_CUSTOM_LIST", "no_such_package.names")

    (found,) = check_span(make_span("custom"))

    assert "[operation]" in found
    assert "no_such_package.names" in found


def test_the_assertion_shows_every_violation():
    """A failed assertion lists all messages; nothing to look at fails too."""
    wrong = [make_span("tool", status=StatusCode.ERROR), make_span("fetch", name="fetch")]
    found = check_spans(wrong)

    with pytest.raises(AssertionError) as error:
        assert_conformant(spans=wrong)
    with pytest.raises(AssertionError, match="no span, metric or event"):
        assert_conformant()

    assert str(error.value).splitlines() == ["2 violations", *found]
    assert_conformant(spans=[make_span("tool")])
