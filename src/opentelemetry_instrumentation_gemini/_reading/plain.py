"""Any value of the caller's as a JSON-ready tree, without running the caller's code."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

DEEPEST = 64
"""Levels after which a tree is cut; deep enough for every real schema, and it ends cycles."""

_MOST = 100_000
"""Lists and objects after which it is cut: where several ways lead round a cycle, each level has
twice as many as the one above, or more."""

Room = list[int]
"""How many more have room in one tree; a list, since all of its branches share it."""

_ATOMS = frozenset({str, int, float, bool, type(None)})


def new_room() -> Room:
    """Return the room for one tree."""
    return [_MOST]


def is_left(depth: int, room: Room) -> bool:
    """Take the room for one more list or object, and return whether there was any."""
    room[0] -= 1
    return depth > 0 and room[0] >= 0


def plain(value: Any, depth: int = DEEPEST, room: Room | None = None) -> Any:
    """Return *value* built of str, int, float, bool, None, list and dict only.

    Pydantic models give their fields that are set; of a type that has no JSON form only its
    name is kept. Iterators are never consumed, and no `__str__` of the caller's is called.
    """
    if type(value) in _ATOMS:
        return value
    room = new_room() if room is None else room
    if not is_left(depth, room):
        return "…"
    if isinstance(value, Mapping):
        return {_key(key): plain(item, depth - 1, room) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, depth - 1, room) for item in value]
    return _leaf(value, depth, room)


def as_object(value: Any) -> dict[str, Any]:
    """Return *value* as a JSON object; what is none is wrapped as the SDK wraps it."""
    tree = plain(value)
    return tree if isinstance(tree, dict) else {"result": tree}


def _leaf(value: Any, depth: int, room: Room) -> Any:
    if isinstance(value, Enum):
        return plain(value.value, depth - 1, room)
    if isinstance(value, (str, int, float)):
        return _base_atom(value)
    return _opaque(value, depth, room)


def _base_atom(value: str | float) -> str | int | float:
    # A subclass may override everything, also __str__: take the built-in value out of it.
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__index__(value)
    return float.__float__(value)


def _key(key: Any) -> str:
    if type(key) is str:
        return key
    tree = plain(key, 1)
    return tree if type(tree) is str else repr(tree)


def _opaque(value: Any, depth: int, room: Room) -> Any:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return b64encode(value).decode("ascii")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, UUID):
        return UUID.__str__(value)
    if hasattr(type(value), "model_fields") and not isinstance(value, type):
        return _model(value, depth, room)
    return f"<{type(value).__qualname__}>"


def _model(value: Any, depth: int, room: Room) -> dict[str, Any]:
    # The instance's own dict, not model_dump(): a user's serializers must not run for us.
    fields = vars(value)
    extra = getattr(value, "__pydantic_extra__", None) or {}
    return {
        name: plain(item, depth - 1, room)
        for source in (fields, extra)
        for name, item in source.items()
        if item is not None
    }
