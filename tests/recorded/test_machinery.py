"""The replay itself: it answers exactly, calls fully, and its checks notice what is wrong."""

import dataclasses
import json
import urllib.error
import urllib.request

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from recorded import checks, measures, samples
from recorded.checks import Traced
from recorded.driver import WAYS, driver_for
from recorded.server import serve

ATTRIBUTES = {
    "gen_ai.usage.input_tokens": 21,
    "gen_ai.usage.output_tokens": 5,
    "gen_ai.usage.reasoning.output_tokens": None,
    "gen_ai.usage.cache_read.input_tokens": 20,
    "gen_ai.usage.text.input_tokens": 19,
    "gen_ai.usage.text.output_tokens": 5,
    "mlflow.chat.tokenUsage": '{"input_tokens": 20, "output_tokens": 5, "total_tokens": 25}',
    "gen_ai.response.finish_reasons": ("stop",),
    "gen_ai.response.id": None,
    "gen_ai.response.model": "gemini-2.5-flash",
    "gen_ai.request.temperature": 1.0,
    "gen_ai.request.stop_sequences": None,
    "gen_ai.input.messages": None,
    "gen_ai.system_instructions": None,
    "gen_ai.tool.definitions": None,
    "gen_ai.output.messages": '[{"role": "assistant", "parts": [], "finish_reason": "tool_call"}]',
    "server.address": None,
    "error.type": "429",
}
"""Untrue values for what the sample's span has to say."""


@pytest.fixture
def traced(player, telemetry, tmp_path):
    """Return how to trace one sample."""

    def trace(raw, way=WAYS[0]):
        exchange = samples.exchange(raw, tmp_path)
        driver = driver_for(exchange)
        bare = player.best(exchange, driver, way)
        with telemetry.attached():
            telemetry.take_spans()
            outcome = player.play(exchange, driver, way, bare.arguments)
            return bare, Traced(exchange, driver, outcome, *telemetry.take_spans())

    return trace


@pytest.mark.parametrize("raw", samples.ALL.values(), ids=samples.ALL)
@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
def test_samples_are_traced_truly(raw, way, traced):
    """A hand-written exchange passes every check, so that a clone without recordings has some."""
    bare, under_plugin = traced(raw, way)
    assert bare.arguments.whole
    assert list(checks.faithful(under_plugin.exchange, under_plugin.driver, bare)) == []
    assert list(checks.undisturbed(bare, under_plugin)) == []
    assert list(checks.told(under_plugin)) == []


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_an_untrue_attribute_is_noticed(name, traced):
    """No attribute of a span can be wrong or missing without a check saying so."""
    _, true = traced(samples.UNARY)
    span = true.spans[0]
    attributes = {**span.attributes, name: ATTRIBUTES[name]}
    untrue = {key: value for key, value in attributes.items() if value is not None}
    spans = (_copy(span, attributes=untrue),)
    assert list(checks.told(dataclasses.replace(true, spans=spans)))


@pytest.mark.parametrize(
    ("raw", "name", "value"),
    [
        (samples.EMBED, "gen_ai.usage.input_tokens", 3),
        (samples.EMBED, "gen_ai.embeddings.dimension.count", 3),
        (samples.EMBED, "gen_ai.input.messages", "[]"),
        (samples.PREDICT, "gen_ai.usage.input_tokens", 1),
        (samples.COUNT, "gen_ai.usage.input_tokens", 3),
        (samples.COUNT, "gcp.gen_ai.count_tokens.total_tokens", 4),
        (samples.INTERACTION, "gen_ai.usage.input_tokens", 20),
        (samples.INTERACTION, "gen_ai.response.status", "in_progress"),
        (samples.INTERACTION_STREAM, "gen_ai.usage.output_tokens", 5),
        (samples.INTERACTION_STREAM, "gen_ai.output.messages", "[]"),
    ],
)
def test_untrue_numbers_of_other_operations_are_noticed(raw, name, value, traced):
    """Embeddings and counts have numbers of their own, and no content."""
    _, true = traced(raw)
    span = true.spans[0]
    spans = (_copy(span, attributes={**span.attributes, name: value}),)
    assert list(checks.told(dataclasses.replace(true, spans=spans)))


def test_a_missing_or_second_span_is_noticed(traced):
    """One call is one span, no more and no fewer."""
    _, true = traced(samples.UNARY)
    for spans in ((), true.spans * 2):
        assert list(checks.told(dataclasses.replace(true, spans=spans)))


