"""One way to read a field, whether the caller gave an SDK object or a dict."""

from enum import Enum
from functools import lru_cache
from typing import Any


class Fields:
    """A dict read like an SDK object; what is absent is `None`.

    The SDK accepts snake_case and camelCase keys in every dict, and so does this.
    """

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        values = self._values
        if name in values:
            return values[name]
        return values.get(camel_case(name))


def view(value: Any) -> Any:
    """Return *value* in a form whose fields are attributes."""
    return Fields(value) if isinstance(value, dict) else value


def field(value: Any, name: str) -> Any:
    """Return a field that older SDKs may lack, or `None`."""
    return getattr(value, name, None)


def enum_text(value: Any) -> str | None:
    """Return the wire form of an SDK enum member, also of one that the SDK does not know."""
    if isinstance(value, Enum):
        value = value.value
    return value if isinstance(value, str) and value else None


@lru_cache(maxsize=512)
def camel_case(name: str) -> str:
    """Return *name* as the JSON API spells it."""
    head, *tail = name.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in tail)
