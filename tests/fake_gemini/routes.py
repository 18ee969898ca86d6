"""The routes of the fake: one row per method of Google's API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fake_gemini import freeplay

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_gemini.recording import Request
    from fake_gemini.script import Shape, Step

MODEL_PREFIXES = (
    "/{version}/models/{model}",
    "/{version}/tunedModels/{model}",
    "/{version}/publishers/google/models/{model}",
    "/{version}/projects/{project}/locations/{location}/publishers/google/models/{model}",
    "/{version}/projects/{project}/locations/{location}/endpoints/{model}",
)
ROOTS = ("/{version}", "/{version}/projects/{project}/locations/{location}")
INTERACTIONS = tuple(f"{root}/interactions" for root in ROOTS)
INTERACTION = tuple(f"{path}/{{id}}" for path in INTERACTIONS)


@dataclass(frozen=True)
class Row:
    """A method: how it is reached, how it is answered when no scenario says so."""

    verb: Literal["GET", "POST", "PATCH", "DELETE"]
    paths: tuple[str, ...]
    answer: Callable[[Request], Step]
    shape: Callable[[Request], Shape] = lambda _request: "unary"


def _streamed(_request: Request) -> Shape:
    return "stream"


def _as_asked(request: Request) -> Shape:
    """Looks where the Interactions API is told to stream: in the body, or in the query."""
    wanted = request.json.get("stream") or request.query.get("stream") == "true"
    return "stream" if wanted else "unary"


def _model_method(method: str) -> tuple[str, ...]:
    return tuple(f"{prefix}:{method}" for prefix in MODEL_PREFIXES)


ROWS = (
    Row("POST", _model_method("generateContent"), freeplay.generate),
    Row("POST", _model_method("streamGenerateContent"), freeplay.generate, _streamed),
    Row("POST", _model_method("countTokens"), freeplay.count_tokens),
    Row("POST", _model_method("computeTokens"), freeplay.compute_tokens),
    Row("POST", _model_method("batchEmbedContents"), freeplay.batch_embed),
    Row("POST", _model_method("embedContent"), freeplay.embed),
    Row("POST", _model_method("predict"), freeplay.predict),
    Row("GET", MODEL_PREFIXES, freeplay.get_model),
    Row("POST", INTERACTIONS, freeplay.interact, _as_asked),
    Row("GET", INTERACTION, freeplay.no_interaction, _as_asked),
    Row("DELETE", INTERACTION, freeplay.no_interaction),
    Row("POST", tuple(f"{path}/cancel" for path in INTERACTION), freeplay.no_interaction),
    Row("POST", tuple(f"{path}/auth_tokens" for path in INTERACTION), freeplay.no_interaction),
    Row(
        "DELETE",
        tuple(f"{path}/auth_tokens/{{token}}" for path in INTERACTION),
        freeplay.no_interaction,
    ),
    Row("POST", tuple(f"{root}/decisions" for root in ROOTS), freeplay.decide),
)