def test_an_untrue_ending_is_noticed(traced):
    """A failed call whose span does not say so fails the check."""
    _, true = traced(samples.REFUSED)
    span = true.spans[0]
    assert span.status.status_code is StatusCode.ERROR
    without_event = _copy(span, status=span.status, events=())
    assert list(checks.told(dataclasses.replace(true, spans=(without_event,))))
    without_status = _copy(span, events=span.events)
    assert list(checks.told(dataclasses.replace(true, spans=(without_status,))))


def test_untrue_metrics_and_events_are_noticed(traced, telemetry):
    """What was not called is not measured, and only failures are events."""
    telemetry.take_metrics()
    telemetry.take_events()
    calls = [traced(raw)[1] for raw in samples.ALL.values()]
    data, events = telemetry.take_metrics(), telemetry.take_events()
    assert list(measures.measured(calls, data)) == []
    assert list(measures.reported(calls, events)) == []
    for missing in range(len(calls)):
        others = [call for number, call in enumerate(calls) if number != missing]
        assert list(measures.measured(others, data))
    assert list(measures.reported(calls, ()))
    assert list(measures.reported((), events))


def test_a_disturbed_program_is_noticed(traced, player, tmp_path):
    """Another result, another request, an open span: each is a fault of the plugin."""
    bare, calm = traced(samples.UNARY)
    other, _ = traced({**samples.UNARY, "request_json": None, "response_json": {}})
    assert list(checks.undisturbed(other, calm))
    assert list(checks.undisturbed(bare, dataclasses.replace(calm, still_open=1)))
    spoiled = dataclasses.replace(calm.outcome, spoiled_arguments=True)
    assert list(checks.undisturbed(bare, dataclasses.replace(calm, outcome=spoiled)))


def test_an_answer_goes_out_as_it_was_recorded(tmp_path):
    """Status, type, headers and bytes on the wire are the recorded ones."""
    refused = samples.exchange(
        {
            **samples.REFUSED,
            "response_json": None,
            "response_text": "<html>é</html>",
            "response_content_type": "text/html",
        },
        tmp_path,
    )
    with serve() as server:
        lane = server.open_lane()
        lane.play(refused)
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{lane.url}/v1/x?a=1", data=b"{}")
        answer = caught.value
        assert answer.read() == "<html>é</html>".encode()
        assert (answer.code, answer.headers["content-type"]) == (429, "text/html")
        assert answer.headers["x-gemini-service-tier"] == "standard"
        assert [(seen.method, seen.target, seen.body) for seen in lane.seen] == [
            ("POST", "/v1/x?a=1", b"{}")
        ]
        silent = server.open_lane()
        with pytest.raises(urllib.error.HTTPError, match="599"):
            urllib.request.urlopen(f"{silent.url}/v1/x")


def test_a_recorded_array_is_served_as_events(tmp_path):
    """A stream recorded as one JSON array is what `alt=sse` would have given."""
    stream = samples.exchange(samples.STREAM, tmp_path)
    assert stream.content_type == "text/event-stream"
    events = stream.body.split(b"\r\n\r\n")
    assert [json.loads(event.removeprefix(b"data: ")) for event in events if event] == list(
        stream.answers
    )


@pytest.mark.parametrize(
    "change",
    [
        {"generationConfig": {"temperature": 0.5, "mysteryField": 1}},
        {"labels": {"team": "a"}, "generationConfig": {"audioTimestamp": True}},
        {"contents": [{"parts": [{"mystery": 1}]}]},
        {"contents": None},
    ],
    ids=["unknown-field", "other-mode", "unknown-part", "nothing"],
)
def test_what_the_sdk_refuses_is_left_out(change, traced):
    """A request that this SDK cannot send is replayed with the part of it that it can."""
    request = {**samples.UNARY["request_json"], **change}
    bare, under_plugin = traced({**samples.UNARY, "request_json": request})
    assert not bare.arguments.whole
    assert bare.reached("generateContent")
    assert list(checks.told(under_plugin)) == []


def _copy(span, *, attributes=None, **changes):
    """Return *span* with other values."""
    values = {"status": span.status, "events": span.events} if attributes else {}
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes or span.attributes,
        kind=span.kind,
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
        **{**values, **changes},
    )
