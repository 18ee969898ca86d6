"""Token counts, as Google bills them."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Usage

from .fields import enum_text, field, view

_COUNTS = attrgetter(
    "prompt_token_count",
    "candidates_token_count",
    "thoughts_token_count",
    "cached_content_token_count",
    "tool_use_prompt_token_count",
    "prompt_tokens_details",
    "candidates_tokens_details",
    "cache_tokens_details",
    "tool_use_prompt_tokens_details",
)

_UNREPORTED = (None,) * 5

Counts = tuple[Any, ...]
"""The fields of one `usage_metadata`, in the order above."""


def read_counts(usage_metadata: Any, before: Counts | None = None) -> Counts:
    """Return the counts of *usage_metadata*, over what earlier chunks said.

    A stream's counts are cumulative, and a field can vanish again: per field the last value that
    was there is the true one, never the sum.
    """
    counts: Counts = _COUNTS(view(usage_metadata))
    if before is None or before == counts:
        return counts
    return tuple(old if new is None else new for new, old in zip(counts, before, strict=True))


def to_usage(counts: Counts | None) -> Usage | None:
    """Return what is billed, or `None` if no count was reported.

    Gemini counts tool-use prompts beside the prompt and thoughts beside the candidates; the
    conventions' totals include both.
    """
    if counts is None:
        return None
    prompt, candidates, thoughts, cached, tool_prompt, *details = counts
    if counts[:5] == _UNREPORTED:
        return None
    prompt_details, candidates_details, cache_details, tool_details = details
    return Usage(
        input_tokens=_sum(prompt, tool_prompt),
        output_tokens=_sum(candidates, thoughts),
        reasoning_tokens=thoughts,
        cached_tokens=cached,
        tool_use_prompt_tokens=tool_prompt,
        input_by_modality=_by_modality(prompt_details, tool_details),
        output_by_modality=_by_modality(candidates_details),
        cached_by_modality=_by_modality(cache_details),
    )


def to_prompt_usage(usage_metadata: Any) -> Usage | None:
    """Return what an operation without output bills, or `None` if no count was reported."""
    source = view(usage_metadata)
    prompt = field(source, "prompt_token_count")
    if prompt is None:
        return None
    return Usage(
        input_tokens=prompt,
        input_by_modality=_by_modality(field(source, "prompt_tokens_details")),
    )


def _sum(one: int | None, other: int | None) -> int | None:
    if one is None:
        return other
    return one if other is None else one + other


_NOTHING: dict[str, int] = {}


def _by_modality(*details: Iterable[Any] | None) -> dict[str, int]:
    if not any(details):
        return _NOTHING
    tokens: dict[str, int] = {}
    for group in details:
        for entry in group or ():
            item = view(entry)
            modality = enum_text(item.modality)
            if modality is not None and item.token_count is not None:
                modality = modality.lower()
                tokens[modality] = tokens.get(modality, 0) + item.token_count
    return tokens
