"""Interactions, in both generations of their schema."""

import asyncio

import pytest

from fake_gemini import HOWS, FakeGemini, How, client, perform, shape_of
from fake_gemini.scenarios.interactions import OLD, PLAIN, SKY
from matrix.asking import INSTALLED
from matrix.watching import Watched, texts, told

pytestmark = pytest.mark.skipif(
    OLD.since > INSTALLED, reason="this google-genai has no Interactions API"
)
SCENARIO = PLAIN if PLAIN.since <= INSTALLED else OLD
EXPECTED = {
    "gen_ai.operation.name": "generate_content",
    "gen_ai.response.finish_reasons": ("stop",),
    "gen_ai.response.id": "fake-interaction-1",
    "gen_ai.response.status": "completed",
    "gen_ai.usage.input_tokens": 14,
    "gen_ai.usage.output_tokens": 53,
    "gen_ai.usage.reasoning.output_tokens": 40,
    "server.address": "127.0.0.1",
}


@pytest.mark.filterwarnings("ignore:.*experimental:UserWarning")
@pytest.mark.parametrize("how", HOWS)
def test_an_interaction_is_one_span(watched: Watched, fake: FakeGemini, how: How) -> None:
    """In each shape an interaction is one span with its tokens, its text and its status."""
    vertex = how in {"stream", "async_call"}
    perform(fake.play(SCENARIO), how, vertex=vertex)
    (span,) = watched.spans
    attributes = told(span)
    assert {name: attributes.get(name) for name in EXPECTED} == EXPECTED
    assert attributes["gen_ai.provider.name"] == ("gcp.vertex_ai" if vertex else "gcp.gemini")
    assert attributes.get("gen_ai.request.stream") == (True if shape_of(how) == "stream" else None)
    assert "".join(texts(span, "gen_ai.output.messages")).endswith(SKY)


@pytest.mark.filterwarnings("ignore:.*experimental:UserWarning")
def test_a_stream_that_is_left_ends_its_span(watched: Watched, fake: FakeGemini) -> None:
    """Streams keep their `with`, and what is left in the middle has a span."""
    genai = client(fake.play(SCENARIO))
    with genai.interactions.create(model="gemini-2.5-flash", input="Why?", stream=True) as stream:
        next(stream)
    (span,) = watched.spans
    assert span.status.is_unset
    assert told(span)["gen_ai.response.id"] == "fake-interaction-1"


@pytest.mark.filterwarnings("ignore:.*experimental:UserWarning")
def test_a_fetched_interaction_leads_back(watched: Watched, fake: FakeGemini) -> None:
    """Fetching is no inference, and has a link to the span that created it."""

    async def main() -> None:
        made = await genai.aio.interactions.create(model="gemini-2.5-flash", input="Why?")
        await genai.aio.interactions.get(made.id)

    genai = client(fake.play(SCENARIO, repeat=True))
    asyncio.run(main())
    created, fetched = watched.spans
    assert fetched.name == "fetch_response"
    assert "gen_ai.usage.input_tokens" not in told(fetched)
    assert [link.context for link in fetched.links] == [created.context]
