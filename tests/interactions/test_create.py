"""Creating an interaction, in each shape: what its one span says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import HOWS, How, Scenario, client, perform, sdk_version, shape_of
from fake_gemini.interaction_wire import MODEL, event, events, output, resource, usage
from fake_gemini.scenarios import interactions
from fake_gemini.scenarios.interactions import PICTURE, SIGNATURE, SKY
from fake_gemini.script import Reply, Step
from interactions.watching import INPUT, parts_of, said, text_of, tokens_of

if TYPE_CHECKING:
    from fake_gemini import FakeGemini
    from interactions.watching import Watched

OPERATION = "gen_ai.operation.name"
# What differs between the services lies below what differs between the shapes.
ON_VERTEX = ("stream", "async_call")
STATUS = "gen_ai.response.status"
REASONS = "gen_ai.response.finish_reasons"
WORDS = {
    "completed": ("stop",),
    "requires_action": ("tool_call",),
    "incomplete": ("length",),
    "failed": ("error",),
    "in_progress": None,
}
"""Status of an interaction → finish reasons; any other status stands there as it is."""


def _plays() -> list[Any]:
    return [
        pytest.param(scenario, how, id=f"{scenario.name}-{how}")
        for scenario in interactions.ALL.values()
        if scenario.since <= sdk_version()
        for how in HOWS
        if shape_of(how) in scenario.shapes
    ]


@pytest.mark.parametrize(("scenario", "how"), _plays())
def test_an_interaction_is_one_span(
    scenario: Scenario, how: How, fake: FakeGemini, telemetry: Watched
):
    """Whatever an interaction brings, it is one span with its tokens, its text and its end."""
    vertex = how in ON_VERTEX
    handle = fake.play(scenario)
    outcome = perform(handle, how, vertex=vertex, http_options=scenario.http_options)
    (expected,) = scenario.rounds_of(shape_of(how))
    span = telemetry.the_span()
    agent = scenario.config.get("agent")
    assert span.name == (f"invoke_agent {agent}" if agent else f"generate_content {MODEL}")
    assert span.kind.name == "CLIENT"
    provider = "gcp.vertex_ai" if vertex else "gcp.gemini"
    assert span.attributes["gen_ai.provider.name"] == provider
    assert span.attributes.get("gcp.gen_ai.location") == ("us-central1" if vertex else None)
    assert span.attributes["server.address"] == "127.0.0.1"
    tokens = tokens_of(expected.tokens)
    assert said(span, tokens) == tokens
    assert text_of(span) == expected.text
    assert text_of(span, "reasoning") == expected.thought
    calls = [part["name"] for part in parts_of(span) if part["type"] == "tool_call"]
    assert tuple(calls) == expected.calls
    _assert_ended(span, expected, outcome, streamed=shape_of(how) == "stream")
    assert len(handle.requests) == expected.hops


def _assert_ended(span: Any, expected: Any, outcome: Any, *, streamed: bool) -> None:
    """The status is Google's own, and only what failed is an error."""
    status = next(iter(expected.finish_reasons), None)
    told = span.attributes.get(STATUS, span.attributes.get("gcp.gen_ai.interaction.status"))
    failure = expected.failure
    if failure is None:
        assert outcome.error is None
        assert told == status
        reasons = WORDS.get(status, (status,))
        broke_off = ("error",) if streamed and reasons is None else reasons
        assert span.attributes.get(REASONS) == broke_off
        assert span.status.is_unset is (status != "failed")
    else:
        assert not span.status.is_unset
        # The SDK's errors change their module once the SDK's older package is imported.
        error_type = span.attributes["error.type"].rpartition(".")[2]
        assert error_type == str(failure.code or failure.type)
    if failure is not None and failure.code is not None:
        assert type(outcome.error).__name__ == failure.type


@pytest.mark.parametrize("how", HOWS)
def test_what_was_asked_is_told(how: How, fake: FakeGemini, telemetry: Watched):
    """Parameters, the interaction before it and the instructions stand on the span."""
    asked = {
        "generation_config": {
            "temperature": 0.5,
            "top_p": 0.9,
            "max_output_tokens": 100,
            "seed": 7,
            "stop_sequences": ["END"],
            "thinking_level": "low",
        },
        "previous_interaction_id": "v1_before",
        "system_instruction": "Be brief.",
        "response_format": {"type": "text", "mime_type": "application/json"},
    }
    scenario = interactions.replace_config(interactions.PLAIN, asked)
    perform(fake.play(scenario), how)
    span = telemetry.the_span()
    wanted = {
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_p": 0.9,
        "gen_ai.request.max_tokens": 100,
        "gen_ai.request.seed": 7,
        "gen_ai.request.stop_sequences": ("END",),
        "gen_ai.request.reasoning.level": "low",
        "gen_ai.request.previous_response.id": "v1_before",
        "gen_ai.output.type": "json",
        "gen_ai.request.stream": True if shape_of(how) == "stream" else None,
        "gen_ai.response.id": "fake-interaction-1",
        "gen_ai.response.model": MODEL,
        "gcp.gen_ai.response.service_tier": "standard",
        "mlflow.spanType": "LLM",
    }
    assert said(span, wanted) == wanted
    instructions = json.loads(span.attributes["gen_ai.system_instructions"])
    assert instructions == [{"type": "text", "content": "Be brief."}]
    assert text_of(span, name=INPUT) == scenario.contents


