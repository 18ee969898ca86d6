"""From a recorded request body back to the arguments of an SDK call."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from google.genai import types
from pydantic import BaseModel, ValidationError

from recorded.traffic import Exchange

PLAIN = "What is the capital of France?"

_BESIDE_GENERATION_CONFIG = (
    "systemInstruction",
    "tools",
    "toolConfig",
    "safetySettings",
    "cachedContent",
    "labels",
    "modelArmorConfig",
    "serviceTier",
    "store",
)
_PREDICT_MODEL = "text-embedding-005"
_EMBED_FIELDS = ("taskType", "title", "outputDimensionality", "autoTruncate", "mimeType")


@dataclass(frozen=True)
class Arguments:
    """Typed arguments of one call; `whole` is false where the recording had to be cut."""

    model: str
    contents: Any
    config: Any
    whole: bool = True

    def in_form(self, form: Callable[[Any], Any]) -> dict[str, Any]:
        """Return fresh keyword arguments in one of the forms that callers use."""
        keywords = {"model": self.model, "contents": form(self.contents)}
        return keywords if self.config is None else {**keywords, "config": form(self.config)}


def typed(value: Any) -> Any:
    """Return a copy that is made of SDK types."""
    if isinstance(value, BaseModel):
        return value.model_copy(deep=True)
    return [typed(item) for item in value] if isinstance(value, list) else value


def snake_dicts(value: Any) -> Any:
    """Return a copy made of dicts with Python's spelling."""
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_unset=True)
    return [snake_dicts(item) for item in value] if isinstance(value, list) else value


def camel_dicts(value: Any) -> Any:
    """Return a copy made of dicts with the JSON API's spelling."""
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_unset=True, by_alias=True)
    return [camel_dicts(item) for item in value] if isinstance(value, list) else value


def generate_arguments(exchange: Exchange) -> Iterator[Arguments]:
    """Yield ever simpler arguments; the first that the SDK sends is the best replay.

    A client refuses what its mode does not support, and other clients than Google's recorded
    fields that the SDK does not know.
    """
    wire = _body(exchange)
    model = exchange.route.model
    contents, whole = _contents(wire.get("contents"))
    settings = dict(_get(wire, "generationConfig") or {})
    for name in _BESIDE_GENERATION_CONFIG:
        if (value := _get(wire, name)) is not None:
            settings[name] = value
    config, config_whole = _validated(types.GenerateContentConfig, settings)
    whole = whole and config_whole
    yield Arguments(model, contents, config, whole)
    yield from _simpler(model, contents, config)


def count_arguments(exchange: Exchange) -> Iterator[Arguments]:
    """Yield the arguments of `count_tokens`."""
    wire = _body(exchange)
    model = exchange.route.model
    contents, whole = _contents(wire.get("contents"))
    settings = {
        name: wire[name]
        for name in ("systemInstruction", "tools", "generationConfig")
        if name in wire
    }
    config, config_whole = _validated(types.CountTokensConfig, settings)
    yield Arguments(model, contents, config, whole and config_whole)
    yield from _simpler(model, contents, config)


def embed_arguments(exchange: Exchange) -> Iterator[Arguments]:
    """Yield the arguments of `embed_content`, from any of its three request bodies."""
    wire = _body(exchange)
    model = exchange.route.model
    if "instances" in wire:
        requests = [{**wire.get("parameters", {}), **entry} for entry in wire["instances"]]
    else:
        requests = wire.get("requests") or [wire]
    contents, whole = _contents([entry.get("content") for entry in requests])
    first = requests[0] if requests else {}
    settings = {name: _get(first, name) for name in _EMBED_FIELDS}
    settings = {name: value for name, value in settings.items() if value is not None}
    config, config_whole = _validated(types.EmbedContentConfig, settings)
    yield Arguments(model, contents, config, whole and config_whole)
    # Newer SDKs send Gemini embedding models to another method than they were recorded with.
    yield Arguments(_PREDICT_MODEL, contents, config, whole=False)
    yield from _simpler(model, contents, config)


def _simpler(model: str, contents: Any, config: BaseModel | None) -> Iterator[Arguments]:
    if config is not None:
        for name in sorted(config.model_fields_set):
            yield Arguments(model, contents, config.model_copy(update={name: None}), whole=False)
        yield Arguments(model, contents, None, whole=False)
    yield Arguments(model, PLAIN, None, whole=False)


def _contents(recorded: Any) -> tuple[Any, bool]:
    if not recorded:
        return PLAIN, False
    recorded = recorded if isinstance(recorded, list) else [recorded]
    try:
        return [_content(entry) for entry in recorded], True
    except ValidationError:
        return PLAIN, False


def _content(entry: Any) -> Any:
    if isinstance(entry, str):
        return entry
    # JSON mode, because only there the SDK takes base64 text for bytes.
    return types.Content.model_validate_json(json.dumps(entry))


def _validated(model: type[BaseModel], settings: dict[str, Any]) -> tuple[BaseModel | None, bool]:
    """Return *settings* as an SDK type without what it rejects, and whether all of it fits."""
    kept = settings
    while kept:
        config, rejected = _try(model, kept)
        if config is not None:
            return config, len(kept) == len(settings)
        left = {key: value for key, value in kept.items() if not rejected & _spellings(key)}
        kept = left if len(left) < len(kept) else {}
    return None, not settings


def _try(model: type[BaseModel], settings: dict[str, Any]) -> tuple[BaseModel | None, set[str]]:
    try:
        return model.model_validate_json(json.dumps(settings)), set()
    except ValidationError as error:
        return None, {str(entry["loc"][0]) for entry in error.errors() if entry["loc"]}


def _spellings(name: str) -> set[str]:
    snake = "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
    head, *tail = snake.split("_")
    return {name, snake, head + "".join(word.title() for word in tail)}


def _body(exchange: Exchange) -> dict[str, Any]:
    return exchange.request if isinstance(exchange.request, dict) else {}


def _get(wire: dict[str, Any], name: str) -> Any:
    for spelling in _spellings(name):
        if spelling in wire:
            return wire[spelling]
    return None
