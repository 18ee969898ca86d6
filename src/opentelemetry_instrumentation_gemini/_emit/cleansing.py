"""Content that may leave: the user's own functions look at it first, and fail closed."""

from collections.abc import Callable
from functools import partial
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Failure
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._guard import warn_once

from . import names
from .structure import map_leaves

REDACTED = "[REDACTED]"

Redact = Callable[[str, str], str | None]
"""Takes a text and the attribute it is for; returns what may leave, `None` for nothing."""

ContentFilter = Callable[[Any, str], Any]
"""Takes an attribute's whole value and its name; returns what may leave, `None` for nothing."""

Cleanse = Callable[[Content], Content]


def make_cleanse(redact: Redact | None, content_filter: ContentFilter | None) -> Cleanse | None:
    """Return what cleanses content before it is written, or `None` if it may leave as it is."""
    if redact is None and content_filter is None:
        return None
    return partial(_cleanse, redact, content_filter)


def _cleanse(
    redact: Redact | None, content_filter: ContentFilter | None, content: Content
) -> Content:
    clean: dict[str, Any] = {}
    for kind, tree in content.items():
        where = names.CONTENT.get(kind, kind)
        if content_filter is not None:
            tree = _filtered(content_filter, tree, where)  # noqa: PLW2901
        if redact is not None and tree is not None:
            tree = map_leaves(tree, partial(_redact_leaf, redact, where))  # noqa: PLW2901
        if tree is not None:
            clean[kind] = tree
    return clean


def _redact_leaf(redact: Redact, where: str, leaf: Any) -> Any:
    return redact_text(redact, leaf, where) if isinstance(leaf, str) else leaf


def redact_text(redact: Redact, text: str, where: str) -> str:
    """Return what of *text* may leave; if *redact* fails, nothing of it."""
    try:
        kept: Any = redact(text, where)
    except Exception as error:  # noqa: BLE001 - the user's function
        _report("redact", error)
        return REDACTED
    if kept is None:
        return REDACTED
    if isinstance(kept, str):
        return kept
    _report("redact", TypeError())
    return REDACTED


def redact_failure(failure: Failure, redact: Redact | None) -> Failure:
    """Return *failure* with only what may leave of its texts."""
    if redact is None or failure.message is None:
        return failure
    message = redact_text(redact, failure.message, names.EXCEPTION_MESSAGE)
    stacktrace = failure.stacktrace
    if stacktrace is not None:
        stacktrace = redact_text(redact, stacktrace, names.EXCEPTION_STACKTRACE)
    return failure._replace(message=message, stacktrace=stacktrace)


def _filtered(content_filter: ContentFilter, tree: Any, where: str) -> Any:
    try:
        kept = content_filter(tree, where)
    except Exception as error:  # noqa: BLE001 - the user's function
        _report("content_filter", error)
        return None
    if kept is None or type(kept) is type(tree):
        return kept
    _report("content_filter", TypeError())
    return None


def _report(setting: str, error: Exception) -> None:
    warn_once(
        f"setting {setting}",
        "The function given as %s failed with %s, so what it was asked about is left out. "
        "It takes a value and an attribute's name, and returns a value of the same type or None.",
        setting,
        type(error).__qualname__,
    )
