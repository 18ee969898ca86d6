"""`GenerativeModel` of google-generativeai: one model round trip, and counting tokens."""

from collections.abc import Mapping
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Call, Parameters, Request, Value
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._guard import attempt
from opentelemetry_instrumentation_gemini._reading.config import flatten_config, read_config
from opentelemetry_instrumentation_gemini._reading.contents import read_contents, read_instructions
from opentelemetry_instrumentation_gemini._reading.fields import field
from opentelemetry_instrumentation_gemini._reading.legacy import message, readable
from opentelemetry_instrumentation_gemini._reading.legacy_request import (
    merged_config,
    read_client_endpoint,
    read_legacy_tools,
    read_model_name,
)
from opentelemetry_instrumentation_gemini._reading.legacy_response import (
    LegacyReader,
    LegacyUsageReader,
)

from . import Role, Surface, no_content, no_parameters
from .arguments import argument
from .count_tokens import CountReader


def _request(call: Call, _stream: bool) -> Request:
    model = call.instance
    cached = field(model, "_cached_content")
    return Request(
        operation="generate_content",
        endpoint=read_client_endpoint(_client(model)),
        model=read_model_name(field(model, "_model_name")),
        stream=bool(call.kwargs.get("stream")),
        origin=cached if isinstance(cached, str) else None,
    )


def _client(model: Any) -> Any:
    # Both are made for the same address, each on its first use.
    return field(model, "_client") or field(model, "_async_client")


def _parameters(call: Call) -> Parameters:
    return read_config(merged_config(call.instance, call.kwargs.get("generation_config")))


def _config(call: Call, content: bool) -> Mapping[str, Value]:
    config = merged_config(call.instance, call.kwargs.get("generation_config"))
    return flatten_config(config, content=content)


def _content(call: Call) -> Content:
    return legacy_conversation(
        call.instance, argument(call, "contents", 0), call.kwargs.get("tools")
    )


def legacy_conversation(model: Any, contents: Any, tools: Any) -> Content:
    """Return what *model* is told: the conversation, its instructions and its tools."""
    instructions = message(field(model, "_system_instruction"))
    tools = field(model, "_tools") if tools is None else tools
    content = {
        "input_messages": attempt("reading contents", _messages, contents),
        "system_instructions": attempt("reading instructions", read_instructions, instructions),
        "tool_definitions": attempt("reading tools", read_legacy_tools, tools),
    }
    return {kind: told for kind, told in content.items() if told}


def _messages(contents: Any) -> Any:
    return read_contents(readable(contents))


class _LegacyCountReader(CountReader):
    __slots__ = ()

    def add(self, response: Any) -> None:
        super().add(message(response))


def _count_request(call: Call, stream: bool) -> Request:
    return _request(call, stream)._replace(operation="count_tokens", stream=False, origin=None)


GENERATE = Surface(
    _request,
    _parameters,
    _content,
    LegacyReader,
    config=_config,
    counter=LegacyUsageReader,
    role=Role.ROUND,
)
COUNT = Surface(_count_request, no_parameters, no_content, _LegacyCountReader)
