"""Plain calls, streams and chats: one span for each round trip, with true tokens."""

import asyncio
import json

import pytest

from fake_gemini import HOWS, FakeGemini, How, client, perform
from fake_gemini.scenarios import ALL
from fake_gemini.scenarios.text import PLAIN_TEXT, SKY, THINKING
from matrix.asking import MODEL, chat, text_of
from matrix.watching import Watched, texts, told

APIS = {"gemini": "gcp.gemini", "vertex": "gcp.vertex_ai"}
EXPECTED = {
    "gen_ai.operation.name": "generate_content",
    "gen_ai.request.model": MODEL,
    "gen_ai.response.finish_reasons": ("stop",),
    "gen_ai.response.id": "fake-response-1",
    "gen_ai.response.model": MODEL,
    "gen_ai.usage.input_tokens": 6,
    "gen_ai.usage.output_tokens": 15,
    "server.address": "127.0.0.1",
}


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("how", HOWS)
def test_a_call_is_one_span(watched: Watched, fake: FakeGemini, how: How, api: str) -> None:
    """In each shape and on both services a call is one span that says what happened."""
    outcome = perform(fake.play(PLAIN_TEXT), how, vertex=api == "vertex")
    (span,) = watched.spans
    attributes = told(span)
    assert text_of(outcome.responses) == SKY
    assert span.name == f"generate_content {MODEL}"
    assert {name: attributes.get(name) for name in EXPECTED} == EXPECTED
    assert attributes["gen_ai.provider.name"] == APIS[api]
    assert attributes.get("gen_ai.request.stream") == (True if "stream" in how else None)
    assert json.loads(attributes["mlflow.chat.tokenUsage"])["total_tokens"] == 21
    assert texts(span, "gen_ai.input.messages") == [PLAIN_TEXT.contents]
    assert texts(span, "gen_ai.output.messages") == [SKY]


@pytest.mark.parametrize("how", HOWS)
def test_thoughts_count_as_output(watched: Watched, fake: FakeGemini, how: How) -> None:
    """Thinking tokens are part of the output, and thoughts stand apart from the answer."""
    perform(fake.play(THINKING), how)
    (span,) = watched.spans
    assert told(span)["gen_ai.usage.output_tokens"] == THINKING.rounds[0].tokens.output
    thought, *answer = texts(span, "gen_ai.output.messages")
    assert thought == THINKING.rounds[0].thought
    assert "".join(answer) == SKY


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("how", HOWS)
def test_a_chat_is_one_span_a_turn(watched: Watched, fake: FakeGemini, how: How, api: str) -> None:
    """Each turn of a chat without tools is one span, and nothing stands around it."""
    handle = fake.play(PLAIN_TEXT, repeat=True)
    answers = chat(handle, how, ["Why?", "Really?"], vertex=api == "vertex")
    first, second = watched.spans
    assert answers == [SKY, SKY]
    assert first.parent is second.parent is None
    assert texts(first, "gen_ai.input.messages") == ["Why?"]
    assert "".join(texts(second, "gen_ai.input.messages")) == f"Why?{SKY}Really?"


@pytest.mark.parametrize("name", ["cached_tokens", "two_candidates", "max_tokens_text"])
@pytest.mark.parametrize("how", HOWS)
def test_the_parts_of_an_answer_are_read(
    watched: Watched, fake: FakeGemini, how: How, name: str
) -> None:
    """Cached tokens and the finish reasons of all candidates come through."""
    scenario = ALL[name]
    perform(fake.play(scenario), how)
    (span,) = watched.spans
    tokens = scenario.rounds[0].tokens
    reasons = {"STOP": "stop", "MAX_TOKENS": "length"}
    assert told(span)["gen_ai.usage.input_tokens"] == tokens.input
    assert told(span)["gen_ai.usage.output_tokens"] == tokens.output
    assert told(span).get("gen_ai.usage.cache_read.input_tokens") == tokens.cached
    assert told(span)["gen_ai.response.finish_reasons"] == tuple(
        reasons[reason] for reason in scenario.rounds[0].finish_reasons
    )


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_an_unparsed_answer_is_read(watched: Watched, fake: FakeGemini, asynchronous: bool) -> None:
    """Where the caller asks for the raw HTTP response, tokens come from its body."""
    from google.genai import types  # noqa: PLC0415 - the fixture instruments before the import

    if "should_return_http_response" not in types.GenerateContentConfig.model_fields:
        pytest.skip("this google-genai has no should_return_http_response")
    genai = client(fake.play(PLAIN_TEXT))
    asked = {"contents": "Why?", "config": {"should_return_http_response": True}}
    if asynchronous:
        asyncio.run(genai.aio.models.generate_content(model=MODEL, **asked))
    else:
        genai.models.generate_content(model=MODEL, **asked)
    (span,) = watched.spans
    assert told(span)["gen_ai.usage.output_tokens"] == 15
    assert texts(span, "gen_ai.output.messages") == [SKY]
