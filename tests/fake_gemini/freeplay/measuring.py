"""Embeddings, token counts and model descriptions in free play."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from fake_gemini import wire
from fake_gemini.freeplay.counting import count_parts, count_prompt, details, texts_of, tokens_in
from fake_gemini.freeplay.reading import body_of
from fake_gemini.freeplay.refusing import refused

if TYPE_CHECKING:
    from fake_gemini.recording import Request
    from fake_gemini.script import Json, Step

DIMENSIONS = 768
CHARACTERS_PER_TOKEN = 4


def count_tokens(request: Request) -> Step:
    """Counts a prompt; Vertex AI sends the request as it is, Gemini may wrap it."""
    asked = body_of(request)
    counts = count_prompt(asked.get("generateContentRequest", asked))
    body = {"totalTokens": sum(counts.values()), "promptTokensDetails": details(counts)}
    return refused(request) or wire.answer(body)


def compute_tokens(request: Request) -> Step:
    """Cuts each content's text into tokens of four characters."""
    infos = [_tokens_info(content) for content in body_of(request).get("contents", [])]
    return refused(request) or wire.answer({"tokensInfo": infos})


def batch_embed(request: Request) -> Step:
    """Embeds several contents."""
    asked = body_of(request)["requests"]
    vectors = [_vector(one["content"], one.get("outputDimensionality")) for one in asked]
    counts: Counter[str] = Counter()
    for one in asked:
        counts.update(count_parts(one["content"]["parts"]))
    return refused(request) or wire.answer(
        {
            "embeddings": [{"values": vector} for vector in vectors],
            "usageMetadata": _embedding_usage(counts),
        }
    )


def embed(request: Request) -> Step:
    """Embeds one content."""
    asked = body_of(request)
    wanted = asked.get("embedContentConfig", asked).get("outputDimensionality")
    counts = count_parts(asked["content"]["parts"])
    return refused(request) or wire.answer(
        {
            "embedding": {"values": _vector(asked["content"], wanted)},
            "usageMetadata": _embedding_usage(counts),
        }
    )


def predict(request: Request) -> Step:
    """Embeds instances of text as Vertex AI's older models do."""
    asked = body_of(request)
    wanted = asked.get("parameters", {}).get("outputDimensionality")
    texts = [instance.get("content", "") for instance in asked.get("instances", [])]
    predictions = [
        {
            "embeddings": {
                "values": _vector({"parts": [{"text": text}]}, wanted),
                "statistics": {"token_count": tokens_in(text), "truncated": False},
            }
        }
        for text in texts
    ]
    billable = sum(len(text.replace(" ", "")) for text in texts)
    body = {"predictions": predictions, "metadata": {"billableCharacterCount": billable}}
    return refused(request) or wire.answer(body)


def get_model(request: Request) -> Step:
    """Describes a model."""
    return refused(request) or wire.answer(
        {
            "name": f"models/{request.model}",
            "displayName": request.model.replace("-", " ").title(),
            "inputTokenLimit": 1_048_576,
            "outputTokenLimit": 65_536,
            "supportedGenerationMethods": ["generateContent", "countTokens"],
        }
    )


def _embedding_usage(counts: Counter[str]) -> Json:
    return {"promptTokenCount": sum(counts.values()), "promptTokensDetails": details(counts)}


def _tokens_info(content: Json) -> Json:
    text = texts_of(content)
    step = CHARACTERS_PER_TOKEN
    pieces = [text[start : start + step] for start in range(0, len(text), step)]
    return {
        "role": content.get("role", "user"),
        "tokenIds": [str(sum(piece.encode())) for piece in pieces],
        "tokens": [wire.base64_text(piece) for piece in pieces],
    }


def _vector(content: Any, wanted: int | None) -> list[float]:
    """Returns numbers between -1 and 1 that depend on the content alone."""
    seed = hashlib.sha256(repr(content).encode()).digest()
    numbers = [(byte - 127.5) / 127.5 for byte in seed]
    return [
        round(numbers[i % len(numbers)] / (1 + i // 32), 6) for i in range(wanted or DIMENSIONS)
    ]
