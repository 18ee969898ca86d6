"""The tools that a config offers, as the conventions' tool definitions."""

from collections.abc import Iterator
from enum import Enum
from inspect import getdoc
from types import FunctionType, MethodType, UnionType
from typing import Any, get_type_hints
from weakref import WeakKeyDictionary

from opentelemetry_instrumentation_gemini._facts.messages import Part

from .fields import camel_case, enum_text, field, view
from .plain import DEEPEST, Room, is_left, new_room, plain


def read_tools(tools: Any) -> list[Part]:
    """Return a definition for each function and each hosted tool in *tools*.

    Callables have their name, their documentation and their parameters; MCP sessions are skipped,
    since to describe them would mean to ask their server.
    """
    if not isinstance(tools, (list, tuple)):
        return []
    return [definition for tool in tools for definition in _definitions(tool)]


def _definitions(tool: Any) -> Iterator[Part]:
    source = view(tool)
    if not isinstance(tool, dict) and callable(tool):
        yield _callable(tool)
        return
    for declaration in field(source, "function_declarations") or ():
        yield _declaration(view(declaration))
    for name in _hosted_names(tool):
        yield {"type": name, "name": name}


def _callable(tool: Any) -> Part:
    name = field(tool, "__name__") or type(tool).__qualname__
    definition: Part = {"type": "function", "name": plain(name)}
    documentation = getdoc(tool)
    if documentation:
        definition["description"] = documentation
    # Of any other callable a look at its parameters may run the program's code.
    function = tool.__func__ if type(tool) is MethodType else tool
    if type(function) is FunctionType:
        looks = _parameters.setdefault(function, {})
        is_bound = tool is not function
        if is_bound not in looks:
            looks[is_bound] = _parameters_of(tool)
        if looks[is_bound]:
            # A copy: a content filter of the program's may change what it is given.
            definition["parameters"] = plain(looks[is_bound])
    return definition


_parameters: WeakKeyDictionary[FunctionType, dict[bool, dict[str, Any]]] = WeakKeyDictionary()
"""Functions whose parameters were looked at, since that takes longer than the rest of a call: as
they are, and bound to an instance."""


def _parameters_of(function: Any) -> dict[str, Any]:
    """Return the JSON Schema of a function's parameters, as the SDK tells it to the model."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - the SDK brings it
    from pydantic.json_schema import GenerateJsonSchema  # noqa: PLC0415

    class Silent(GenerateJsonSchema):
        # A warning would be the program's to explain.
        ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012

    try:
        hints = get_type_hints(function).values()
        if not all(callable(hint) or isinstance(hint, UnionType) for hint in hints):
            # No types at all: pydantic would warn.
            return {}
        schema = TypeAdapter(function).json_schema(schema_generator=Silent)
    except Exception:  # noqa: BLE001 - types that no schema has; the SDK tells of them itself
        return {}
    return schema if schema.get("type") == "object" else {}


def _declaration(source: Any) -> Part:
    definition: Part = {"type": "function", "name": plain(source.name) or ""}
    if source.description:
        definition["description"] = plain(source.description)
    parameters = field(source, "parameters_json_schema")
    if parameters is not None:
        definition["parameters"] = plain(parameters)
    elif source.parameters is not None:
        definition["parameters"] = json_schema(source.parameters)
    return definition


def _hosted_names(tool: Any) -> list[str]:
    values = tool if isinstance(tool, dict) else field(tool, "__dict__") or {}
    return [
        name
        for name, value in values.items()
        if value is not None and name not in {"function_declarations", "functionDeclarations"}
    ]


_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})


def json_schema(schema: Any, depth: int = DEEPEST, room: Room | None = None) -> Any:
    """Return Gemini's `Schema` as JSON Schema: lower-case types, camelCase keywords."""
    room = new_room() if room is None else room
    if not is_left(depth, room):
        return {}
    values = schema if isinstance(schema, dict) else field(schema, "__dict__")
    if not isinstance(values, dict):
        return plain(schema, depth, room)
    keywords = {
        camel_case(name): _keyword(camel_case(name), value, depth - 1, room)
        for name, value in values.items()
    }
    return {name: value for name, value in keywords.items() if value is not None}


def _keyword(name: str, value: Any, depth: int, room: Room) -> Any:
    if name == "type" and isinstance(value, (str, Enum)):
        kind = (enum_text(value) or "").lower()
        # An unspecified type is none.
        return kind if kind in _TYPES else None
    if name in {"properties", "defs"} and isinstance(value, dict):
        return {plain(key): json_schema(item, depth, room) for key, item in value.items()}
    if name in {"items", "additionalProperties"} and not isinstance(value, bool):
        return json_schema(value, depth, room)
    if name in {"anyOf", "prefixItems"} and isinstance(value, (list, tuple)):
        return [json_schema(item, depth, room) for item in value]
    return plain(value, depth, room)
