"""The body of an answer that the SDK left unparsed, and that therefore may be anything."""

import json
from typing import Any

from .fields import field, view

_SHAPES: dict[str, type] = {
    "candidates": list,
    "modelVersion": str,
    "promptFeedback": dict,
    "responseId": str,
    "usageMetadata": dict,
}
"""Field of an answer → what it has to be; parsing would have refused it otherwise."""


def unwrap_raw(response: Any) -> Any:
    """Return *response*, or the JSON body that stands in for it.

    With `should_return_http_response` the SDK parses nothing and keeps the body as text.
    """
    source = view(response)
    raw = field(source, "sdk_http_response")
    body = None if raw is None else read_body(raw)
    return source if body is None else view(body)


def read_body(raw: Any) -> dict[str, Any] | None:
    """Return what the body of an HTTP response says, or `None` if the SDK kept none."""
    body = field(view(raw), "body")
    if not body:
        return None
    try:
        parsed = json.loads(body)
    except ValueError:
        # A proxy's page, for example: who asks for the body gets whatever it is.
        return {}
    if not isinstance(parsed, dict):
        return {}
    told: dict[str, Any] = {
        name: value
        for name, value in parsed.items()
        if isinstance(value, _SHAPES.get(name, object))
    }
    if "usageMetadata" in told:
        told["usageMetadata"] = _counts(told["usageMetadata"])
    return told


def _counts(usage: dict[str, Any]) -> dict[str, Any]:
    """Return *usage* without counts that are none."""
    return {
        name: value
        for name, value in usage.items()
        if not name.endswith("Count") or type(value) is int
    }
