"""One Gemini part as one part of the conventions' message schema."""

from collections.abc import Callable
from typing import Any

from opentelemetry_instrumentation_gemini._facts.messages import Binary, Media, Part

from .fields import FieldReader, enum_text, field, view
from .plain import plain

TEXT = FieldReader("text", "thought", "thought_signature")

_OTHER_FIELDS = ("audio_transcription", "part_metadata")


def read_part(value: Any) -> Part | None:
    """Return the schema's form of a Gemini part, `None` for a part that holds nothing.

    Args:
        value: The SDK's `Part`, or its dict form.
    """
    text, thought, signature = TEXT(value)
    if text is not None:
        part: Part | None = {
            "type": "reasoning" if thought else "text",
            "content": text if type(text) is str else plain(text),
        }
    else:
        part = _read_other(value)
        if thought and part is not None:
            # A picture that the model drew for itself is no part of its answer.
            part["thought"] = True
    if signature is not None:
        part = part or {"type": "reasoning" if thought else "text", "content": ""}
        part["thought_signature"] = Binary(signature)
    return part


def _read_other(value: Any) -> Part | None:
    for kind, found in zip(_KINDS, _OTHERS(value), strict=True):
        if found is not None:
            return _KINDS[kind](view(found))
    return None


def modality_of(mime_type: str | None) -> str:
    """Return the schema's modality for a MIME type: image, video, audio or document."""
    head = (mime_type or "").partition("/")[0]
    return head if head in {"image", "video", "audio"} else "document"


def blob(data: Any, mime_type: Any) -> Part:
    """Return inline media, whose bytes are referred to and not copied."""
    media = Media(data or b"")
    mime_type = plain(mime_type)
    return {
        "type": "blob",
        "modality": modality_of(mime_type),
        "mime_type": mime_type,
        "byte_size": media.size,
        "content": media,
    }


def uri(address: Any, mime_type: Any) -> Part:
    """Return media that the service fetches by itself."""
    mime_type = plain(mime_type)
    return {
        "type": "uri",
        "modality": modality_of(mime_type),
        "mime_type": mime_type,
        "uri": plain(address) or "",
    }


def _inline_data(source: Any) -> Part:
    return blob(source.data, source.mime_type)


def _file_data(source: Any) -> Part:
    return uri(source.file_uri, source.mime_type)


def _function_call(source: Any) -> Part:
    part: Part = {"type": "tool_call", "name": plain(source.name) or ""}
    if source.id is not None:
        part["id"] = plain(source.id)
    part["arguments"] = plain(source.args) if source.args is not None else {}
    for name in ("partial_args", "will_continue"):
        value = field(source, name)
        if value is not None:
            part[name] = plain(value)
    return part


def _function_response(source: Any) -> Part:
    part: Part = {"type": "tool_call_response"}
    if source.id is not None:
        part["id"] = plain(source.id)
    part["name"] = plain(source.name) or ""
    part["response"] = plain(source.response)
    media = field(source, "parts")
    if media:
        part["parts"] = [item for item in map(_read_other, media) if item is not None]
    return part


def _executable_code(source: Any) -> Part:
    call = {
        "type": "code_execution",
        "code": plain(source.code),
        "language": enum_text(source.language),
    }
    return _server_call("code_execution", field(source, "id"), call)


def _code_execution_result(source: Any) -> Part:
    response = {
        "type": "code_execution",
        "outcome": enum_text(source.outcome),
        "output": plain(source.output),
    }
    return _server_response(field(source, "id"), response)


def _tool_call(source: Any) -> Part:
    tool = _tool_type(source)
    return _server_call(tool, source.id, {"type": tool, "arguments": plain(source.args)})


def _tool_response(source: Any) -> Part:
    return _server_response(
        source.id, {"type": _tool_type(source), "response": plain(source.response)}
    )


def _tool_type(source: Any) -> str:
    return (enum_text(source.tool_type) or "server_tool").lower()


def _server_call(name: str, call_id: Any, call: Part) -> Part:
    part: Part = {"type": "server_tool_call", "name": name, "server_tool_call": call}
    return part if call_id is None else {**part, "id": plain(call_id)}


def _server_response(call_id: Any, response: Part) -> Part:
    part: Part = {"type": "server_tool_call_response", "server_tool_call_response": response}
    return part if call_id is None else {**part, "id": plain(call_id)}


def _as_it_is(name: str) -> Callable[[Any], Part]:
    def read(source: Any) -> Part:
        values = source if not hasattr(source, "_values") else source._values  # noqa: SLF001
        return {"type": name, name: plain(values)}

    return read


_KINDS: dict[str, Callable[[Any], Part]] = {
    "function_call": _function_call,
    "function_response": _function_response,
    "inline_data": _inline_data,
    "file_data": _file_data,
    "executable_code": _executable_code,
    "code_execution_result": _code_execution_result,
    "tool_call": _tool_call,
    "tool_response": _tool_response,
    **{name: _as_it_is(name) for name in _OTHER_FIELDS},
}

_OTHERS = FieldReader(*_KINDS)
