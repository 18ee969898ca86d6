"""Tools of google-generativeai: the loop of a `ChatSession` that calls them, and each call."""

from inspect import getdoc
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    Answer,
    Call,
    Parameters,
    Request,
    Tool,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.config import read_config
from opentelemetry_instrumentation_gemini._reading.errors import read_tool_failure
from opentelemetry_instrumentation_gemini._reading.fields import field
from opentelemetry_instrumentation_gemini._reading.legacy import message
from opentelemetry_instrumentation_gemini._reading.legacy_request import (
    has_callable,
    merged_config,
    read_model_name,
)
from opentelemetry_instrumentation_gemini._reading.legacy_response import LegacyReader
from opentelemetry_instrumentation_gemini._reading.plain import plain

from . import Role, Surface, no_parameters
from .arguments import argument
from .legacy import legacy_conversation


def _applies(call: Call) -> bool:
    """Whether the SDK may call tools by itself for this message; it streams no such answer."""
    chat = call.instance
    if not field(chat, "enable_automatic_function_calling") or call.kwargs.get("stream"):
        return False
    tools = call.kwargs.get("tools")
    return has_callable(field(field(chat, "model"), "_tools") if tools is None else tools)


def _loop_request(call: Call, _stream: bool) -> Request:
    model = field(call.instance, "model")
    return Request("invoke_agent", model=read_model_name(field(model, "_model_name")))


def _loop_parameters(call: Call) -> Parameters:
    model = field(call.instance, "model")
    parameters = read_config(merged_config(model, call.kwargs.get("generation_config")))
    # The conventions give agents fewer parameters than single inferences.
    return parameters._replace(top_k=None, details={})


def _loop_content(call: Call) -> Content:
    chat = call.instance
    contents = [*_history(chat), {"role": "user", "parts": _parts(argument(call, "content", 0))}]
    return legacy_conversation(field(chat, "model"), contents, call.kwargs.get("tools"))


def _history(chat: Any) -> list[Any]:
    # Not its `history`, which changes the chat and refuses where an answer broke off.
    history = list(field(chat, "_history") or ())
    last = field(chat, "_last_received")
    candidates = field(message(field(last, "_result")), "candidates")
    if candidates:
        history += [field(chat, "_last_sent"), candidates[0].content]
    return history


def _parts(content: Any) -> Any:
    whole = content.get("parts") if isinstance(content, dict) else field(message(content), "parts")
    if whole is not None:
        return whole
    return list(content) if isinstance(content, (list, tuple)) else [content]


class _LoopReader(LegacyReader):
    """Reads the last round's answer: tokens and ids stand on the rounds."""

    __slots__ = ()

    def answer(self, complete: bool) -> Answer:
        return Answer(finish_reasons=super().answer(complete).finish_reasons)


def _tool_request(call: Call, _stream: bool) -> Request:
    wanted = message(argument(call, "fc", 0))
    tool = Tool(plain(field(wanted, "name")) or "unknown", "function", field(wanted, "id"))
    return Request("execute_tool", tool=tool)


def _tool_content(call: Call) -> Content:
    wanted = message(argument(call, "fc", 0))
    content: dict[str, Any] = {"tool_arguments": plain(field(wanted, "args") or {})}
    described = field(call.instance, "description") or getdoc(field(call.instance, "function"))
    if described:
        content["tool_description"] = plain(described)
    return content


class _ResultReader:
    """Reads what a tool returned, as it goes back to the model."""

    __slots__ = ("_capture", "_result")

    def __init__(self, capture: bool) -> None:
        self._capture = capture
        self._result: Any = None

    def add(self, result: Any) -> None:
        if self._capture:
            self._result = plain(field(message(result), "response"))

    def answer(self, complete: bool) -> Answer:
        return Answer()

    def content(self) -> Content:
        return {} if self._result is None else {"tool_result": self._result}


LOOP = Surface(
    _loop_request,
    _loop_parameters,
    _loop_content,
    _LoopReader,
    role=Role.LOOP,
    applies=_applies,
)
TOOL = Surface(
    _tool_request,
    no_parameters,
    _tool_content,
    _ResultReader,
    read_tool_failure,
    role=Role.TOOL,
)
