"""What requests and answers hold, in one form for Gemini's JSON and for telemetry's."""

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any


def parts_of(contents: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return what Gemini contents hold, in an order and form that can be compared."""
    contents = _encodable(list(contents))
    return _merged(_fact(part) for content in contents for part in content.get("parts") or ())


def _encodable(value: Any) -> Any:
    """Return *value* with `?` for lone surrogates, which no exporter can send."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))


def _fact(part: dict[str, Any]) -> tuple[Any, ...]:
    if part.get("text") is not None:
        return ("reasoning" if part.get("thought") else "text", part["text"])
    for name, fact in _FACTS.items():
        if part.get(name) is not None:
            return fact(part[name])
    return ("text", "")


_FACTS: dict[str, Callable[[dict[str, Any]], tuple[Any, ...]]] = {
    "functionCall": lambda call: (
        "tool_call",
        call.get("name") or "",
        call.get("id"),
        call.get("args") or {},
    ),
    "functionResponse": lambda answer: (
        "tool_call_response",
        answer.get("id"),
        answer.get("response") or {},
    ),
    "inlineData": lambda data: ("blob", data.get("mimeType"), _bytes(data.get("data") or "")),
    "fileData": lambda data: ("uri", data.get("mimeType"), data.get("fileUri")),
    "executableCode": lambda _: ("server_tool_call",),
    "toolCall": lambda _: ("server_tool_call",),
    "codeExecutionResult": lambda _: ("server_tool_call_response",),
    "toolResponse": lambda _: ("server_tool_call_response",),
}


def told_parts(parts: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return what telemetry's parts hold, in the same form."""
    return _merged(map(_told, parts))


def _told(part: dict[str, Any]) -> tuple[Any, ...]:
    kind = part["type"]
    if kind in {"text", "reasoning"}:
        return (kind, part["content"])
    if kind == "tool_call":
        return (kind, part["name"], part.get("id"), part.get("arguments") or {})
    if kind == "tool_call_response":
        return (kind, part.get("id"), part["response"] or {})
    if kind == "blob":
        return (kind, part.get("mime_type"), _bytes(part["content"]))
    if kind == "uri":
        return (kind, part.get("mime_type"), part["uri"])
    return (kind,)


def _merged(facts: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Join neighbouring texts, and leave out empty ones: chunks cut texts anywhere."""
    merged: list[tuple[Any, ...]] = []
    for fact in facts:
        if fact[0] not in {"text", "reasoning"}:
            merged.append(fact)
        elif fact[1] and merged and merged[-1][0] == fact[0]:
            merged[-1] = (fact[0], merged[-1][1] + fact[1])
        elif fact[1]:
            merged.append(fact)
    return merged


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.replace("-", "+").replace("_", "/") + "==")


def tool_names(sent: dict[str, Any]) -> list[str]:
    """Return the names of the functions that a request offers."""
    return [
        declaration["name"]
        for tool in sent.get("tools") or ()
        for declaration in tool.get("functionDeclarations") or ()
    ]


def parse(body: bytes) -> dict[str, Any]:
    """Return a request body in one spelling: the SDK sends some fields in Python's."""
    return _camel(json.loads(body))


_FREE_FORM = {"args", "response", "parametersJsonSchema", "responseJsonSchema", "properties"}


def _camel(value: Any) -> Any:
    if isinstance(value, list):
        return [_camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    spelled = {_camel_name(name): item for name, item in value.items()}
    return {name: item if name in _FREE_FORM else _camel(item) for name, item in spelled.items()}


def _camel_name(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.title() for word in tail)
