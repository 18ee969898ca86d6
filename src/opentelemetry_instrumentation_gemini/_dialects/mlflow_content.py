"""Content in the shape that MLflow's pages draw: OpenAI's chat messages.

MLflow shows the conventions' messages as raw JSON as soon as a part is not text. In this shape
bubbles, reasoning, images and tools appear everywhere, and previews read as text.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Request
from opentelemetry_instrumentation_gemini._facts.messages import (
    Binary,
    Content,
    Frame,
    Media,
    Message,
    Part,
    Transcript,
)

INPUTS = "mlflow.spanInputs"
OUTPUTS = "mlflow.spanOutputs"
TOOLS = "mlflow.chat.tools"
MESSAGES = "mlflow.chat.messages"


class DataUrl(Media):
    """Inline media as a `data:` URL."""

    __slots__ = ("_media", "_mime_type")

    def __init__(self, media: Media, mime_type: str | None) -> None:
        self._media = media
        self._mime_type = mime_type or "application/octet-stream"

    @property
    def size(self) -> int:
        return self._media.size

    def base64(self) -> str:
        return f"data:{self._mime_type};base64,{self._media.base64()}"


def describe_inputs(request: Request, content: Content) -> Iterator[tuple[str, Any]]:
    """Yield what a span was given: a chat, a tool's arguments, or texts to embed."""
    if "tool_arguments" in content:
        yield INPUTS, content["tool_arguments"]
    if "embedding_input" in content:
        texts = [_content(message["parts"]) for message in content["embedding_input"]]
        yield INPUTS, {"model": request.model, "contents": texts}
    if "input_messages" in content:
        yield INPUTS, Frame(model=request.model, messages=_chat(content))
    if "tool_definitions" in content:
        tools = [_tool(definition) for definition in content["tool_definitions"]]
        yield TOOLS, [tool for tool in tools if tool is not None]


def describe_outputs(content: Content) -> Iterator[tuple[str, Any]]:
    """Yield what a span gave back: the choices of a chat, or a tool's result."""
    if "tool_result" in content:
        yield OUTPUTS, content["tool_result"]
    if "output_messages" in content:
        choices = [
            {"message": _message(message), "finish_reason": message.get("finish_reason")}
            for message in content["output_messages"]
        ]
        yield OUTPUTS, Frame(choices=choices)


def describe_failure(inputs: str | None) -> Iterator[tuple[str, str]]:
    """Yield the chat of a failed span again: without outputs MLflow looks for it only here.

    Args:
        inputs: The JSON text of the span's inputs.
    """
    messages = None if inputs is None else json.loads(inputs).get("messages")
    if messages:
        yield MESSAGES, json.dumps(messages, ensure_ascii=False)


def _chat(content: Content) -> list[Message] | Transcript:
    """Return the conversation as OpenAI's chat messages, the system's instructions first."""
    system = content.get("system_instructions")
    first = [{"role": "system", "content": _content(system)}] if system else []
    messages = content["input_messages"]
    if isinstance(messages, Transcript):
        return messages.translated(_message, first)
    return [*first, *map(_message, messages)]


def _message(message: Message) -> dict[str, Any]:
    parts: Sequence[Part] = message["parts"]
    if message["role"] == "tool" and parts:
        return _tool_message(parts[0])
    shown: dict[str, Any] = {"role": message["role"]}
    calls = [_tool_call(part) for part in parts if part["type"] == "tool_call"]
    reasoning = "".join(part["content"] for part in parts if part["type"] == "reasoning")
    said = [part for part in parts if part["type"] not in {"tool_call", "reasoning"}]
    shown["content"] = _content(said) if said else None
    if reasoning:
        shown["reasoning"] = reasoning
    if calls:
        shown["tool_calls"] = calls
    return shown


def _content(parts: Sequence[Part]) -> Any:
    if all(part["type"] == "text" for part in parts):
        return "".join(part["content"] for part in parts)
    return [_part(part) for part in parts]


def _part(part: Part) -> dict[str, Any]:
    kind = part["type"]
    if kind == "text":
        return {"type": "text", "text": part["content"]}
    if kind == "blob" and isinstance(part["content"], Media):
        url = DataUrl(part["content"], part["mime_type"])
        if part["modality"] == "image":
            return {"type": "image_url", "image_url": {"url": url}}
        return {"type": "file", "file": {"filename": part["mime_type"], "file_data": url}}
    if kind == "uri" and part["modality"] == "image":
        return {"type": "image_url", "image_url": {"url": part["uri"]}}
    return {"type": "text", "text": _json(part)}


def _tool_call(part: Part) -> dict[str, Any]:
    return {
        "id": part.get("id") or part["name"],
        "type": "function",
        "function": {"name": part["name"], "arguments": _json(part.get("arguments"))},
    }


def _tool_message(part: Part) -> dict[str, Any]:
    return {
        "role": "tool",
        "name": part.get("name"),
        "tool_call_id": part.get("id") or part.get("name"),
        "content": _json(part.get("response")),
    }


def _tool(definition: Mapping[str, Any]) -> dict[str, Any] | None:
    if definition["type"] != "function":
        return None
    function = {key: value for key, value in definition.items() if key != "type"}
    return {"type": "function", "function": function}


def _json(tree: Any) -> str:
    return json.dumps(tree, ensure_ascii=False, default=_encoded)


def _encoded(leaf: Any) -> str:
    return leaf.base64() if isinstance(leaf, Binary) else str(leaf)
