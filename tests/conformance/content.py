"""The shapes of content attributes as data, and the one reader that holds values against them.

Stricter than the published schemas in three places, where their catch-all part would let a mistake
through: a part whose type is known must have that type's fields, inline content must be base64,
and a URI must not be a ``data:`` URL.
"""

import base64
import binascii
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jsonschema import Draft7Validator, SchemaError

# A name that ends in "?" may be missing or null. Names that are not listed are free.
Fields = dict[str, str]

PARTS: dict[str, Fields] = {
    "blob": {"modality": "string", "content": "base64", "mime_type?": "string"},
    "compaction": {"id?": "string", "content?": "string"},
    "file": {"modality": "string", "file_id": "string", "mime_type?": "string"},
    "reasoning": {"content": "string"},
    "server_tool_call": {"name": "string", "server_tool_call": "typed", "id?": "string"},
    "server_tool_call_response": {"server_tool_call_response": "typed", "id?": "string"},
    "text": {"content": "string"},
    "tool_call": {"name": "string", "id?": "string", "arguments?": "any"},
    "tool_call_response": {"response": "any", "id?": "string"},
    "uri": {"modality": "string", "uri": "link", "mime_type?": "string"},
}
MESSAGE: Fields = {"role": "string", "parts": "parts", "name?": "string"}
OUTPUT_MESSAGE: Fields = {**MESSAGE, "finish_reason?": "string"}
TOOL_DEFINITIONS: dict[str, Fields] = {
    "function": {"name": "string", "description?": "string", "parameters?": "schema"},
}
TOOL_DEFINITION: Fields = {"name": "string"}
DOCUMENT: Fields = {"id?": "string", "score?": "number"}
MEMORY_RECORD: Fields = {
    "content": "any",
    "id?": "string",
    "metadata?": "object",
    "score?": "number",
}

Problems = Iterator[str]


def _is_base64(value: object) -> bool:
    try:
        return isinstance(value, str) and base64.b64decode(value, validate=True) is not None
    except binascii.Error:
        return False


def _is_schema(value: object) -> bool:
    if not isinstance(value, bool | Mapping):
        return False
    try:
        Draft7Validator.check_schema(plain(value))
    except SchemaError:
        return False
    return True


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


KINDS: dict[str, Callable[[Any], bool]] = {
    "any": lambda value: True,
    "base64": _is_base64,
    "link": lambda value: isinstance(value, str) and not value.startswith("data:"),
    "number": _is_number,
    "object": lambda value: isinstance(value, Mapping),
    "schema": _is_schema,
    "string": lambda value: isinstance(value, str),
    "typed": lambda value: isinstance(value, Mapping) and isinstance(value.get("type"), str),
}


def fields(record: Mapping[str, Any], wanted: Fields, path: str) -> Problems:
    """Hold one object against its fields."""
    for name, kind in wanted.items():
        key = name.rstrip("?")
        value = record.get(key)
        if name.endswith("?") and value is None:
            continue
        if key not in record:
            yield f"{path}.{key} is missing"
        elif kind == "parts":
            yield from _list(value, part, f"{path}.{key}")
        elif not KINDS[kind](value):
            yield f"{path}.{key} is no {kind}: {shown(value)}"


def part(value: Any, path: str) -> Problems:
    """Hold one message part against the fields of its type."""
    return _by_type(value, PARTS, {}, path)


def _definition(value: Any, path: str) -> Problems:
    return _by_type(value, TOOL_DEFINITIONS, TOOL_DEFINITION, path)


def _by_type(value: Any, known: Mapping[str, Fields], otherwise: Fields, path: str) -> Problems:
    if not KINDS["typed"](value):
        yield f"{path} is no object with a type: {shown(value)}"
    else:
        yield from fields(value, known.get(value["type"], otherwise), path)


def _record(wanted: Fields) -> Callable[[Any, str], Problems]:
    def read(value: Any, path: str) -> Problems:
        if not isinstance(value, Mapping):
            yield f"{path} is no object: {shown(value)}"
        else:
            yield from fields(value, wanted, path)

    return read


def _list(value: Any, item: Callable[[Any, str], Problems], path: str) -> Problems:
    if not isinstance(value, list | tuple):
        yield f"{path or 'the value'} is no array: {shown(value)}"
        return
    for index, each in enumerate(value):
        yield from item(each, f"{path}[{index}]")


def _array(item: Callable[[Any, str], Problems]) -> Callable[[Any], Problems]:
    return lambda value: _list(value, item, "")


def _object(value: Any) -> Problems:
    if not isinstance(value, Mapping):
        yield f"the value is no object: {shown(value)}"


# Content attribute to the reader of its value.
CONTENT: dict[str, Callable[[Any], Problems]] = {
    "gen_ai.input.messages": _array(_record(MESSAGE)),
    "gen_ai.memory.records": _array(_record(MEMORY_RECORD)),
    "gen_ai.output.messages": _array(_record(OUTPUT_MESSAGE)),
    "gen_ai.retrieval.documents": _array(_record(DOCUMENT)),
    "gen_ai.system_instructions": _array(part),
    "gen_ai.tool.call.arguments": _object,
    "gen_ai.tool.call.result": _object,
    "gen_ai.tool.definitions": _array(_definition),
}


def problems(attribute: str, value: Any) -> list[str]:
    """Say what is wrong with a structured value of a content attribute."""
    return [*CONTENT[attribute](value), *_not_json(value, "")]


def _not_json(value: Any, path: str) -> Problems:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if not isinstance(key, str):
                yield f"{path} has a key that is no string: {shown(key)}"
            yield from _not_json(each, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value):
            yield from _not_json(each, f"{path}[{index}]")
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{path} is no JSON number: {value}"
    elif not isinstance(value, str | int | float | None):
        yield f"{path} is no JSON value: {shown(value)}"


def parse(text: str) -> Any:
    """Read JSON as the standard has it: neither NaN nor infinities.

    Raises:
        ValueError: The text is no JSON.
    """

    def refuse(constant: str) -> Any:
        raise ValueError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def plain(value: Any) -> Any:
    """Turn the mappings and tuples of a log record into dicts and lists."""
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def shown(value: object) -> str:
    """Show a value in a message without filling the screen."""
    text = f"{type(value).__name__} {value!r}"
    return text if len(text) <= 80 else f"{text[:77]}..."


def structured(value: Any) -> Any:
    """Give an attribute's content as a structure, or nothing where it cannot be read."""
    if not isinstance(value, str):
        return value
    try:
        return parse(value)
    except ValueError:
        return None


def joined(texts: Iterable[str]) -> str:
    """Write names in a stable order."""
    return ", ".join(sorted(texts))
