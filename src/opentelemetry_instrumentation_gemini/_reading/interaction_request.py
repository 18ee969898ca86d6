"""What is asked of the Interactions API: the body of a request, in whatever form it was given."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Call, Parameters, Value
from opentelemetry_instrumentation_gemini._facts.messages import Content, Message, Part

from .config import read_config
from .contents import role_of, split_messages
from .fields import Fields, enum_text, field, view
from .interaction_parts import Item, read_item, role_of_item, to_item
from .plain import plain

_UNSET = frozenset({"NotGiven", "Omit", "Unset"})

_GENERATION = ("temperature", "top_p", "seed", "max_output_tokens", "stop_sequences")


def request_body(call: Call) -> Any:
    """Return the body of a request, whose fields are attributes: its own, or the keywords."""
    request = call.kwargs.get("request")
    if request is not None:
        return view(field(view(request), "body"))
    return Fields({name: value for name, value in call.kwargs.items() if is_given(value)})


def is_given(value: Any) -> bool:
    """Whether *value* is more than the SDK's word for nothing."""
    return value is not None and type(value).__name__ not in _UNSET


def text_field(body: Any, name: str) -> str | None:
    """Return a field of *body* that is text, as it was given."""
    return enum_text(field(body, name))


def read_interaction_parameters(body: Any) -> Parameters:
    """Return the generation parameters that *body* sets."""
    generation = view(field(body, "generation_config"))
    settings: dict[str, Any] = {name: field(generation, name) for name in _GENERATION}
    settings["thinking_config"] = {"thinking_level": field(generation, "thinking_level")}
    settings["cached_content"] = field(body, "cached_content")
    settings |= _output_settings(body)
    parameters = read_config(settings)
    details: dict[str, Value] = {**parameters.details}
    if not is_given(field(body, "response_modalities")):
        details.pop("response_modalities", None)
    previous = text_field(body, "previous_interaction_id")
    if previous is not None:
        details["previous_response_id"] = previous
    if field(body, "background") is True:
        details["background"] = True
    return parameters._replace(details=details)


def _output_settings(body: Any) -> dict[str, Any]:
    """Return what form of output is wanted, in the words of `generate_content`."""
    wanted = field(body, "response_modalities")
    settings: dict[str, Any] = {
        "response_modalities": list(wanted) if isinstance(wanted, (list, tuple)) else None,
        "response_mime_type": text_field(body, "response_mime_type"),
    }
    formats = plain(field(body, "response_format"))
    for entry in formats if isinstance(formats, list) else (formats,):
        if not isinstance(entry, dict):
            continue
        kind = entry.get("type")
        if kind in {"image", "audio"}:
            settings["response_modalities"] = [kind]
        elif kind == "text":
            settings["response_mime_type"] = entry.get("mime_type")
            settings["response_json_schema"] = entry.get("schema") or entry.get("schema_")
        elif kind != "video":
            # Until 2.0 the schema itself stood here.
            settings["response_json_schema"] = entry
    return settings


def read_interaction_content(body: Any) -> Content:
    """Return what is said: the input, the instructions and the tools."""
    instructions = field(body, "system_instruction")
    content: dict[str, Any] = {
        "input_messages": read_input(field(body, "input")),
        "system_instructions": [
            part for item in _items(instructions) for part in read_item(to_item(item))
        ],
        "tool_definitions": read_interaction_tools(field(body, "tools")),
    }
    return {kind: tree for kind, tree in content.items() if tree}


def read_input(value: Any) -> list[Message]:
    """Return the conversation that an `input` stands for: text, contents, steps or turns."""
    said = [pair for item in _items(value) for pair in _spoken(to_item(item))]
    messages: list[Message] = []
    for role, run in groupby(said, key=lambda pair: pair[0]):
        messages.extend(split_messages(role, [part for _, part in run]))
    return messages


def _spoken(item: Item) -> Iterator[tuple[str, Part]]:
    """Yield each part of *item* with whose it is."""
    if "role" not in item:
        role = role_of_item(item, "user")
        yield from ((role, part) for part in read_item(item))
        return
    role = role_of(item["role"])
    for entry in _items(item.get("content")):
        content = to_item(entry)
        yield from ((role, part) for part in read_item(content))


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, (list, tuple)):
        return value
    # The SDK has yet to read an iterator.
    return (value,) if is_given(value) and not hasattr(value, "__next__") else ()


def read_interaction_tools(tools: Any) -> list[Part]:
    """Return a definition for each tool; of servers no more than their names."""
    listed = tools if isinstance(tools, (list, tuple)) else ()
    return [_definition(item) for item in map(to_item, listed) if item]


def _definition(item: Item) -> Part:
    kind = item.get("type")
    name = item.get("name") or kind or "tool"
    definition: Part = {"type": kind or name, "name": name}
    if kind == "function":
        for key in ("description", "parameters"):
            if item.get(key) is not None:
                definition[key] = item[key]
    return definition
