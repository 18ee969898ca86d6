"""`generate_content` and `send_message` with tools that the SDK calls: one loop of round trips."""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Answer, Call, Parameters, Request
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.config import read_config
from opentelemetry_instrumentation_gemini._reading.fields import FieldReader, field
from opentelemetry_instrumentation_gemini._reading.response import ResponseReader

from . import Role, Surface
from .arguments import argument, model_name
from .generate_content import conversation

_TOOLS = FieldReader("tools", "automatic_function_calling")
_CALLING = FieldReader("disable", "maximum_remote_calls")
_OFFERED = FieldReader("function_declarations", "mcp_servers")


def _config(call: Call) -> Any:
    # A chat has one of its own for the messages that bring none.
    return (
        call.kwargs.get("config") or argument(call, "config", 1) or field(call.instance, "_config")
    )


def _applies(call: Call) -> bool:
    """Whether the SDK may call tools by itself for this call."""
    config = call.kwargs.get("config") or _config(call)
    tools, calling = (None, None) if config is None else _TOOLS(config)
    if not tools or not isinstance(tools, (list, tuple)):
        return False
    if calling is not None:
        disabled, most = _CALLING(calling)
        if disabled or (most is not None and most <= 0):
            return False
    others = [_OFFERED(tool) for tool in tools if not _runs_here(tool)]
    runs_some = len(others) < len(tools)
    if not any(map(any, others)):
        return runs_some
    # With a declaration beside its functions the SDK calls none of them. The servers are the
    # service's own affair, but on Vertex AI the SDK connects to them.
    connects = _is_vertex(call.instance) and not any(declared for declared, _ in others)
    return connects or (runs_some and not _sorts_out())


def _runs_here(tool: Any) -> bool:
    return not isinstance(tool, dict) and (callable(tool) or hasattr(tool, "call_tool"))


def _is_vertex(instance: Any) -> bool:
    return bool(field(field(field(instance, "_modules") or instance, "_api_client"), "vertexai"))


def _sorts_out() -> bool:
    """Whether this SDK, unlike its first releases, minds what stands beside its functions."""
    from google.genai import _extra_utils  # noqa: PLC0415 - it is there by now

    return hasattr(_extra_utils, "find_afc_incompatible_tool_indexes")


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
