"""What a `GenerativeModel` of google-generativeai is asked, with its own defaults."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Endpoint
from opentelemetry_instrumentation_gemini._facts.messages import Part

from .endpoint import GEMINI_API, read_address
from .fields import field
from .legacy import Message, message, tree
from .plain import plain
from .tools import json_schema, read_tools

_SERVICE = "generativelanguage.googleapis.com"
_CLIENTS = "google.generativeai.client"
_CONFIG = frozenset(
    {
        "candidate_count",
        "enable_enhanced_civic_answers",
        "frequency_penalty",
        "logprobs",
        "max_output_tokens",
        "presence_penalty",
        "response_logprobs",
        "response_mime_type",
        "response_modalities",
        "response_schema",
        "speech_config",
        "stop_sequences",
        "temperature",
        "top_k",
        "top_p",
    }
)
"""The fields of a generation config. The SDK refuses all others, but only after we have looked."""


def read_model_name(model: Any) -> str | None:
    """Return the model as callers name it; the SDK puts its folder before a name without one."""
    name = model if isinstance(model, str) else field(model, "name")
    return name.removeprefix("models/") or None if isinstance(name, str) else None


def read_client_endpoint(client: Any) -> Endpoint:
    """Return the service that *client* talks to; `None` stands for one that is yet to be made."""
    address = field(client, "api_endpoint")
    if address is None:
        manager = field(sys.modules.get(_CLIENTS), "_client_manager")
        options = (field(manager, "client_config") or {}).get("client_options")
        address = field(options, "api_endpoint")
    address = address if isinstance(address, str) and address else _SERVICE
    return read_address(GEMINI_API, address if "://" in address else f"https://{address}")


def merged_config(model: Any, own: Any) -> dict[str, Any]:
    """Return the generation config of *model*, over which the call's *own* one goes."""
    config = dict(field(model, "_generation_config") or {})
    config.update(_config(own))
    known = {name: value for name, value in config.items() if name in _CONFIG}
    known["cached_content"] = field(model, "_cached_content")
    return {name: tree(value) for name, value in known.items() if value is not None}


def _config(own: Any) -> dict[str, Any]:
    own = message(own)
    if isinstance(own, Message):
        return own.values()
    fields = own if isinstance(own, Mapping) else field(own, "__dict__") or {}
    return {name: value for name, value in fields.items() if value is not None}


def has_callable(tools: Any) -> bool:
    """Whether a function that the SDK can call by itself is among *tools*."""
    for holder in ("_tools", "_function_declarations"):
        # A library and a group of tools can be called, too.
        held = field(tools, holder)
        if isinstance(held, list):
            return any(map(has_callable, held))
    if isinstance(tools, dict):
        return "function" in tools or has_callable(tools.get("function_declarations"))
    if isinstance(tools, (list, tuple)):
        return any(map(has_callable, tools))
    return callable(tools)


def read_legacy_tools(tools: Any) -> list[Part]:
    """Return a definition for each function and each hosted tool in *tools*."""
    return [definition for tool in _flat(tools) for definition in _definitions(tool)]


def _flat(tools: Any) -> Iterator[Any]:
    """Yield the tools of a library, of lists in lists, and what wraps a message as the message."""
    known = field(tools, "_tools")
    if isinstance(known, list):
        tools = known
    if isinstance(tools, (list, tuple)):
        for tool in tools:
            yield from _flat(tool)
    elif tools is not None:
        wrapped = field(tools, "_proto")
        yield message(tools if wrapped is None else wrapped)


def _definitions(tool: Any) -> Iterator[Part]:
    if isinstance(tool, str):
        yield {"type": plain(tool), "name": plain(tool)}
    elif isinstance(tool, Message) and tool.kind() == "FunctionDeclaration":
        yield _function(tool.values())
    elif isinstance(tool, dict) and "name" in tool:
        yield _function(tool)
    elif isinstance(tool, (dict, Message)):
        yield from _group(tool if isinstance(tool, dict) else tool.values())
    else:
        yield from read_tools([tool])


def _group(tool: dict[str, Any]) -> Iterator[Part]:
    for name, value in tool.items():
        if name == "function_declarations":
            yield from read_legacy_tools(value)
        elif value is not None:
            yield {"type": name, "name": name}


def _function(values: dict[str, Any]) -> Part:
    definition: Part = {"type": "function", "name": plain(values.get("name")) or ""}
    if values.get("description"):
        definition["description"] = plain(values["description"])
    parameters = values.get("parameters")
    if parameters is not None:
        definition["parameters"] = json_schema(tree(parameters))
    return definition
