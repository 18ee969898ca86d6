"""Embeddings, alone and in batches, on every route that serves them; counted tokens."""

from __future__ import annotations

from fake_gemini.script import Failure, Json, Round, Scenario, Tokens
from fake_gemini.wire import answer, base64_text, error_body, modalities, refusal

VECTOR = [0.25, -0.5, 0.125]
TEXTS = ["What is a span?", "What is a trace?"]


def _embedding(count: float | None = None) -> Json:
    statistics = {} if count is None else {"statistics": {"token_count": count, "truncated": False}}
    return {"values": VECTOR, **statistics}


def _usage(prompt: int) -> Json:
    return {"promptTokenCount": prompt, "promptTokensDetails": modalities(TEXT=prompt)}


def _vectors(count: int, tokens: int | None, *, detailed: bool = False) -> tuple[Round, ...]:
    found = {"input.TEXT": tokens} if detailed and tokens is not None else {}
    return (Round(tokens=Tokens(input=tokens, by_modality=found), vectors=(len(VECTOR),) * count),)


EMBED_ONE = Scenario(
    name="embed_one",
    route="batchEmbedContents",
    operation="embed",
    shapes=("unary",),
    apis=("gemini",),
    model="gemini-embedding-001",
    contents=TEXTS[0],
    config={"task_type": "RETRIEVAL_QUERY", "output_dimensionality": 3},
    steps=(answer({"embeddings": [_embedding()], "usageMetadata": _usage(5)}),),
    rounds=_vectors(1, 5, detailed=True),
)

EMBED_BATCH = Scenario(
    name="embed_batch",
    route="batchEmbedContents",
    operation="embed",
    shapes=("unary",),
    apis=("gemini",),
    model="gemini-embedding-001",
    contents=TEXTS,
    steps=(answer({"embeddings": [_embedding(), _embedding()], "usageMetadata": _usage(10)}),),
    rounds=_vectors(2, 10, detailed=True),
)

EMBED_WITHOUT_USAGE = Scenario(
    name="embed_without_usage",
    route="batchEmbedContents",
    operation="embed",
    shapes=("unary",),
    apis=("gemini",),
    model="gemini-embedding-001",
    contents=TEXTS[0],
    steps=(answer({"embeddings": [_embedding()]}),),
    rounds=_vectors(1, None),
)

EMBED_BY_PREDICT = Scenario(
    name="embed_by_predict",
    route="predict",
    operation="embed",
    shapes=("unary",),
    apis=("vertex",),
    model="text-embedding-005",
    contents=TEXTS,
    config={"output_dimensionality": 3},
    steps=(
        answer(
            {
                "predictions": [
                    {"embeddings": _embedding(5.0)},
                    {"embeddings": _embedding(6.0)},
                ],
                "metadata": {"billableCharacterCount": 25},
            }
        ),
    ),
    rounds=_vectors(2, 11),
)

EMBED_CONTENT = Scenario(
    name="embed_content",
    route="embedContent",
    operation="embed",
    shapes=("unary",),
    apis=("vertex",),
    since=(2, 0),
    model="gemini-embedding-2",
    contents=TEXTS[0],
    steps=(answer({"embedding": _embedding(), "usageMetadata": _usage(5), "truncated": False}),),
    rounds=_vectors(1, 5, detailed=True),
)

EMBED_CONTENT_BATCH = Scenario(
    name="embed_content_batch",
    route="batchEmbedContents",
    operation="embed",
    shapes=("unary",),
    apis=("vertex",),
    since=(3, 1),
    model="gemini-embedding-2",
    contents=[{"parts": [{"text": text}]} for text in TEXTS],
    steps=(answer({"embeddings": [_embedding(), _embedding()], "usageMetadata": _usage(10)}),),
    rounds=_vectors(2, 10, detailed=True),
)

EMBED_REFUSED = Scenario(
    name="embed_refused",
    route="batchEmbedContents",
    operation="embed",
    shapes=("unary",),
    apis=("gemini",),
    model="text-embedding-005",
    contents=TEXTS[0],
    steps=(refusal(400, error_body(400, "The text is too long.")),),
    rounds=(Round(failure=Failure("ClientError", 400, "INVALID_ARGUMENT")),),
)

COUNT_TOKENS = Scenario(
    name="count_tokens",
    route="countTokens",
    operation="count_tokens",
    shapes=("unary",),
    contents=TEXTS[0],
    steps=(answer({"totalTokens": 5, "promptTokensDetails": modalities(TEXT=5)}),),
    rounds=(Round(counted=5),),
)

COUNT_CACHED_TOKENS = Scenario(
    name="count_cached_tokens",
    route="countTokens",
    operation="count_tokens",
    shapes=("unary",),
    apis=("gemini",),
    contents=TEXTS[0],
    steps=(answer({"totalTokens": 2053, "cachedContentTokenCount": 2048}),),
    rounds=(Round(counted=2053),),
)

COUNT_REFUSED = Scenario(
    name="count_refused",
    route="countTokens",
    operation="count_tokens",
    shapes=("unary",),
    model="gemini-none",
    contents=TEXTS[0],
    steps=(refusal(404, error_body(404, "models/gemini-none is not found.")),),
    rounds=(Round(failure=Failure("ClientError", 404, "NOT_FOUND")),),
)

COMPUTE_TOKENS = Scenario(
    name="compute_tokens",
    route="computeTokens",
    operation="compute_tokens",
    shapes=("unary",),
    apis=("vertex",),
    contents=TEXTS[0],
    steps=(
        answer(
            {
                "tokensInfo": [
                    {
                        "role": "user",
                        "tokenIds": ["1841", "603", "476", "9664", "235336"],
                        "tokens": [
                            base64_text(piece) for piece in ("What", " is", " a", " span", "?")
                        ],
                    }
                ]
            }
        ),
    ),
    rounds=(Round(counted=5),),
)
