"""`Models._generate_content…`: one model round trip, plain or streamed."""

from collections.abc import Mapping
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Call, Parameters, Request, Value
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._guard import attempt
from opentelemetry_instrumentation_gemini._reading.config import flatten_config, read_config
from opentelemetry_instrumentation_gemini._reading.contents import (
    read_conversation,
    read_instructions,
)
from opentelemetry_instrumentation_gemini._reading.endpoint import read_endpoint
from opentelemetry_instrumentation_gemini._reading.fields import FieldReader
from opentelemetry_instrumentation_gemini._reading.response import ResponseReader, UsageReader
from opentelemetry_instrumentation_gemini._reading.tools import read_tools

from . import Role, Surface
from .arguments import model_name

_SENT = FieldReader("http_options", "cached_content")
_TOLD = FieldReader("system_instruction", "tools")


def _request(call: Call, stream: bool) -> Request:
    config = call.kwargs.get("config")
    options, cached = (None, None) if config is None else _SENT(config)
    return Request(
        "generate_content",
        read_endpoint(call.instance._api_client, options),  # noqa: SLF001
        model_name(call.kwargs.get("model")),
        stream,
        # What the call goes on from.
        origin=cached if isinstance(cached, str) else None,
    )


def _parameters(call: Call) -> Parameters:
    return read_config(call.kwargs.get("config"))


def _content(call: Call) -> Content:
    return conversation(call.kwargs.get("contents"), call.kwargs.get("config"))


def conversation(contents: Any, config: Any) -> Content:
    """Return what a model is told: the conversation, its instructions and its tools."""
    instructions, tools = (None, None) if config is None else _TOLD(config)
    content: dict[str, Any] = {}
    for kind, stage, read, given in (
        ("input_messages", "reading contents", read_conversation, contents),
        ("system_instructions", "reading instructions", read_instructions, instructions),
        ("tool_definitions", "reading tools", read_tools, tools),
    ):
        tree = None if given is None else attempt(stage, read, given)
        if tree:
            content[kind] = tree
    return content


def _config(call: Call, content: bool) -> Mapping[str, Value]:
    return flatten_config(call.kwargs.get("config"), content=content)


SURFACE = Surface(
    _request,
    _parameters,
    _content,
    ResponseReader,
    config=_config,
    counter=UsageReader,
    role=Role.ROUND,
)
