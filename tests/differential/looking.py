"""Objects as data: what they hold, which of them are one and the same, how far they were read."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, TypeAlias

from pydantic import BaseModel

Path: TypeAlias = tuple[Any, ...]

_ATOMS = (type(None), bool, int, str, bytes)
_ADDRESS = re.compile(r"0x[0-9a-f]+")
_CALLABLES = (FunctionType, MethodType, BuiltinFunctionType, type)
_PASSING = frozenset({"date"})
"""Headers that differ between any two answers."""


class Look:
    """Takes objects apart; an object that comes again is told by its number.

    One look at several objects shows what they share.

    Args:
        drain: Whether generators are read to their end, to see where they stood.
    """

    def __init__(self, *, drain: bool = False) -> None:
        self._drain = drain
        self._numbers: dict[int, int] = {}
        self._kept: list[Any] = []

    def at(self, value: Any) -> Any:
        """Returns what *value* holds, as data that can be compared."""
        kind = type(value).__qualname__
        if type(value) in _ATOMS:
            return kind, value
        if isinstance(value, float):
            return kind, repr(value)
        number = self._numbers.setdefault(id(value), len(self._numbers))
        if number < len(self._kept):
            return "again", number
        self._kept.append(value)
        if self._drain and inspect.isgenerator(value):
            return kind, [self.at(rest) for rest in value]
        return kind, _own(value), [(key, self.at(child)) for key, child in children(value)]


def _own(value: Any) -> Any:
    """Returns what an object is apart from its children."""
    if isinstance(value, str):
        return value.value if isinstance(value, Enum) else str.__str__(value)
    if isinstance(value, BaseModel):
        return sorted(value.model_fields_set)
    if isinstance(value, _CALLABLES):
        return value.__qualname__
    if hasattr(value, "tobytes"):
        return value.mode, value.size, value.format, value.tobytes()
    return None if isinstance(value, (dict, list, tuple)) else _ADDRESS.sub("#", repr(value))


def children(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yields the objects that an object holds."""
    if isinstance(value, dict):
        yield from ((key, child) for key, child in value.items() if _stays(key))
    elif isinstance(value, (list, tuple)):
        yield from enumerate(value)
    elif isinstance(value, MethodType):
        yield "self", value.__self__
    elif not isinstance(value, (str, *_CALLABLES)) and not _is_whole(value):
        yield from getattr(value, "__dict__", {}).items()
        yield from (getattr(value, "__pydantic_extra__", None) or {}).items()


def _is_whole(value: Any) -> bool:
    """Whether an object is seen as a whole: an image, or a protocol buffer in its wrapper."""
    return hasattr(value, "tobytes") or hasattr(value, "_pb")


def _stays(key: Any) -> bool:
    return not (isinstance(key, str) and key.lower() in _PASSING)


def everything_in(value: Any) -> dict[Path, Any]:
    """Returns each object that *value* holds by the way to it; they stay alive with it."""
    found: dict[Path, Any] = {}
    seen: set[int] = set()
    todo: list[tuple[Path, Any]] = [((), value)]
    while todo:
        path, one = todo.pop()
        if type(one) in _ATOMS or id(one) in seen:
            continue
        seen.add(id(one))
        found[path] = one
        todo.extend(((*path, key), child) for key, child in children(one))
    return found


def replaced(before: dict[Path, Any], value: Any) -> list[Path]:
    """Returns where *value* now holds another object than before, or none."""
    now = everything_in(value)
    return [path for path, one in before.items() if now.get(path) is not one]
