"""Token counts that depend on the content alone, so that every run reports the same."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from fake_gemini.wire import modalities

if TYPE_CHECKING:
    from fake_gemini.script import Json

MEDIA_TOKENS = {"image": 258, "video": 263, "audio": 32, "application": 258}
MODALITY = {"image": "IMAGE", "video": "VIDEO", "audio": "AUDIO", "application": "DOCUMENT"}


def tokens_in(text: str) -> int:
    """Counts text as four characters a token, at least one where there is text."""
    return math.ceil(len(text) / 4)


def count_parts(parts: list[Json]) -> Counter[str]:
    """Counts the tokens of parts by modality."""
    counts: Counter[str] = Counter()
    for part in parts:
        media = part.get("inlineData") or part.get("fileData")
        if media:
            kind = media.get("mimeType", "application/").split("/")[0]
            counts[MODALITY.get(kind, "TEXT")] += MEDIA_TOKENS.get(kind, 10)
        else:
            counts["TEXT"] += tokens_in(part.get("text") or json.dumps(part))
    return counts


def count_prompt(request: Json) -> Counter[str]:
    """Counts what a request sends: contents, system instruction and tool declarations."""
    counts: Counter[str] = Counter()
    instruction = request.get("systemInstruction")
    for content in [*request.get("contents", []), *([instruction] if instruction else [])]:
        counts.update(count_parts(content.get("parts", [])))
    if request.get("tools"):
        counts["TEXT"] += tokens_in(json.dumps(request["tools"]))
    return counts


def details(counts: Counter[str]) -> list[Json]:
    """Returns the counts as Google lists them."""
    return modalities(**{name: count for name, count in counts.items() if count})


def texts_of(content: Any) -> str:
    """Returns the texts of a content, joined."""
    return " ".join(part.get("text", "") for part in content.get("parts", []))
