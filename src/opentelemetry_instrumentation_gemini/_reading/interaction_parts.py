"""Steps and contents of the Interactions API as parts of the conventions' message schema.

A step holds what one side did: the user's input, the model's thoughts and words, a call of a
function or of a tool that the service runs, its result. Until google-genai 2.0 the contents of
steps and such calls stood side by side. Both are read from their JSON form.
"""

from collections.abc import Callable, Iterable
from typing import Any

from opentelemetry_instrumentation_gemini._facts.messages import Binary, Part

from .parts import blob, uri
from .plain import plain

Item = dict[str, Any]

_CALL, _RESULT = "_call", "_result"
_OWN_FIELDS = frozenset({"type", "id", "call_id", "signature"})
_ROLES = {"user_input": "user", "model_output": "assistant", "function_result": "tool"}
MEDIA_KINDS = frozenset({"image", "audio", "video", "document"})
CONTENT_KINDS = MEDIA_KINDS | {"text"}


def to_item(value: Any) -> Item:
    """Return a step or content in its JSON form; text alone is a content too."""
    tree = plain(value)
    if isinstance(tree, str):
        return {"type": "text", "text": tree}
    if not isinstance(tree, dict):
        return {}
    raw = tree.get("raw")
    return raw if tree.get("is_unknown") and isinstance(raw, dict) else tree


def role_of_item(item: Item, default: str) -> str:
    """Return whose an item is; a mere content is *default*'s."""
    kind = _kind(item)
    if kind in _ROLES:
        return _ROLES[kind]
    if kind == "thought" or kind.endswith((_CALL, _RESULT)):
        return "assistant"
    return default


def read_item(item: Item) -> list[Part]:
    """Return the parts that a step or content stands for."""
    kind = _kind(item)
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(item)
    if kind in MEDIA_KINDS:
        return [_media(kind, item)]
    if kind.endswith(_CALL):
        return [_server_call(kind.removesuffix(_CALL), item)]
    if kind.endswith(_RESULT):
        return [_server_response(kind.removesuffix(_RESULT), item)]
    return [{**item, "type": kind}] if kind else []


def _kind(item: Item) -> str:
    kind = item.get("type")
    if isinstance(kind, str):
        return kind
    return "text" if "text" in item else ""


def _read_contents(item: Item) -> list[Part]:
    content = item.get("content")
    return [part for entry in _listed(content) for part in read_item(to_item(entry))]


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else () if value is None else (value,)


def _text(item: Item) -> list[Part]:
    return [{"type": "text", "content": _string(item.get("text"))}]


def _thought(item: Item) -> list[Part]:
    summaries = [part for s in _listed(item.get("summary")) for part in read_item(to_item(s))]
    parts = [
        {**part, "type": "reasoning"} if part["type"] == "text" else part for part in summaries
    ]
    if not item.get("signature"):
        return parts
    parts = parts or [{"type": "reasoning", "content": ""}]
    return [*parts[:-1], _signed(parts[-1], item)]


def _signed(part: Part, item: Item) -> Part:
    signature = _base64(item.get("signature"))
    return {**part, "thought_signature": Binary(signature)} if signature else part


def _base64(value: Any) -> str | None:
    """Return *value* if it may be bytes as JSON has them; anything else would spoil the text."""
    return value if isinstance(value, str) and value.isascii() else None


def _media(kind: str, item: Item) -> Part:
    mime_type, address, data = item.get("mime_type"), item.get("uri"), _base64(item.get("data"))
    # Of a file that the SDK reads by itself there is no more than its type.
    known = data is not None and not data.startswith("<")
    if address and not known:
        return {**uri(address, mime_type), "modality": kind}
    return {**blob(data if known else None, mime_type), "modality": kind}


def _function_call(item: Item) -> list[Part]:
    part: Part = {"type": "tool_call", "name": _string(item.get("name"))}
    if item.get("id"):
        part["id"] = item["id"]
    part["arguments"] = item.get("arguments") or {}
    return [_signed(part, item)]


def _function_result(item: Item) -> list[Part]:
    part: Part = {"type": "tool_call_response"}
    if item.get("call_id"):
        part["id"] = item["call_id"]
    part["name"] = _string(item.get("name"))
    part["response"] = item.get("result")
    if item.get("is_error"):
        part["is_error"] = True
    return [part]


def _server_call(tool: str, item: Item) -> Part:
    name = item.get("name")
    part: Part = {
        "type": "server_tool_call",
        "name": name if isinstance(name, str) and name else tool,
        "server_tool_call": _tool_fields(tool, item),
    }
    return _signed({**part, "id": item["id"]} if item.get("id") else part, item)


def _server_response(tool: str, item: Item) -> Part:
    part: Part = {
        "type": "server_tool_call_response",
        "server_tool_call_response": _tool_fields(tool, item),
    }
    return _signed({**part, "id": item["call_id"]} if item.get("call_id") else part, item)


def _tool_fields(tool: str, item: Item) -> Item:
    own = {key: value for key, value in item.items() if key not in _OWN_FIELDS}
    return {"type": tool, **own}


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


_READERS: dict[str, Callable[[Item], list[Part]]] = {
    "text": _text,
    "user_input": _read_contents,
    "model_output": _read_contents,
    "thought": _thought,
    "function_call": _function_call,
    "function_result": _function_result,
}
