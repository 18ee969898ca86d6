"""Events: an operation's details and its exception, as log records of their own."""

import json
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any, cast

from opentelemetry._logs import Logger, LogRecord, SeverityNumber
from opentelemetry.context import Context

from opentelemetry_instrumentation_gemini._facts.calls import LEAST_INTEGER, MOST_INTEGER, Failure

from . import names
from .spans import describe_failure

_DEEPEST = 24
"""Levels of structured content: Protocol Buffers allow a hundred, and OTLP needs three for each."""


def emit_exception(logger: Logger, failure: Failure, context: Context) -> None:
    """Emit the exception that ended an operation, in the context of its span."""
    logger.emit(
        LogRecord(
            event_name=names.OPERATION_EXCEPTION,
            severity_number=SeverityNumber.WARN,
            attributes={**describe_failure(failure), names.ERROR_TYPE: failure.error_type},
            context=context,
        )
    )


def make_details(
    attributes: Mapping[str, Any],
    content: Mapping[str, Any],
    limit: int,
    context: Context,
) -> LogRecord:
    """Return the event of what an inference was, with its content as structured values.

    Args:
        attributes: The attributes of the inference's span.
        content: Its content as it stands on spans; empty if none may leave on events.
        limit: The most bytes of a value, written as JSON.
        context: The context of its span.
    """
    structured = {
        name: _from_json(value, limit) if name in names.JSON_CONTENT else value
        for name, value in content.items()
    }
    details = {
        name: value for name, value in attributes.items() if name.startswith(names.EVENT_PREFIXES)
    }
    return LogRecord(
        event_name=names.OPERATION_DETAILS,
        severity_number=SeverityNumber.DEBUG,
        attributes={**details, **structured},
        context=context,
    )


def _from_json(text: str, limit: int) -> Any:
    tree = _parser()(text)
    deep: list[str] = []
    shallow = _within_depth(tree, _DEEPEST, deep)
    if deep and len(_compact(shallow).encode()) > limit:
        # What is deep is written twice over, which takes more room for its quotes.
        shallow = _within_depth(tree, _DEEPEST, None)
    return shallow


def _within_depth(tree: Any, depth: int, deep: list[str] | None) -> Any:
    """Return *tree* with what lies deeper than *depth* as JSON text, added to *deep*, or empty."""
    if not isinstance(tree, (dict, list)):
        return _within_range(tree) if type(tree) is int else tree
    if depth <= 0:
        if deep is None:
            return ""
        deep.append(_compact(tree))
        return deep[-1]
    if isinstance(tree, dict):
        items = cast("dict[str, Any]", tree).items()
        return {key: _within_depth(value, depth - 1, deep) for key, value in items}
    return [_within_depth(item, depth - 1, deep) for item in tree]


def _within_range(number: int) -> int | float | str:
    """Return *number* as OTLP can encode it: beyond 64 bits as a double, else as an empty text."""
    if LEAST_INTEGER <= number <= MOST_INTEGER:
        return number
    try:
        return float(number)
    except OverflowError:
        return ""


_compact = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=1)
def _parser() -> Any:
    from pydantic_core import from_json  # noqa: PLC0415 - google-genai brings it

    return from_json
