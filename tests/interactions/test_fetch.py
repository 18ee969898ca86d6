"""Fetching, cancelling and deleting what was created."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import Scenario, client
from fake_gemini.interaction_wire import ID, interaction, output, resource, usage
from fake_gemini.scenarios.interactions import AGENT, BACKGROUND, PLAIN, RESUMED_EVENTS, SKY
from fake_gemini.script import Reply, Step
from fake_gemini.wire import answer, error_body, refusal
from interactions.watching import USAGE, said, text_of
from opentelemetry_instrumentation_gemini._emit.origins import remember

if TYPE_CHECKING:
    from fake_gemini import FakeGemini
    from interactions.watching import Watched

STATUS = "gen_ai.response.status"
SEARCHED = [{"type": "google_search", "count": 1}]
DONE = interaction(output(SKY), usage=usage(9, 13, grounding_tool_count=SEARCHED))
RUNNING = interaction(status="in_progress")
FAILED = interaction(status="failed", errors=[{"code": "INTERNAL", "message": "No luck."}])
RESUMED = Step(unary=DONE.unary, stream=Reply(chunks=RESUMED_EVENTS))
WAYS = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


def play(fake: FakeGemini, *steps: Step) -> Any:
    """Returns a client that gets these answers, whatever it asks."""
    return client(fake.play(Scenario("story", steps, ())), retry_options={"attempts": 1})


def call(genai: Any, asynchronous: bool, method: str, *args: Any, **keywords: Any) -> Any:
    """Call a method of the Interactions API; a stream is read to its end."""
    if not asynchronous:
        result = getattr(genai.interactions, method)(*args, **keywords)
        return list(result) if keywords.get("stream") else result

    async def ask() -> Any:
        result = await getattr(genai.aio.interactions, method)(*args, **keywords)
        return [event async for event in result] if keywords.get("stream") else result

    return asyncio.run(ask())


@WAYS
def test_a_fetched_interaction_leads_back_to_its_maker(
    asynchronous: bool, fake: FakeGemini, telemetry: Watched
):
    """Fetching is no inference: no tokens, no input, and a link to the span that created it."""
    genai = play(fake, BACKGROUND.steps[0], RUNNING, DONE)
    made = call(genai, asynchronous, "create", model="gemini-2.5-flash", input="?", background=True)
    for _ in range(2):
        call(genai, asynchronous, "get", made.id)
    created, running, done = telemetry.ended
    assert created.attributes["gcp.gen_ai.request.background"] is True
    assert created.attributes[STATUS] == "in_progress"
    for span in (running, done):
        assert "gcp.gen_ai.grounding.query_count" not in span.attributes
        assert span.name == "fetch_response"
        assert [link.context for link in span.links] == [created.context]
        assert span.attributes["gen_ai.response.id"] == ID
        assert [name for name in span.attributes if name.startswith((USAGE, "mlflow."))] == []
        assert span.status.is_unset
    assert running.attributes[STATUS] == "in_progress"
    assert "gen_ai.response.finish_reasons" not in running.attributes
    wanted = {
        STATUS: "completed",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.response.model": "gemini-2.5-flash",
        "gen_ai.input.messages": None,
    }
    assert said(done, wanted) == wanted
    assert text_of(done) == SKY
    assert telemetry.counts()["gen_ai.client.operation.duration"] == 2
    assert "gen_ai.client.inference.usage.input_tokens" not in telemetry.counts()


@WAYS
def test_a_resumed_stream_carries_its_cursor(
    asynchronous: bool, fake: FakeGemini, telemetry: Watched
):
    """A stream taken up again says from where on, and holds what came from there."""
    genai = play(fake, RESUMED)
    call(genai, asynchronous, "get", ID, stream=True, last_event_id="e6")
    span = telemetry.the_span()
    wanted = {
        "gen_ai.request.stream_cursor": "e6",
        "gen_ai.request.stream": None,
        "gen_ai.response.id": ID,
        STATUS: "completed",
        f"{USAGE}input_tokens": None,
    }
    assert said(span, wanted) == wanted
    assert text_of(span) == "more than red."
    assert span.links == ()


def test_a_resumed_stream_leads_back_to_its_maker(fake: FakeGemini, telemetry: Watched):
    """A stream that was left is taken up again under a link to the span that it belongs to."""
    genai = play(fake, PLAIN.steps[0], RESUMED)
    with genai.interactions.create(model="gemini-2.5-flash", input="?", stream=True) as stream:
        next(stream)
    list(genai.interactions.get(ID, stream=True, last_event_id="e6"))
    left, resumed = telemetry.ended
    assert [link.context for link in resumed.links] == [left.context]


def test_fetching_what_failed_is_no_failure(fake: FakeGemini, telemetry: Watched):
    """A failed interaction can be fetched very well: its status says what became of it."""
    genai = play(fake, FAILED)
    genai.interactions.get(ID)
    span = telemetry.the_span()
    assert span.status.is_unset
    assert span.attributes[STATUS] == "failed"


def test_fetching_nothing_is_a_failure(fake: FakeGemini, telemetry: Watched):
    """An unknown interaction is the service's 404, with its text, and the id asked for."""
    genai = play(fake, refusal(404, error_body(404, "Interaction not found.")))
    with pytest.raises(Exception, match="not found"):
        genai.interactions.get(ID)
    span = telemetry.the_span()
    assert span.attributes["error.type"] == "404"
    assert span.attributes["gen_ai.response.id"] == ID
    assert "Interaction not found." in span.status.description


def test_fetching_an_agents_answer_is_no_invocation(fake: FakeGemini, telemetry: Watched):
    """What an agent did is fetched like what a model said."""
    genai = play(fake, AGENT.steps[0])
    genai.interactions.get(ID)
    span = telemetry.the_span()
    assert span.name == "fetch_response"
    assert span.attributes[STATUS] == "completed"
    assert f"{USAGE}input_tokens" not in span.attributes


@WAYS
@pytest.mark.parametrize("method", ["cancel", "delete"])
def test_cancelling_and_deleting_lead_back_too(
    method: str, asynchronous: bool, fake: FakeGemini, telemetry: Watched
):
    """What ends an interaction is a span of its own, without an answer."""
    gone = resource(status="cancelled") if method == "cancel" else {}
    genai = play(fake, BACKGROUND.steps[0], answer(gone))
    made = call(genai, asynchronous, "create", model="gemini-2.5-flash", input="?", background=True)
    call(genai, asynchronous, method, made.id)
    created, ended = telemetry.ended
    assert ended.name == f"{method}_interaction"
    assert [link.context for link in ended.links] == [created.context]
    wanted = {
        "gen_ai.response.id": ID,
        STATUS: "cancelled" if method == "cancel" else None,
        "gen_ai.response.finish_reasons": None,
        "gen_ai.output.messages": None,
    }
    assert said(ended, wanted) == wanted


def test_the_memory_of_makers_is_bounded(fake: FakeGemini, telemetry: Watched):
    """After very many interactions the oldest is forgotten, and fetching it has no link."""
    steps = [interaction(status="in_progress", id=name) for name in ("first", "second")]
    genai = play(fake, *steps, RUNNING, RUNNING)
    for _ in steps:
        genai.interactions.create(model="gemini-2.5-flash", input="?", background=True)
    _, second = telemetry.ended
    remember((f"other-{number}" for number in range(1023)), second.context)
    genai.interactions.get("first")
    genai.interactions.get("second")
    *_, oldest, kept = telemetry.ended
    assert oldest.links == ()
    assert [link.context for link in kept.links] == [second.context]
