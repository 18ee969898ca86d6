"""Embeddings and token counts of google-generativeai."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import google.generativeai as genai
import pytest
from google.generativeai import protos

from legacy.asking import MODEL, WAYS, connect, hear, run
from legacy.fake import Refusal
from promises.watching import Telemetry

if TYPE_CHECKING:
    from interactions.watching import Watched
    from legacy.fake import Fake

EMBEDDER = "text-embedding-004"
VECTOR = protos.ContentEmbedding(values=[0.5, 1.0])


def embed(fake: Fake, way: str, content: Any, **more: Any) -> Any:
    """Embed something."""
    connect(fake, way)
    return run(way, genai, "embed_content", f"models/{EMBEDDER}", content, **more)


@pytest.mark.parametrize("way", WAYS)
def test_one_embedding(way: str, fake: Fake, telemetry: Watched):
    """A text's vector is one span that says what was asked and holds no vector."""
    fake.answers = [[protos.EmbedContentResponse(embedding=VECTOR)]]
    result = embed(fake, way, "A text", task_type="retrieval_query", output_dimensionality=2)
    assert result == {"embedding": [0.5, 1.0]}
    span = telemetry.the_span()
    assert span.name == f"embeddings {EMBEDDER}"
    expected = {
        "gen_ai.operation.name": "embeddings",
        "gen_ai.provider.name": "gcp.gemini",
        "gen_ai.request.model": EMBEDDER,
        "gen_ai.embeddings.dimension.count": 2,
        "gcp.gen_ai.embeddings.task_type": "RETRIEVAL_QUERY",
        "gcp.gen_ai.embeddings.count": 1,
        "server.address": "localhost",
        "mlflow.spanType": "EMBEDDING",
    }
    assert {name: span.attributes.get(name) for name in expected} == expected
    assert "gen_ai.usage.input_tokens" not in span.attributes


@pytest.mark.parametrize("way", WAYS)
def test_several_embeddings(way: str, fake: Fake, telemetry: Watched):
    """A batch is one call and one span, over however many requests."""
    batch = protos.BatchEmbedContentsResponse(embeddings=[VECTOR] * 100)
    rest = protos.BatchEmbedContentsResponse(embeddings=[VECTOR] * 2)
    fake.answers = [[batch], [rest]]
    texts = [f"text {number}" for number in range(102)]
    result = embed(fake, way, texts, task_type=protos.TaskType.CLUSTERING)
    assert len(result["embedding"]) == 102
    assert len(fake.seen) == 2
    span = telemetry.the_span()
    assert span.attributes["gcp.gen_ai.embeddings.count"] == 102
    assert span.attributes["gcp.gen_ai.embeddings.task_type"] == "CLUSTERING"


def test_an_iterator_of_texts_is_left_to_the_sdk(fake: Fake, telemetry: Watched):
    """What can be read only once is read by the SDK."""
    fake.answers = [[protos.BatchEmbedContentsResponse(embeddings=[VECTOR] * 2)]]
    result = embed(fake, "grpc", iter(["one", "two"]))
    assert len(result["embedding"]) == 2
    assert len(fake.seen[0][1].requests) == 2
    assert telemetry.the_span().attributes["gcp.gen_ai.embeddings.count"] == 2


@pytest.mark.parametrize("way", WAYS)
def test_counting_tokens(way: str, fake: Fake, telemetry: Watched):
    """A count is a result and no usage: nothing of it is billed."""
    counted = protos.CountTokensResponse(total_tokens=42, cached_content_token_count=5)
    fake.answers = [[counted]]
    connect(fake, way)
    assert run(way, genai.GenerativeModel(MODEL), "count_tokens", "How long?").total_tokens == 42
    span = telemetry.the_span()
    assert span.name == f"count_tokens {MODEL}"
    assert span.attributes["gcp.gen_ai.count_tokens.total_tokens"] == 42
    assert span.attributes["gcp.gen_ai.count_tokens.cached_tokens"] == 5
    assert not [name for name in span.attributes if name.startswith("gen_ai.usage")]
    assert "mlflow.chat.tokenUsage" not in span.attributes


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("call", ["embed", "count"])
def test_errors(way: str, call: str, fake: Fake, telemetry: Watched):
    """Refusals come out as they are, and on the span."""
    fake.answers = [[Refusal(404, "NOT_FOUND", "No such model")]]
    connect(fake, way)
    if call == "embed":
        heard = hear(embed, fake, way, "A text")
    else:
        heard = hear(run, way, genai.GenerativeModel(MODEL), "count_tokens", "How long?")
    assert type(heard.error).__name__ == "NotFound"
    span = telemetry.the_span()
    assert span.attributes["error.type"] == "404"


@pytest.mark.parametrize("mode", ["SPAN_ONLY", "NO_CONTENT"])
def test_what_was_embedded(mode: str, fake: Fake):
    """MLflow's pages show the texts, if they may leave; the conventions have no place for them."""
    fake.answers = [[protos.BatchEmbedContentsResponse(embeddings=[VECTOR] * 2)]]
    telemetry = Telemetry()
    with telemetry.attached(capture_message_content=mode, mlflow=True):
        embed(fake, "grpc", ["Text one", protos.Part(text="text two")])
    inputs = telemetry.ended[0].attributes.get("mlflow.spanInputs", "")
    allowed = mode == "SPAN_ONLY"
    assert ("Text one" in inputs, "text two" in inputs) == (allowed, allowed)
