from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import client
from fake_gemini.scenarios.toolbox import book_table, get_weather

if TYPE_CHECKING:
    from fake_gemini import FakeGemini

MODEL = "gemini-2.5-flash"


def adds_up(usage: Any) -> bool:
    counts = (
        usage.prompt_token_count,
        usage.candidates_token_count,
        usage.thoughts_token_count,
        usage.tool_use_prompt_token_count,
    )
    return usage.total_token_count == sum(count or 0 for count in counts) > 0


@pytest.mark.parametrize("vertex", [False, True])
def test_a_question_gets_the_same_answer_at_once_and_in_chunks(
    fake: FakeGemini, vertex: bool
) -> None:
    """A stream's texts make up the unary answer and its last usage is the unary one."""
    genai = client(fake, vertex=vertex)
    answer = genai.models.generate_content(model=MODEL, contents="Why is the sky blue?")
    chunks = list(
        genai.models.generate_content_stream(model=MODEL, contents="Why is the sky blue?")
    )
    assert len(chunks) > 3
    assert "".join(chunk.text for chunk in chunks) == answer.text
    assert chunks[-1].usage_metadata == answer.usage_metadata
    assert adds_up(answer.usage_metadata)
    assert answer.model_version == MODEL


def test_declared_tools_are_called_once_and_their_result_is_used(fake: FakeGemini) -> None:
    """A chat with a tool takes two rounds a message; arguments fit the declared types."""
    genai = client(fake)
    chat = genai.chats.create(model=MODEL, config={"tools": [get_weather, book_table]})
    answer = chat.send_message("Please book a table in Lisbon")
    assert '"city": "Lisbon", "guests": 3, "reference": "T-17"' in answer.text
    assert adds_up(answer.usage_metadata)


def test_calling_mode_none_calls_nothing(fake: FakeGemini) -> None:
    """Where the request forbids function calls, the answer is text."""
    genai = client(fake)
    answer = genai.models.generate_content(
        model=MODEL,
        contents="Hello there",
        config={
            "tools": [get_weather],
            "tool_config": {"function_calling_config": {"mode": "NONE"}},
        },
    )
    assert answer.text.startswith("Hello!")


def test_a_chat_remembers_in_tokens(fake: FakeGemini) -> None:
    """The second turn's prompt holds the first one."""
    genai = client(fake)
    chat = genai.chats.create(model=MODEL)
    first = chat.send_message("Hello")
    second = chat.send_message("What is OpenTelemetry?")
    assert "traces" in second.text
    assert second.usage_metadata.prompt_token_count > first.usage_metadata.prompt_token_count


def test_a_schema_is_filled(fake: FakeGemini) -> None:
    """Structured output is JSON of the asked shape."""
    schema = {
        "type": "OBJECT",
        "properties": {
            "city": {"type": "STRING"},
            "size": {"type": "STRING", "enum": ["small", "large"]},
            "scores": {"type": "ARRAY", "items": {"type": "NUMBER"}},
        },
    }
    genai = client(fake)
    answer = genai.models.generate_content(
        model=MODEL,
        contents="Describe Lisbon",
        config={"response_mime_type": "application/json", "response_schema": schema},
    )
    assert json.loads(answer.text) == {"city": "Lisbon", "size": "small", "scores": [1.5]}


def test_thoughts_show_on_request_and_cost_unless_switched_off(fake: FakeGemini) -> None:
    """Thoughts count always, appear when asked for, and vanish with a budget of nothing."""
    genai = client(fake)

    def parts_and_count(**thinking: Any) -> tuple[list[bool], int | None]:
        answer = genai.models.generate_content(
            model=MODEL, contents="Hello", config={"thinking_config": thinking}
        )
        thoughts = [bool(part.thought) for part in answer.candidates[0].content.parts]
        return thoughts, answer.usage_metadata.thoughts_token_count

    shown, shown_count = parts_and_count(include_thoughts=True)
    hidden, hidden_count = parts_and_count(include_thoughts=False)
    assert (shown, hidden) == ([True, False], [False])
    assert shown_count == hidden_count
    assert shown_count
    assert parts_and_count(thinking_budget=0) == ([False], None)


