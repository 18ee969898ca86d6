"""Gemini's finish reasons in the words of the conventions' message schema."""

from typing import Any

from .fields import enum_text

CONTENT_FILTER = "content_filter"
ERROR = "error"
TOOL_CALL = "tool_call"

_REASONS = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "SAFETY": CONTENT_FILTER,
    "RECITATION": CONTENT_FILTER,
    "BLOCKLIST": CONTENT_FILTER,
    "PROHIBITED_CONTENT": CONTENT_FILTER,
    "SPII": CONTENT_FILTER,
    "MODEL_ARMOR": CONTENT_FILTER,
    "LANGUAGE": CONTENT_FILTER,
    "IMAGE_SAFETY": CONTENT_FILTER,
    "IMAGE_PROHIBITED_CONTENT": CONTENT_FILTER,
    "IMAGE_RECITATION": CONTENT_FILTER,
}


def finish_reason(reason: Any, *, called_function: bool = False) -> str:
    """Return the conventions' word for *reason*; `error` where the service gave none.

    Gemini says STOP when it wants a function called; the schema's word for that is `tool_call`.
    Values without a counterpart are lower-cased as they are, unknown ones too.
    """
    name = enum_text(reason)
    if name is None:
        return ERROR
    if called_function and name == "STOP":
        return TOOL_CALL
    return _REASONS.get(name) or name.lower()
