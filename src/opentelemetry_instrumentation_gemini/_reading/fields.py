"""One way to read a field, whether the caller gave an SDK object or a dict."""

from collections.abc import Callable, Mapping
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import Any


class Fields:
    """A dict read like an SDK object; what is absent is `None`.

    The SDK accepts snake_case and camelCase keys in every dict, and so does this.
    """

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        return _item(self._values, name)


def view(value: Any) -> Any:
    """Return *value* in a form whose fields are attributes."""
    return Fields(value) if isinstance(value, dict) else value


def field(value: Any, name: str) -> Any:
    """Return a field that older SDKs may lack, or `None`; for paths that few calls take."""
    # Asked for a deprecated field, a model warns; where it keeps its fields, it does not.
    held = None if isinstance(value, Fields) else getattr(value, "__dict__", None)
    return held[name] if held and name in held else getattr(value, name, None)


Getter = Callable[[Any], tuple[Any, ...]]


class FieldReader:
    """Reads several fields at once, from an SDK object or a dict; what is absent is `None`.

    A model's own fields are looked up once for each type: asking a pydantic model for what it
    lacks costs more than everything else that is read of it. Loops over many objects take the
    getter of a type from `getters`, if it is there, and save a call for each object.
    """

    __slots__ = ("_names", "getters")

    def __init__(self, *names: str) -> None:
        self._names = names
        self.getters: dict[type, Getter] = {}

    def __call__(self, value: Any) -> tuple[Any, ...]:
        """Return the fields of *value*."""
        return (self.getters.get(type(value)) or self.of(type(value)))(value)

    def of(self, kind: type) -> Getter:
        """Return what reads objects of *kind*."""
        getter = self.getters[kind] = _getter(kind, self._names)
        return getter


def _getter(kind: type, names: tuple[str, ...]) -> Getter:
    if issubclass(kind, dict):
        return lambda value: tuple(_item(value, name) for name in names)
    if len(names) == 1:
        name = names[0]
        return lambda value: (getattr(value, name, None),)
    if kind is Fields:
        return attrgetter(*names)
    known = getattr(kind, "model_fields", None)
    if known is None:
        return _cautious(names)
    if set(names) <= set(known):
        return attrgetter(*names)
    present = tuple(name if name in known else None for name in names)
    # A list first: its making is no function of its own.
    return lambda value: tuple([name and getattr(value, name) for name in present])


def _cautious(names: tuple[str, ...]) -> Getter:
    at_once = attrgetter(*names)

    def read(value: Any) -> tuple[Any, ...]:
        try:
            return at_once(value)
        except AttributeError:
            return tuple(getattr(value, name, None) for name in names)

    return read


def _item(values: dict[str, Any], name: str) -> Any:
    return values[name] if name in values else values.get(camel_case(name))


def enum_text(value: Any) -> str | None:
    """Return the wire form of an SDK enum member, also of one that the SDK does not know."""
    if isinstance(value, str):
        # The SDK's enums are strings; their `value` is a property and costs more.
        return str.__str__(value) or None
    return enum_text(value.value) if isinstance(value, Enum) else None


def details_of(value: Any, told: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of *value* that are numbers or words.

    Args:
        value: An SDK object, or a view of a dict.
        told: Field → name of the detail that it becomes.
    """
    details: dict[str, Any] = {}
    for name, detail in told.items():
        found = field(value, name)
        found = found if isinstance(found, int) else enum_text(found)
        if found is not None:
            details[detail] = found
    return details


@lru_cache(maxsize=512)
def camel_case(name: str) -> str:
    """Return *name* as the JSON API spells it."""
    head, *tail = name.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in tail)
