"""`Models._generate_content…`: one model round trip, plain or streamed."""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Call, Parameters, Request
from opentelemetry_instrumentation_gemini._facts.messages import Inputs
from opentelemetry_instrumentation_gemini._reading.config import read_config
from opentelemetry_instrumentation_gemini._reading.contents import read_contents, read_instructions
from opentelemetry_instrumentation_gemini._reading.endpoint import read_endpoint
from opentelemetry_instrumentation_gemini._reading.fields import field, view
from opentelemetry_instrumentation_gemini._reading.response import ResponseReader
from opentelemetry_instrumentation_gemini._reading.tools import read_tools

from . import Surface


def _request(call: Call, stream: bool) -> Request:
    model = call.kwargs.get("model")
    config = call.kwargs.get("config")
    return Request(
        operation="generate_content",
        endpoint=read_endpoint(call.instance._api_client, view(config)),  # noqa: SLF001
        model=model if isinstance(model, str) else None,
        stream=stream,
    )


def _parameters(call: Call) -> Parameters:
    return read_config(call.kwargs.get("config"))


def _inputs(call: Call) -> Inputs:
    config: Any = view(call.kwargs.get("config"))
    messages = read_contents(call.kwargs.get("contents"))
    if config is None:
        return Inputs(messages)
    return Inputs(
        messages,
        read_instructions(field(config, "system_instruction")),
        read_tools(field(config, "tools")),
    )


SURFACE = Surface(_request, _parameters, _inputs, ResponseReader)
