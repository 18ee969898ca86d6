"""What the fake has told its callers about tokens."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fake_gemini.script import Json

USAGE_FIELDS = (
    "promptTokenCount",
    "candidatesTokenCount",
    "thoughtsTokenCount",
    "toolUsePromptTokenCount",
    "cachedContentTokenCount",
    "totalTokenCount",
)


def usage_of(documents: Iterable[Json]) -> dict[str, int]:
    """Returns one response's usage: per field the last value that its documents hold."""
    found: dict[str, int] = {}
    for document in documents:
        usage = document.get("usageMetadata") or {}
        found.update({name: usage[name] for name in USAGE_FIELDS if usage.get(name) is not None})
        counted = [
            prediction["embeddings"]["statistics"]["token_count"]
            for prediction in document.get("predictions", [])
            if "statistics" in prediction.get("embeddings", {})
        ]
        if counted:
            found["promptTokenCount"] = int(sum(counted))
    return found


def summed(usages: Iterable[dict[str, int]]) -> dict[str, int]:
    """Returns the sum over responses, per field."""
    total: Counter[str] = Counter()
    for usage in usages:
        total.update(usage)
    return dict(total)