def test_a_request_object_is_read_like_keywords(fake: FakeGemini, telemetry: Watched):
    """A body in one object says the same as keywords do."""
    body = {"model": MODEL, "input": "Why?", "stream": True}
    genai = client(fake.play(interactions.PLAIN))
    list(genai.interactions.create(request={"body": body}))
    span = telemetry.the_span()
    assert span.name == f"generate_content {MODEL}"
    assert span.attributes["gen_ai.request.stream"] is True
    assert text_of(span, name=INPUT) == "Why?"


@pytest.mark.parametrize("how", HOWS)
def test_hosted_tools_are_server_calls(how: How, fake: FakeGemini, telemetry: Watched):
    """Search, code, pages and MCP run at the service: their steps are server tool parts."""
    perform(fake.play(interactions.HOSTED_TOOLS), how)
    span = telemetry.the_span()
    parts = parts_of(span)
    calls = [part for part in parts if part["type"] == "server_tool_call"]
    answers = [part for part in parts if part["type"] == "server_tool_call_response"]
    assert [part["name"] for part in calls] == [
        "google_search",
        "code_execution",
        "url_context",
        "forecast",
    ]
    assert [part["id"] for part in calls] == [part["id"] for part in answers]
    assert calls[3]["server_tool_call"] == {
        "type": "mcp_server_tool",
        "name": "forecast",
        "server_name": "weather",
        "arguments": {"city": "Rome"},
    }
    assert answers[1]["server_tool_call_response"]["result"] == "1\n"
    assert span.attributes["gcp.gen_ai.grounding.queries"] == ("why is the sky blue",)
    assert span.attributes["gcp.gen_ai.grounding.query_count"] == 2
    assert span.attributes["gcp.gen_ai.url_context.urls"] == ("https://sky.example.com",)
    assert span.attributes["gcp.gen_ai.citation.uris"] == ("https://sky.example.com",)


@pytest.mark.parametrize("how", HOWS)
def test_function_calls_and_tools_are_told(how: How, fake: FakeGemini, telemetry: Watched):
    """A call has its id and arguments, put together from pieces; no credentials of a server go."""
    perform(fake.play(interactions.FUNCTION_CALL), how)
    span = telemetry.the_span()
    (call,) = parts_of(span)
    assert call == {
        "type": "tool_call",
        "id": "call-1",
        "name": "look_up",
        "arguments": {"city": "Rome", "days": [1, 2]},
    }
    tools = json.loads(span.attributes["gen_ai.tool.definitions"])
    assert tools == [
        {"type": "function", "name": "look_up", "parameters": {"type": "object"}},
        {"type": "google_search", "name": "google_search"},
        {"type": "mcp_server", "name": "weather"},
    ]
    assert "hunter2" not in json.dumps(dict(span.attributes))


@pytest.mark.parametrize("how", HOWS)
def test_media_are_blobs_and_references(how: How, fake: FakeGemini, telemetry: Watched):
    """Inline media keep their bytes and type in both directions, others their address."""
    perform(fake.play(interactions.PICTURES), how)
    span = telemetry.the_span()
    picture = {
        "type": "blob",
        "modality": "image",
        "mime_type": "image/png",
        "byte_size": 25,
        "content": PICTURE,
    }
    assert parts_of(span)[1] == {**picture, "byte_size": parts_of(span)[1]["byte_size"]}
    asked = parts_of(span, INPUT)
    assert asked[1]["content"] == PICTURE
    assert asked[2] == {
        "type": "uri",
        "modality": "document",
        "mime_type": "application/pdf",
        "uri": "gs://sky/paper.pdf",
    }


@pytest.mark.parametrize("how", HOWS)
def test_signatures_stay_with_their_thoughts(how: How, fake: FakeGemini, telemetry: Watched):
    """The signature of a thought is kept on its part, so that a trace can be replayed."""
    perform(fake.play(interactions.PLAIN), how)
    reasoning, answer = parts_of(telemetry.the_span())
    assert reasoning["thought_signature"] == SIGNATURE
    assert answer == {"type": "text", "content": SKY}


