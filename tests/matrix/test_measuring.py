"""Embeddings and token counts."""

import asyncio
from typing import Any

import pytest

from fake_gemini import FakeGemini, client
from matrix.watching import Watched, told

ASYNC = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
MODELS = {"gemini": "gemini-embedding-001", "vertex": "text-embedding-005"}
PROVIDERS = {"gemini": "gcp.gemini", "vertex": "gcp.vertex_ai"}
APIS = pytest.mark.parametrize("api", MODELS)


def call(fake: FakeGemini, method: str, api: str, asynchronous: bool, **asked: Any) -> Any:
    """Call a method of `models`, or of its async twin."""
    genai = client(fake, vertex=api == "vertex")
    if asynchronous:
        return asyncio.run(getattr(genai.aio.models, method)(**asked))
    return getattr(genai.models, method)(**asked)


@ASYNC
@APIS
def test_an_embedding_is_one_span(
    watched: Watched, fake: FakeGemini, api: str, asynchronous: bool
) -> None:
    """Texts are embedded in one span, whatever layers the SDK has below the method."""
    model = MODELS[api]
    asked = {"model": model, "contents": ["one text", "another"]}
    answer = call(fake, "embed_content", api, asynchronous, **asked)
    (span,) = watched.spans
    assert len(answer.embeddings) == 2
    assert span.name == f"embeddings {model}"
    assert told(span)["gen_ai.provider.name"] == PROVIDERS[api]


@ASYNC
@APIS
def test_counting_tokens_bills_nothing(
    watched: Watched, fake: FakeGemini, api: str, asynchronous: bool
) -> None:
    """A count is one span of its own kind, and no usage."""
    asked = {"model": "gemini-2.5-flash", "contents": "How long is this?"}
    answer = call(fake, "count_tokens", api, asynchronous, **asked)
    (span,) = watched.spans
    assert answer.total_tokens == 5
    assert span.name == "count_tokens gemini-2.5-flash"
    assert [name for name in told(span) if name.startswith(("gen_ai.usage", "mlflow.chat"))] == []
