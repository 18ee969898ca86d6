"""Messages of google-generativeai, read like google-genai's objects.

That SDK speaks protocol buffers: an absent field is a zero, an enum a number, a list or a tree one
of their own containers. `Message` shows them as google-genai shows the same; what is not asked
for is not converted.
"""

from collections.abc import Sequence
from typing import Any

_STRUCT = "google.protobuf.Struct"
_EXACT = 2**53
"""Beyond it a float is no integer in particular."""


class Message:
    """A protocol buffer whose absent fields are `None`, enums names, and containers Python's.

    Args:
        buffer: The message of the protobuf library.
    """

    __slots__ = ("_buffer",)

    def __init__(self, buffer: Any) -> None:
        self._buffer = buffer

    def __getattr__(self, name: str) -> Any:
        if name[0] == "_":
            raise AttributeError(name)
        known = self._buffer.DESCRIPTOR.fields_by_name.get(name)
        if known is None:
            # Of google-genai, or of a later release.
            return None
        if known.has_presence:
            present = self._buffer.HasField(name)
            return _shown(getattr(self._buffer, name), known) if present else None
        return _shown(getattr(self._buffer, name), known) or None

    def kind(self) -> str:
        """Return the name of the message's type."""
        return str(self._buffer.DESCRIPTOR.name)

    def values(self) -> dict[str, Any]:
        """Return the fields that are set, by the names of the JSON API in snake_case."""
        fields = self._buffer.ListFields()
        # A field that would be a word of Python's has an underscore behind it.
        return {known.name.rstrip("_"): _shown(value, known) for known, value in fields}


def message(value: Any) -> Any:
    """Return *value* as a `Message` if it is one of the SDK's, else as it is."""
    kind = type(value)
    if hasattr(kind, "pb") and hasattr(kind, "_meta"):
        return Message(kind.pb(value))
    return value


def tree(value: Any) -> Any:
    """Return *value* with every message in it as a dict of what is set."""
    value = message(value)
    if isinstance(value, Message):
        value = value.values()
    if isinstance(value, dict):
        return {key: tree(item) for key, item in value.items()}
    return [tree(item) for item in value] if isinstance(value, list) else value


class _Picture:
    """A PIL image with the type in which that SDK sends it: a file's own, or else WebP."""

    __slots__ = ("format", "mime_type", "size", "tobytes")

    def __init__(self, image: Any) -> None:
        self.format = image.format
        self.size = image.size
        self.tobytes = image.tobytes
        own = f"image/{image.format.lower()}" if getattr(image, "filename", None) else None
        self.mime_type = own or "image/webp"


def readable(value: Any) -> Any:
    """Return contents, in whatever form that SDK takes them, in a form that google-genai takes."""
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        return [readable(item) for item in value]
    if not isinstance(value, dict):
        return _as_part(message(value))
    if "data" in value and "mime_type" in value:
        return {"inline_data": value}
    return {key: _field(key, item) for key, item in value.items()}


def _field(key: Any, value: Any) -> Any:
    # What stands under `parts` may take every form again; arguments of a function do not.
    if key == "parts":
        return readable(value)
    value = message(value)
    return _file(value) if key == "file_data" and not isinstance(value, dict) else value


def _as_part(value: Any) -> Any:
    if not isinstance(value, Message) and hasattr(value, "tobytes") and hasattr(value, "format"):
        return _Picture(value)
    kind = value.kind() if isinstance(value, Message) else type(value).__name__
    name = _PARTS.get(kind)
    if name is None:
        return value
    return {name: _file(value) if name == "file_data" else value}


def _file(value: Any) -> Any:
    """Return what is sent of a file: of one that was uploaded its address."""
    address = getattr(value, "file_uri", None) or getattr(value, "uri", None)
    return {"file_uri": address, "mime_type": getattr(value, "mime_type", None)}


_PARTS = {
    "Blob": "inline_data",
    "File": "file_data",
    "FileData": "file_data",
    "FunctionCall": "function_call",
    "FunctionResponse": "function_response",
}
"""What can be a part by itself."""


def _shown(value: Any, known: Any) -> Any:
    """Return the *value* of a *known* field."""
    if known.message_type is not None:
        return _shown_message(value, known.message_type)
    if known.enum_type is not None:
        names = known.enum_type.values_by_number
        if isinstance(value, int):
            return _enum_name(value, names)
        return [_enum_name(number, names) for number in value]
    return value if isinstance(value, (str, bytes, int, float)) else list(value)


def _shown_message(value: Any, kind: Any) -> Any:
    if kind.GetOptions().map_entry:
        of = kind.fields_by_name["value"]
        return {key: _shown(item, of) for key, item in value.items()}
    if hasattr(value, "DESCRIPTOR"):
        return _struct(value) if kind.full_name == _STRUCT else Message(value)
    return [Message(item) for item in value]


def _enum_name(number: int, names: Any) -> str | None:
    if number == 0:
        # Each enum's zero says that nothing was said.
        return None
    known = names.get(number)
    return str(number) if known is None else known.name


def _struct(value: Any) -> dict[str, Any]:
    return {key: _json(item) for key, item in value.fields.items()}


def _json(value: Any) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _struct(value.struct_value)
    if kind == "list_value":
        return [_json(item) for item in value.list_value.values]
    if kind == "number_value":
        # Every number is a float there, also what was an integer in JSON.
        number = value.number_value
        return int(number) if number.is_integer() and abs(number) <= _EXACT else number
    return None if kind in {None, "null_value"} else getattr(value, kind)