@pytest.mark.parametrize(
    ("model", "prompt", "code", "status"),
    [
        ("gemini-of-tomorrow", "Hello", 404, "NOT_FOUND"),
        (MODEL, "Please simulate 429", 429, "RESOURCE_EXHAUSTED"),
        (MODEL, "Please simulate 500", 500, "INTERNAL"),
        (MODEL, "Please simulate 503", 503, "UNAVAILABLE"),
    ],
)
def test_refusals_follow_model_and_prompt(
    fake: FakeGemini, model: str, prompt: str, code: int, status: str
) -> None:
    """An unknown model and the words ``simulate …`` are refused, at once and in a stream."""
    genai = client(fake)
    with pytest.raises(Exception, match=f"^{code} {status}"):
        genai.models.generate_content(model=model, contents=prompt)
    with pytest.raises(Exception, match=f"^{code} {status}"):
        next(iter(genai.models.generate_content_stream(model=model, contents=prompt)))


def test_a_wrong_key_is_refused(fake: FakeGemini) -> None:
    """A key that says it is wrong gets what Google says to one that is."""
    from google.genai import Client  # noqa: PLC0415 - collecting these tests loads no SDK

    strange = Client(vertexai=False, api_key="wrong-key", http_options={"base_url": fake.url})
    with pytest.raises(Exception, match=r"400 INVALID_ARGUMENT.*API_KEY_INVALID"):
        strange.models.generate_content(model=MODEL, contents="Hello")


def test_a_blocked_prompt_has_no_candidates(fake: FakeGemini) -> None:
    """The words ``simulate blocked`` get prompt feedback alone."""
    genai = client(fake)
    answer = genai.models.generate_content(model=MODEL, contents="simulate blocked")
    assert not answer.candidates
    assert answer.prompt_feedback.block_reason.value == "PROHIBITED_CONTENT"


def test_embeddings_depend_on_the_text_alone(fake: FakeGemini) -> None:
    """The same text has the same vector, of the asked length, on both of Vertex AI's routes."""
    genai = client(fake, vertex=True)
    for model in ("text-embedding-005", "gemini-embedding-2"):
        one, again, other = (
            genai.models.embed_content(
                model=model, contents=text, config={"output_dimensionality": 40}
            ).embeddings[0]
            for text in ("a span", "a span", "a trace")
        )
        assert one.values == again.values != other.values
        assert len(one.values) == 40


def test_a_batch_is_embedded_in_order(fake: FakeGemini) -> None:
    """The Gemini API embeds several texts in one request."""
    genai = client(fake)
    pair = genai.models.embed_content(model="gemini-embedding-001", contents=["a span", "a trace"])
    alone = genai.models.embed_content(model="gemini-embedding-001", contents="a trace")
    assert len(pair.embeddings) == 2
    assert pair.embeddings[1].values == alone.embeddings[0].values


def test_tokens_are_counted_as_they_are_billed(fake: FakeGemini) -> None:
    """countTokens agrees with the prompt's usage, computeTokens with the text."""
    genai = client(fake, vertex=True)
    question = "Why is the sky blue?"
    counted = genai.models.count_tokens(model=MODEL, contents=question).total_tokens
    answer = genai.models.generate_content(model=MODEL, contents=question)
    assert counted == answer.usage_metadata.prompt_token_count == 5
    (info,) = genai.models.compute_tokens(model=MODEL, contents=question).tokens_info
    assert b"".join(info.tokens).decode() == question


def test_a_model_is_described(fake: FakeGemini) -> None:
    """genai.models.get knows the models that can be asked and no others."""
    genai = client(fake)
    assert genai.models.get(model=MODEL).name == f"models/{MODEL}"
    with pytest.raises(Exception, match="404 NOT_FOUND"):
        genai.models.get(model="gemini-of-tomorrow")
