"""Arguments of a function call that a stream brings piece by piece, put together."""

import re
from itertools import pairwise
from typing import Any

from opentelemetry_instrumentation_gemini._facts.messages import Part

from .fields import field, view

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\[(?:'([^']*)'|\"([^\"]*)\")\]")
_VALUES = ("string_value", "number_value", "bool_value")


def goes_on(parts: list[Part], part: Part) -> bool:
    """Return whether *part* is more of a function call, the last of *parts*, which then has it."""
    if part["type"] != "tool_call":
        return False
    pieces = part.pop("partial_args", None) or ()
    last = parts[-1] if parts else part
    # Only the first piece names the function.
    is_more = not part["name"] and last.get("will_continue") is True
    call = last if is_more else part
    for piece in pieces:
        seen = view(piece)
        values = (field(seen, name) for name in _VALUES)
        value = next((value for value in values if value is not None), None)
        _put(call["arguments"], field(seen, "json_path"), value)
    if is_more and "thought_signature" in part:
        call["thought_signature"] = part["thought_signature"]
    if is_more and not part.get("will_continue"):
        del call["will_continue"]
    return is_more


def _put(tree: Any, path: Any, value: Any) -> None:
    """Set what stands in *tree* at a JSONPath; a text goes on where it left off."""
    steps = [_key(step) for step in _STEP.finditer(path)] if isinstance(path, str) else []
    for step, following in pairwise([*steps, None]):
        key = step
        if isinstance(key, int) and isinstance(tree, list):
            # An index is no reason to make room for all that are said to come before it.
            key = min(key, len(tree))
            tree += [None] * (key == len(tree))
        elif isinstance(key, int) or not isinstance(tree, dict):
            return
        tree = _enter(tree, key, following, value)


def _key(step: re.Match[str]) -> str | int:
    name, index, *quoted = step.groups()
    return int(index) if index is not None else next(k for k in (name, *quoted) if k is not None)


def _enter(tree: Any, key: Any, following: Any, value: Any) -> Any:
    """Return what stands at *key*, made if it is not there, or set if nothing is *following*."""
    known = tree[key] if isinstance(tree, list) else tree.get(key)
    if following is None:
        tree[key] = known + value if isinstance(known, str) and isinstance(value, str) else value
    elif known is None:
        tree[key] = [] if isinstance(following, int) else {}
    return tree[key]
