"""The content of a conversation, ready for JSON.

The shapes are those of the GenAI conventions' message schemas, so that nothing has to be
translated on the way out: 2,000 messages of history are built once. A value is a `str`, `int`,
`float`, `bool`, `None`, a `Binary`, or a list or dict of such.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, TypeAlias, cast

Part: TypeAlias = dict[str, Any]
"""One part of a message: `{"type": "text", "content": …}` and so on."""

Message: TypeAlias = dict[str, Any]
"""One message: `{"role": …, "parts": [Part, …]}`; an answer also has `finish_reason`."""


_STANDARD = str.maketrans("-_", "+/")


class Binary:
    """Bytes inside content: referred to, and encoded only when they are written.

    Args:
        data: The bytes, or their base64 text where they came out of JSON.
    """

    __slots__ = ("_data",)

    def __init__(self, data: bytes | str) -> None:
        self._data = data

    @property
    def size(self) -> int:
        """How many bytes these are."""
        data = self._data
        if isinstance(data, str):
            return len(data) * 3 // 4 - data[-2:].count("=")
        return len(data)

    def base64(self) -> str:
        """Return the bytes in standard base64, which `data:` URLs need."""
        data = self._data
        if not isinstance(data, str):
            return b64encode(data).decode("ascii")
        if "-" in data or "_" in data:
            # As pydantic writes it: in a history, for example, that was kept as JSON.
            return data.translate(_STANDARD)
        return data

    def raw(self) -> bytes:
        """Return the bytes themselves."""
        data = self._data
        # One pad too many does no harm, and some writers leave all of them out.
        return b64decode(self.base64() + "==") if isinstance(data, str) else data


class Media(Binary):
    """An image, a recording, a document that stands inline in a message."""

    __slots__ = ()


class Transcript:
    """The messages of a long conversation: read a few at a time, while they are written.

    All of them at once would take several times the room of their text.

    Args:
        read: Reads the messages of some items.
        items: What the conversation was given as; each stands for messages of its own.
        first: Messages that come before.
    """

    __slots__ = ("_first", "_items", "_read")

    def __init__(
        self,
        read: Callable[[Sequence[Any]], list[Message]],
        items: Sequence[Any],
        first: Sequence[Message] = (),
    ) -> None:
        self._read = read
        self._items = items
        self._first = first

    def __iter__(self) -> Generator[Message, None, None]:
        yield from self._first
        for start in range(0, len(self._items), _AT_ONCE):
            yield from self._read(self._items[start : start + _AT_ONCE])

    def translated(
        self, translate: Callable[[Message], Message], first: Sequence[Message]
    ) -> "Transcript":
        """Return the same conversation in other words, after the messages *first*."""

        def read(items: Sequence[Any]) -> list[Message]:
            return [translate(message) for message in self._read(items)]

        return Transcript(read, self._items, first)


_AT_ONCE = 16


class Frame(dict[str, Any]):
    """An object around messages, whose keys are a schema's and not those of a tool's arguments."""


def whole(tree: Any) -> Any:
    """Return *tree* with all of its messages, if it is a transcript or an object with one."""
    if isinstance(tree, dict):
        items = cast("dict[str, Any]", tree).items()
        return type(tree)({key: whole(value) for key, value in items})
    return list(tree) if type(tree) is Transcript else tree


Content: TypeAlias = Mapping[str, Any]
"""What was said, by kind: a `str` is text, a tuple holds texts, and any other value is a tree for
JSON. What is empty is left out. The kinds are the keys of `_emit.names.CONTENT`."""