def test_history_is_read_in_every_form(fake: FakeGemini, telemetry: Watched):
    """Steps of a conversation are messages of who did them; each result is one of its own."""
    history = [
        {"type": "user_input", "content": [{"type": "text", "text": "Weather?"}]},
        {"type": "thought", "signature": SIGNATURE},
        {"type": "function_call", "id": "1", "name": "look_up", "arguments": {"city": "Rome"}},
        {"type": "function_call", "id": "2", "name": "look_up", "arguments": {"city": "Oslo"}},
        {"type": "function_result", "call_id": "1", "name": "look_up", "result": {"sky": "clear"}},
        {"type": "function_result", "call_id": "2", "name": "look_up", "result": "rain"},
    ]
    scenario = interactions.with_input(interactions.PLAIN, history)
    perform(fake.play(scenario))
    messages = json.loads(telemetry.the_span().attributes[INPUT])
    assert [message["role"] for message in messages] == ["user", "assistant", "tool", "tool"]
    assert [part["type"] for part in messages[1]["parts"]] == [
        "reasoning",
        "tool_call",
        "tool_call",
    ]
    assert messages[3]["parts"] == [
        {"type": "tool_call_response", "id": "2", "name": "look_up", "response": "rain"}
    ]


@pytest.mark.parametrize("how", HOWS)
def test_an_older_api_is_understood(how: How, fake: FakeGemini, telemetry: Watched):
    """Outputs instead of steps are read as well, also by an SDK that has no types for them."""
    perform(fake.play(interactions.OLD), how)
    span = telemetry.the_span()
    tokens = tokens_of(interactions.OLD.rounds[0].tokens)
    assert said(span, tokens) == tokens
    assert text_of(span) == SKY
    assert text_of(span, "reasoning") == interactions.THOUGHT


@pytest.mark.parametrize("how", HOWS)
def test_hops_are_one_answer(how: How, fake: FakeGemini, telemetry: Watched):
    """The hops of a continued answer are one span that names their number and the last id."""
    if interactions.THREE_HOPS.since > sdk_version():
        pytest.skip("this google-genai does not continue interactions")
    perform(fake.play(interactions.THREE_HOPS), how)
    span = telemetry.the_span()
    assert span.attributes["gcp.gen_ai.response.request_count"] == 3
    assert span.attributes["gen_ai.response.id"] == "fake-hop-3"
    assert span.attributes[STATUS] == "completed"


@pytest.mark.parametrize("how", HOWS)
def test_an_agent_is_a_client_call(how: How, fake: FakeGemini, telemetry: Watched):
    """An agent runs at the service; its id and status stand where the conventions have no name."""
    perform(fake.play(interactions.AGENT), how)
    span = telemetry.the_span()
    wanted = {
        OPERATION: "invoke_agent",
        "gen_ai.agent.name": "deep-research-preview-04-2026",
        "gcp.gen_ai.interaction.id": "fake-interaction-1",
        "gcp.gen_ai.interaction.status": "completed",
        "gen_ai.response.id": None,
        "gen_ai.request.model": None,
        "mlflow.spanType": "AGENT",
    }
    assert said(span, wanted) == wanted
    assert "gen_ai.client.operation.duration" in telemetry.counts()
    assert "gen_ai.invoke_agent.duration" not in telemetry.counts()


def test_an_inference_has_its_metrics_and_event(fake: FakeGemini, telemetry: Watched):
    """A streamed interaction is measured like any other inference, each event a chunk."""
    perform(fake.play(interactions.PLAIN), "stream")
    counts = telemetry.counts()
    chunks = len(interactions.PLAIN.steps[0].stream.chunks)
    assert counts["gen_ai.client.inference.duration"] == 1
    assert counts["gen_ai.client.inference.time_to_first_chunk"] == 1
    assert counts["gen_ai.client.inference.time_per_output_chunk"] == chunks - 1
    assert telemetry.events == ["gen_ai.client.inference.operation.details"]


def test_an_odd_step_does_not_cost_the_others(fake: FakeGemini, telemetry: Watched):
    """The SDK hands on even a step that is null, and the others are told all the same."""
    whole = resource(None, output("Blue."), usage=usage(5, 7))
    genai = client(fake.play(Scenario("odd", (Step(Reply(body=whole), Reply()),), ())))
    genai.interactions.create(model=MODEL, input="Why?")
    assert text_of(telemetry.the_span()) == "Blue."


@pytest.mark.parametrize(
    "odd", [{"type": "text", "text": 5}, {"type": "arguments_delta", "arguments": {"a": 1}}]
)
def test_an_odd_piece_does_not_cost_the_others(odd: Any, fake: FakeGemini, telemetry: Watched):
    """A piece of a stream that is no text takes nothing away either."""
    first, second, *rest = events(resource(output("Blue."), usage=usage(5, 7)), {})
    odd_piece = event("step.delta", index=0, delta=odd)
    reply = Reply(chunks=(first, second, rest[0], odd_piece, *rest[1:]))
    genai = client(fake.play(Scenario("odd", (Step(Reply(), reply),), ())))
    assert len(list(genai.interactions.create(model=MODEL, input="Why?", stream=True))) == 7
    assert text_of(telemetry.the_span()) == "Blue."


def test_the_service_error_text_is_kept(fake: FakeGemini, telemetry: Watched):
    """What the service says of a failed interaction is the status's text."""
    perform(fake.play(interactions.FAILED))
    assert telemetry.the_span().status.description == "The tool broke down."
