"""Token counts, as Google bills them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Usage

from .fields import FieldReader, enum_text

Counts = tuple[Any, ...]
"""The fields of one `usage_metadata`: five counts, their details by modality, and perhaps more."""

read_counts = FieldReader(
    "prompt_token_count",
    "candidates_token_count",
    "thoughts_token_count",
    "cached_content_token_count",
    "tool_use_prompt_token_count",
    "prompt_tokens_details",
    "candidates_tokens_details",
    "cache_tokens_details",
    "tool_use_prompt_tokens_details",
    "traffic_type",
)
"""Read the `Counts` of a `usage_metadata`, whether an SDK object or a dict."""

TRAFFIC = 9
"""Where in them the class of traffic stands."""

_NOTHING: Mapping[str, int] = {}
_PROMPT = FieldReader("prompt_token_count", "prompt_tokens_details")
_DETAIL = FieldReader("modality", "token_count")


def merge_counts(chunks: Sequence[Counts]) -> Counts:
    """Return what a stream's chunks say together.

    Their counts are cumulative, and a field can vanish again: per field the last value that was
    there is the true one, never the sum.
    """
    if len(chunks) == 1:
        return chunks[0]
    merged = list(chunks[-1])
    for position, value in enumerate(merged):
        if value is None:
            for before in reversed(chunks):
                if before[position] is not None:
                    merged[position] = before[position]
                    break
    return tuple(merged)


def to_usage(counts: Counts | None) -> Usage | None:
    """Return what is billed, or `None` if no count was reported.

    Gemini counts tool-use prompts beside the prompt and thoughts beside the candidates; the
    conventions' totals include both.
    """
    if counts is None:
        return None
    prompt, candidates, thoughts, cached, tool_prompt, *details = counts
    if prompt is candidates is thoughts is cached is tool_prompt is None:
        return None
    prompt_details, candidates_details, cache_details, tool_details = details[:4]
    return Usage(
        prompt if tool_prompt is None else _sum(prompt, tool_prompt),
        candidates if thoughts is None else _sum(candidates, thoughts),
        thoughts,
        cached,
        tool_prompt,
        _by_modality(prompt_details, tool_details) if prompt_details or tool_details else _NOTHING,
        _by_modality(candidates_details) if candidates_details else _NOTHING,
        _by_modality(cache_details) if cache_details else _NOTHING,
    )


def to_prompt_usage(usage_metadata: Any) -> Usage | None:
    """Return what an operation without output bills, or `None` if no count was reported."""
    prompt, details = _PROMPT(usage_metadata)
    if prompt is None:
        return None
    return Usage(prompt, input_by_modality=_by_modality(details) if details else _NOTHING)


def _sum(one: int | None, other: int) -> int:
    return other if one is None else one + other


def _by_modality(
    details: Iterable[Any] | None, more: Iterable[Any] | None = None
) -> Mapping[str, int]:
    tokens: dict[str, int] = {}
    for entry in (*(details or ()), *more) if more else details or ():
        getter = _DETAIL.getters.get(type(entry)) or _DETAIL.of(type(entry))
        modality, count = getter(entry)
        name = enum_text(modality)
        if name is not None and count is not None:
            name = name.lower()
            tokens[name] = tokens.get(name, 0) + count
    return tokens
