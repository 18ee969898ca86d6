"""What of a conversation goes on spans."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Any, cast

from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._guard import attempt

from . import names
from .cleansing import Cleanse, Redact
from .json_text import json_writer
from .text import clean_text


@dataclass(frozen=True, slots=True)
class ContentPolicy:
    """What of a conversation may leave, and how much.

    Attributes:
        on_spans: Whether content goes on spans.
        on_events: Whether content goes on events.
        max_bytes: The limit for each attribute, in bytes of UTF-8.
        max_media_bytes: The limit for each inline medium, in bytes before base64.
        cleanse: The user's own look at content before it leaves.
        redact: The same for single texts.
    """

    on_spans: bool
    on_events: bool
    max_bytes: int
    max_media_bytes: int
    cleanse: Cleanse | None = None
    redact: Redact | None = None


def describe(content: Content, policy: ContentPolicy) -> dict[str, Any]:
    """Return the attributes for *content*: JSON text, text as it is, and lists of texts."""
    told: dict[str, Any] = {}
    for kind, tree in content.items():
        if kind in names.CONTENT:
            # Each by itself: a long history is read only now, and its fault is not the others'.
            value = attempt("writing content", write, tree, policy)
            if value is not None:
                told[names.CONTENT[kind]] = value
    return told


def write(tree: Any, policy: ContentPolicy) -> Any:
    """Return the attribute's value for *tree*, within the limits of *policy*."""
    if isinstance(tree, str):
        return clean_text(tree[: policy.max_bytes])
    if isinstance(tree, tuple):
        return _within(cast("tuple[str, ...]", tree), policy.max_bytes)
    return json_writer(policy.max_bytes, policy.max_media_bytes)(tree)


def _within(texts: tuple[str, ...], limit: int) -> list[str]:
    """Return the first of *texts* that together have at most *limit* characters."""
    ends = accumulate(map(len, texts))
    return [clean_text(text) for text, end in zip(texts, ends, strict=True) if end <= limit]
