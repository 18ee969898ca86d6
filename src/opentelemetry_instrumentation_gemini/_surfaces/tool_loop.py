"""`generate_content` and `send_message` with tools that the SDK calls: one loop of round trips."""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Answer, Call, Parameters, Request
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.config import read_config
from opentelemetry_instrumentation_gemini._reading.fields import field, view
from opentelemetry_instrumentation_gemini._reading.response import ResponseReader

from . import Role, Surface, argument
from .generate_content import conversation, model_name


def _config(call: Call) -> Any:
    chat = field(call.instance, "_modules") is not None
    config = argument(call, "config", 1)
    return config or (field(call.instance, "_config") if chat else None)


def _applies(call: Call) -> bool:
    """Whether the SDK may call tools by itself for this call."""
    source = view(_config(call))
    tools = None if source is None else field(source, "tools")
    if not tools or not isinstance(tools, (list, tuple)):
        return False
    calling = view(field(source, "automatic_function_calling"))
    if calling is not None:
        most = field(calling, "maximum_remote_calls")
        if field(calling, "disable") or (most is not None and most <= 0):
            return False
    return any(_runs_here(tool) for tool in tools)


def _runs_here(tool: Any) -> bool:
    if isinstance(tool, dict):
        return bool(tool.get("mcp_servers"))
    return callable(tool) or hasattr(tool, "call_tool") or bool(field(tool, "mcp_servers"))


def _request(call: Call, _stream: bool) -> Request:
    model = argument(call, "model", 0) if "model" in call.kwargs else field(call.instance, "_model")
    return Request(operation="invoke_agent", model=model_name(model))


def _parameters(call: Call) -> Parameters:
    # The conventions give agents fewer parameters than single inferences.
    parameters = read_config(_config(call))
    return parameters._replace(top_k=None, reasoning_level=None, details={})


def _content(call: Call) -> Content:
    if "contents" in call.kwargs:
        return conversation(call.kwargs["contents"], _config(call))
    history = list(field(call.instance, "_curated_history") or ())
    message = argument(call, "message", 0)
    return conversation([*history, *_as_items(message)], _config(call))


def _as_items(message: Any) -> list[Any]:
    # A chat's message is one content, whose parts may come as a list.
    return list(message) if isinstance(message, (list, tuple)) else [message]


class _LoopReader(ResponseReader):
    """Reads the last round's answer: tokens and ids stand on the rounds."""

    __slots__ = ()

    def answer(self, complete: bool) -> Answer:
        return Answer(finish_reasons=super().answer(complete).finish_reasons)


SURFACE = Surface(_request, _parameters, _content, _LoopReader, role=Role.LOOP, applies=_applies)
