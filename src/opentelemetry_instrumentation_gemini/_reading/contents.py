"""Every form in which the SDK takes contents, as messages of the conventions' schema."""

from collections.abc import Iterable, Iterator
from typing import Any

from opentelemetry_instrumentation_gemini._facts.messages import Message, Part, Transcript

from .fields import FieldReader
from .parts import TEXT, blob, read_part, uri
from .plain import plain

_CONTENT = FieldReader("parts", "role")

_LOOSE = FieldReader("uri", "file_uri", "mime_type", "data")

_LONG = 256
"""Items of a conversation beyond which its messages are not held all at once."""

_ROLES = {"user": "user", "model": "assistant", "function": "tool", None: "user"}


def read_contents(contents: Any) -> list[Message]:
    """Return the conversation that *contents* stands for.

    Takes what the SDK takes: text, parts, contents, uploaded files, images, their dict forms, and
    lists of these, nested once. Neighbouring parts are one message, as the SDK groups them. An
    iterator is not touched, since the SDK has yet to read it.

    Args:
        contents: The caller's `contents` or `message` argument.
    """
    if type(contents) is str:
        return [{"role": "user", "parts": [{"type": "text", "content": contents}]}]
    messages: list[Message] = []
    loose: list[Part] = []
    for item in _items(contents):
        getter = _CONTENT.getters.get(type(item)) or _CONTENT.of(type(item))
        parts, role = getter(item)
        if parts is None and role is None:
            if isinstance(item, (list, tuple)):
                _close(messages, loose)
                # Whatever is in it, the SDK sends it as the user's.
                messages.extend(split_messages("user", _loose_parts(item)))
            else:
                loose.extend(_loose_parts((item,)))
            continue
        if loose:
            _close(messages, loose)
        _add_content(messages, _ROLES.get(role) or role_of(role), parts)
    _close(messages, loose)
    return messages


def read_conversation(contents: Any) -> list[Message] | Transcript:
    """Return the same as `read_contents`; a long history is read when it is written."""
    if type(contents) is not list or len(contents) <= _LONG:
        return read_contents(contents)
    if all(map(_stands_alone, contents)) and read_contents(contents[:1]):
        return Transcript(read_contents, contents)
    return read_contents(contents)


def _stands_alone(item: Any) -> bool:
    """Whether *item* is no part that may belong to the same message as its neighbours."""
    parts, role = _CONTENT(item)
    return parts is not None or role is not None


def read_instructions(instructions: Any) -> list[Part]:
    """Return the parts of a `system_instruction`, in whatever form it was given."""
    if type(instructions) is str:
        return [{"type": "text", "content": instructions}]
    return [part for message in read_contents(instructions) for part in message["parts"]]


def split_messages(role: str, parts: Iterable[Part]) -> Iterator[Message]:
    """Yield the messages for one content: each function response is a message of its own."""
    run: list[Part] = []
    for part in parts:
        if part["type"] != "tool_call_response":
            run.append(part)
            continue
        if run:
            yield {"role": role, "parts": run}
            run = []
        yield {"role": "tool", "parts": [part]}
    if run:
        yield {"role": role, "parts": run}


def role_of(role: Any) -> str:
    """Return the schema's word for a Gemini role; the SDK takes a missing one for the user's."""
    return _ROLES.get(role) or plain(role) or "user"


def _items(contents: Any) -> Iterable[Any]:
    if isinstance(contents, (list, tuple)):
        return contents
    return () if contents is None or hasattr(contents, "__next__") else (contents,)


def _add_content(messages: list[Message], role: str, items: Any) -> None:
    if not isinstance(items, (list, tuple)):
        items = () if items is None else (items,)
    parts: list[Part] = []
    answers = False
    for item in items:
        getter = TEXT.getters.get(type(item)) or TEXT.of(type(item))
        text, thought, signature = getter(item)
        if type(text) is str and not thought and signature is None:
            # Nearly every part of a long history is this.
            parts.append({"type": "text", "content": text})
            continue
        part = _loose_part(item) if isinstance(item, str) else read_part(item)
        if part is not None:
            parts.append(part)
            answers = answers or part["type"] == "tool_call_response"
    if answers:
        messages.extend(split_messages(role, parts))
    elif parts:
        messages.append({"role": role, "parts": parts})


def _loose_parts(items: Iterable[Any]) -> list[Part]:
    if not isinstance(items, (list, tuple)):
        items = (items,)
    parts = (_loose_part(item) for item in items)
    return [part for part in parts if part is not None]


def _loose_part(item: Any) -> Part | None:
    if isinstance(item, str):
        return {"type": "text", "content": str.__str__(item)}
    uploaded, file_uri, mime_type, data = _LOOSE(item)
    if uploaded is not None or file_uri is not None:
        return uri(uploaded or file_uri, mime_type)
    if isinstance(item, dict) or hasattr(item, "inline_data"):
        return read_part(item)
    if hasattr(item, "tobytes") and hasattr(item, "format"):
        return _image(item, mime_type)
    return None if data is None else blob(data, mime_type)


def _image(image: Any, mime_type: Any) -> Part:
    # The SDK encodes the image only later, and encoding it twice can cost a second: its kind
    # and its size are what can be said for free.
    width, height = image.size
    return {
        "type": "blob",
        "modality": "image",
        "mime_type": mime_type or ("image/jpeg" if image.format == "JPEG" else "image/png"),
        "content": "",
        "width": width,
        "height": height,
    }


def _group(parts: Iterable[Part]) -> Iterator[Message]:
    role = None
    run: list[Part] = []
    for part in parts:
        own = "assistant" if part["type"] == "tool_call" else "user"
        if run and own != role:
            yield from split_messages(role or own, run)
            run = []
        role = own
        run.append(part)
    if run:
        yield from split_messages(role or "user", run)


def _close(messages: list[Message], loose: list[Part]) -> None:
    if loose:
        messages.extend(_group(loose))
        loose.clear()
