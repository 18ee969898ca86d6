"""A request's body in one spelling: SDKs send some fields in snake_case, as Google allows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_gemini.recording import Request
    from fake_gemini.script import Json

# The user's own keys begin here and stay as they are.
FREE_FORM = {
    "args",
    "response",
    "parameters",
    "parametersJsonSchema",
    "responseSchema",
    "responseJsonSchema",
}


def body_of(request: Request) -> Json:
    """Returns the body with every field of the protocol in camelCase."""
    body: Json = _camel(request.json)
    return body


def _camel(value: Any) -> Any:
    if isinstance(value, list):
        return [_camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = {re.sub(r"_(\w)", lambda m: m[1].upper(), key): inner for key, inner in value.items()}
    return {key: inner if key in FREE_FORM else _camel(inner) for key, inner in named.items()}
