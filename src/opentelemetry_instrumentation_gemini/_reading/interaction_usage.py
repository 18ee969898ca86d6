"""Token counts of the Interactions API, as Google bills them."""

from collections.abc import Iterable, Mapping
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Usage

from .fields import FieldReader, enum_text
from .usage import Counts, merge_counts, to_usage

_COUNTS = FieldReader(
    "total_input_tokens",
    "total_output_tokens",
    "total_thought_tokens",
    "total_cached_tokens",
    "total_tool_use_tokens",
    "input_tokens_by_modality",
    "output_tokens_by_modality",
    "cached_tokens_by_modality",
    "tool_use_tokens_by_modality",
    "grounding_tool_count",
)
_DETAIL = FieldReader("modality", "tokens")
_GROUNDING = FieldReader("type", "count")


def read_interaction_counts(usage: Any) -> Counts:
    """Read the `Counts` of an interaction's usage, whether an SDK object or a dict."""
    counts = _COUNTS(usage)
    return (*map(_count, counts[:5]), *map(_details, counts[5:-1]), _searches(counts[-1]))


def _count(value: Any) -> int | None:
    """Return a count, if it is one: what these clients cannot read they hand on as it came."""
    return value if isinstance(value, int) else None


def _details(entries: Any) -> list[dict[str, Any]] | None:
    if not isinstance(entries, list):
        return None
    seen = [_DETAIL(entry) for entry in entries]
    return [{"modality": name, "token_count": _count(count)} for name, count in seen] or None


def _searches(entries: Any) -> int | None:
    """Return how many searches the service made, of which it counts each kind of source."""
    seen = [_GROUNDING(entry) for entry in entries] if isinstance(entries, list) else []
    counts = [_count(count) for kind, count in seen if enum_text(kind) == "google_search"]
    return sum(count for count in counts if count is not None) or None


def sum_searches(hops: Iterable[list[Counts]]) -> int:
    """Return how many searches several requests made together."""
    return sum(merge_counts(counts)[-1] or 0 for counts in hops if counts)


def sum_usage(hops: Iterable[list[Counts]]) -> Usage | None:
    """Return what several requests bill together; of each the counts grow as it goes on."""
    usages = [to_usage(merge_counts(counts)) for counts in hops if counts]
    reported = [usage for usage in usages if usage is not None]
    if not reported:
        return None
    total = reported[0]
    for usage in reported[1:]:
        total = _add(total, usage)
    return total


def _add(one: Usage, other: Usage) -> Usage:
    return Usage(
        _sum(one.input_tokens, other.input_tokens),
        _sum(one.output_tokens, other.output_tokens),
        _sum(one.reasoning_tokens, other.reasoning_tokens),
        _sum(one.cached_tokens, other.cached_tokens),
        _sum(one.tool_use_prompt_tokens, other.tool_use_prompt_tokens),
        _merge(one.input_by_modality, other.input_by_modality),
        _merge(one.output_by_modality, other.output_by_modality),
        _merge(one.cached_by_modality, other.cached_by_modality),
    )


def _sum(*counts: int | None) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _merge(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}
