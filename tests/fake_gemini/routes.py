"""The routes of the fake: one row per method of Google's API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

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
VERTEX = "/{version}/projects/{project}/locations/{location}"


Verb: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True)
class Row:
    """A method: how it is reached, how it is answered when no scenario says so."""

    verb: Verb
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


def _kept(verb: Verb, *paths: str) -> Row:
    """Returns a method on what a project keeps; in free play nothing is kept."""
    return Row(verb, paths, freeplay.not_kept)


def _collection(
    name: str, *, vertex: bool = False, gemini: bool = True, changed: bool = False
) -> tuple[Row, ...]:
    """Returns the usual methods on a collection of resources, and on one of them."""
    roots = ("/{version}",) * gemini + (VERTEX,) * vertex
    collections = tuple(f"{root}/{name}" for root in roots)
    ones = tuple(f"{path}/{{id}}" for path in collections)
    return (
        _kept("POST", *collections),
        _kept("GET", *collections),
        _kept("GET", *ones),
        _kept("DELETE", *ones),
        *([_kept("PATCH", *ones)] if changed else []),
    )


_STORE = "/{version}/fileSearchStores/{store}"
_WEBHOOK_VERBS = ("ping", "rotateSigningSecret")
_WORKSPACE = "/{version}/environments/{environment}/files/{path:path}"

RESOURCES = (
    _kept("POST", "/{version}/batches/{id}:cancel", f"{VERTEX}/batchPredictionJobs/{{id}}:cancel"),
    _kept("POST", "/{version}/tunedModels/{id}:cancel", f"{VERTEX}/tuningJobs/{{id}}:cancel"),
    _kept("POST", f"{VERTEX}/tuningJobs:validateReinforcementTuningReward"),
    _kept(
        "POST",
        "/upload/{version}/files",
        "/upload/{version}/fileSearchStores/{id}:uploadToFileSearchStore",
    ),
    _kept("POST", "/{version}/files:register"),
    _kept("GET", "/{version}/files/{id}:download", f"{_STORE}/media/{{id}}"),
    _kept("POST", f"{_STORE}:importFile"),
    _kept("GET", f"{_STORE}/documents", f"{_STORE}/documents/{{id}}"),
    _kept("DELETE", f"{_STORE}/documents/{{id}}"),
    _kept("GET", *(f"{prefix}/operations/{{id}}" for prefix in MODEL_PREFIXES[:2])),
    _kept("GET", *(f"{_STORE}/{kind}operations/{{id}}" for kind in ("", "upload/"))),
    _kept("POST", "/{version}/auth_tokens"),
    _kept("GET", "/{version}/models", f"{VERTEX}/publishers/google/models"),
    _kept("PATCH", *MODEL_PREFIXES[:2]),
    _kept("DELETE", *MODEL_PREFIXES[:2]),
    *_collection("cachedContents", vertex=True, changed=True),
    *_collection("files"),
    *_collection("fileSearchStores"),
    *_collection("batches"),
    *_collection("batchPredictionJobs", vertex=True, gemini=False),
    *_collection("tunedModels"),
    *_collection("tuningJobs", vertex=True, gemini=False),
    *_collection("models", vertex=True, gemini=False, changed=True),
    *_collection("agents"),
    *_collection("webhooks", changed=True),
    _kept("POST", *(f"/{{version}}/webhooks/{{id}}:{verb}" for verb in _WEBHOOK_VERBS)),
    *_collection("triggers", changed=True),
    _kept("POST", "/{version}/triggers/{id}/executions"),
    _kept("GET", "/{version}/triggers/{id}/executions"),
    *_collection("environments"),
    _kept("GET", _WORKSPACE),
    _kept("PUT", f"/upload{_WORKSPACE}"),
    *_collection("credentials", changed=True),
    *_collection("voices"),
)
"""What a project keeps: files, caches, jobs and their kin."""

ROWS = (
    Row("POST", _model_method("generateContent"), freeplay.generate),
    Row("POST", _model_method("streamGenerateContent"), freeplay.generate, _streamed),
    Row("POST", _model_method("countTokens"), freeplay.count_tokens),
    Row("POST", _model_method("computeTokens"), freeplay.compute_tokens),
    Row("POST", _model_method("batchEmbedContents"), freeplay.batch_embed),
    Row("POST", _model_method("embedContent"), freeplay.embed),
    Row("POST", _model_method("predict"), freeplay.predict),
    *(
        Row("POST", _model_method(method), freeplay.not_kept)
        for method in (
            "predictLongRunning",
            "fetchPredictOperation",
            "batchGenerateContent",
            "asyncBatchEmbedContent",
        )
    ),
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
    *RESOURCES,
)
