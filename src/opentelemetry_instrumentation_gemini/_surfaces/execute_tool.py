"""`_extra_utils.invoke_function_from_dict_args…` and MCP adapters: one call of a tool."""

from inspect import getdoc
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    Answer,
    Call,
    Failure,
    Request,
    Tool,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.errors import read_tool_failure, scrub
from opentelemetry_instrumentation_gemini._reading.fields import field
from opentelemetry_instrumentation_gemini._reading.plain import as_object, plain

from . import Role, Surface, no_parameters
from .arguments import argument


def _request(call: Call, _stream: bool) -> Request:
    requested = argument(call, "function_call", 0)
    function = argument(call, "function_to_invoke", 1)
    name = field(requested, "name") if function is None else field(function, "__name__")
    return Request(operation="execute_tool", tool=Tool(plain(name) or "unknown", "function"))


def _content(call: Call) -> Content:
    function = argument(call, "function_to_invoke", 1)
    if function is None:
        requested = argument(call, "function_call", 0)
        arguments = field(requested, "args")
        description = _mcp_description(call.instance, field(requested, "name"))
    else:
        arguments = argument(call, "args", 0)
        description = getdoc(function)
    content: dict[str, Any] = {"tool_arguments": plain(arguments or {})}
    if description:
        content["tool_description"] = plain(description)
    return content


def _mcp_description(adapter: Any, name: Any) -> str | None:
    tools = field(field(adapter, "_list_tools_result"), "tools") or ()
    found = (field(tool, "description") for tool in tools if field(tool, "name") == name)
    return next(found, None)


class _ResultReader:
    """Reads what a tool returned."""

    __slots__ = ("_capture", "_failure", "_result")

    def __init__(self, capture: bool) -> None:
        self._capture = capture
        self._failure: Failure | None = None
        self._result: Any = None

    def add(self, result: Any) -> None:
        # The two generations of MCP spell it differently.
        if field(result, "isError") is True or field(result, "is_error") is True:
            self._failure = _mcp_failure(result, content=self._capture)
        elif self._capture:
            self._result = as_object(result)

    def answer(self, complete: bool) -> Answer:
        return Answer(failure=self._failure)

    def content(self) -> Content:
        return {} if self._result is None else {"tool_result": self._result}


def _mcp_failure(result: Any, *, content: bool) -> Failure:
    texts = (field(item, "text") for item in field(result, "content") or ())
    message = "\n".join(text for text in texts if isinstance(text, str))
    return Failure("tool_error", "tool_error", scrub(message) if content else None)


SURFACE = Surface(
    _request, no_parameters, _content, _ResultReader, read_tool_failure, role=Role.TOOL
)
