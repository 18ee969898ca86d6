"""A `GenerateContentConfig`, in whatever form it was given, as generation parameters."""

import re
from collections.abc import Callable, Container, Iterator
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    LEAST_INTEGER,
    MOST_INTEGER,
    NO_PARAMETERS,
    Parameters,
    Value,
)

from .errors import scrub
from .fields import FieldReader, enum_text, field, view
from .plain import plain

_VALUES = FieldReader(
    "temperature",
    "top_p",
    "top_k",
    "max_output_tokens",
    "candidate_count",
    "seed",
    "presence_penalty",
    "frequency_penalty",
    "stop_sequences",
    "response_mime_type",
    "response_schema",
    "response_json_schema",
    "response_modalities",
    "thinking_config",
    "cached_content",
)


def read_config(config: Any) -> Parameters:
    """Return the generation parameters that *config* sets."""
    if config is None:
        return NO_PARAMETERS
    values = _VALUES(config)
    (temperature, top_p, top_k, max_tokens, choices, seed, presence, frequency) = values[:8]
    stop, mime_type, schema, json_schema, modalities, thinking, cached = values[8:]
    wanted = None if modalities is None else _texts(modalities)
    structured = schema is not None or json_schema is not None
    return Parameters(
        None if temperature is None else _number(float, temperature),
        None if top_p is None else _number(float, top_p),
        None if top_k is None else _number(int, top_k),
        None if max_tokens is None else _number(int, max_tokens),
        None if choices is None or choices == 1 else _number(int, choices),
        None if seed is None else _number(int, seed),
        None if presence is None else _number(float, presence),
        None if frequency is None else _number(float, frequency),
        None if stop is None else _texts(stop),
        _output_type(mime_type, wanted, structured=structured)
        if mime_type is not None or wanted is not None or structured
        else None,
        None if thinking is None else enum_text(field(view(thinking), "thinking_level")),
        NO_PARAMETERS.details
        if thinking is cached is wanted is None
        else _details(thinking, cached, wanted),
    )


def _number(kind: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, str):
        return None
    try:
        number = kind(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if kind is float or LEAST_INTEGER <= number <= MOST_INTEGER else None


def _texts(values: Any) -> tuple[str, ...] | None:
    if not values or not isinstance(values, (list, tuple)):
        return None
    texts = (enum_text(value) for value in values)
    return tuple(text for text in texts if text is not None) or None


def _output_type(
    mime_type: Any, modalities: tuple[str, ...] | None, *, structured: bool
) -> str | None:
    names = {modality.upper() for modality in modalities or ()}
    if "IMAGE" in names:
        return "image"
    if "AUDIO" in names:
        return "speech"
    if mime_type == "application/json" or structured:
        return "json"
    # text/x.enum, text/plain: one word or many, it is text.
    if (isinstance(mime_type, str) and mime_type.startswith("text/")) or names == {"TEXT"}:
        return "text"
    return None


def _details(thinking: Any, cached: Any, modalities: tuple[str, ...] | None) -> dict[str, Value]:
    details: dict[str, Value] = {}
    if thinking is not None:
        budget = _number(int, field(view(thinking), "thinking_budget"))
        if budget is not None:
            details["thinking_budget"] = budget
    if isinstance(cached, str) and cached:
        details["cached_content"] = cached
    if modalities is not None:
        details["response_modalities"] = modalities
    return details


_STANDARD = frozenset(
    {
        "temperature",
        "top_p",
        "top_k",
        "candidate_count",
        "max_output_tokens",
        "stop_sequences",
        "presence_penalty",
        "frequency_penalty",
        "seed",
        "response_mime_type",
        "system_instruction",
    }
)

_CONTENT = frozenset({"tools", "response_schema", "response_json_schema", "labels"})

_HTTP = ("api_version", "base_url", "timeout")
"""What of the HTTP options may be told; headers carry keys."""

_NEVER = re.compile(
    # What opens doors: keys of a tool's service, headers for an MCP server.
    r"(?:^|_)(?:auth|cookies?|credentials?|headers?|passwords?|secrets?)(?:_|$)|api_key"
    # Bytes: voices, pictures, the state of an answer to go on with.
    r"|_(?:audio|token)$|^image_data$"
)
"""Fields that are not told, wherever they stand."""


def flatten_config(config: Any, *, content: bool) -> dict[str, Value]:
    """Return other fields of *config* by their path, such as `safety_settings[0].category`.

    Args:
        config: A `GenerateContentConfig`, in whatever form.
        content: Whether to return the fields that quote the application's content, and no others.
    """
    flat: dict[str, Value] = {}
    for name, value in _fields(plain(config)):
        if name not in _STANDARD and (name in _CONTENT) is content:
            told = dict(_fields(value, _HTTP)) if name == "http_options" else value
            _flatten(name, told, flat)
    return flat


def _fields(tree: Any, wanted: Container[str] | None = None) -> Iterator[tuple[str, Any]]:
    """Yield the fields of *tree* by the SDK's own names; dicts may use the JSON API's."""
    for key, value in tree.items() if isinstance(tree, dict) else ():
        name = _snake_case(key)
        if wanted is None or name in wanted:
            yield name, value


def _snake_case(key: str) -> str:
    return _CAMEL_HUMP.sub(r"_\g<0>", key).lower()


_CAMEL_HUMP = re.compile("(?<=[a-z0-9])[A-Z]")


def _flatten(path: str, value: Any, flat: dict[str, Value]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not _NEVER.search(_snake_case(key)):
                _flatten(f"{path}.{key}", item, flat)
    elif isinstance(value, list):
        _flatten_list(path, value, flat)
    elif isinstance(value, int) and not LEAST_INTEGER <= value <= MOST_INTEGER:
        flat[path] = str(value)
    elif value is not None:
        # An address may hold a password or a key.
        flat[path] = scrub(value) if isinstance(value, str) else value


def _flatten_list(path: str, items: list[Any], flat: dict[str, Value]) -> None:
    if all(isinstance(item, str) for item in items):
        flat[path] = [scrub(item) for item in items]
        return
    flat[f"{path}.length"] = len(items)
    for position, item in enumerate(items):
        _flatten(f"{path}[{position}]", item, flat)
