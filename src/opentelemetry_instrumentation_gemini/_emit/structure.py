"""Which texts in a tree of content are its schema's, and which are the conversation's.

The words of the schemas, such as a part's type or a tool's name, stay as they are whatever becomes
of the texts around them. What a tool is given or gives back has keys of its own, and may call them
the same.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from opentelemetry_instrumentation_gemini._facts.messages import Frame

_Keys = frozenset[str]

_WORDS: _Keys = frozenset({"type", "role", "modality", "mime_type", "finish_reason", "id", "name"})
_SCHEMA: _Keys = frozenset({"type", "format"})
_TOOL: _Keys = frozenset({"type"})
_NONE: _Keys = frozenset()

_BELOW = {
    "parts": _WORDS,
    # As MLflow is told of them.
    **dict.fromkeys(
        ("messages", "choices", "message", "content", "tool_calls", "function"), _WORDS
    ),
    "parameters": _SCHEMA,
    "server_tool_call": _TOOL,
    "server_tool_call_response": _TOOL,
}
"""Key in a message, a part or a definition → the words of the schema in what stands there."""


def map_leaves(tree: Any, change: Callable[[Any], Any]) -> Any:
    """Return *tree* with each leaf changed that is no word of a schema."""
    return _map(tree, change, _at_root(tree))


def leaves(tree: Any, kind: type) -> Iterator[Any]:
    """Yield the leaves of a *kind* that are no words of a schema."""
    return _leaves(tree, kind, _at_root(tree))


def _at_root(tree: Any) -> _Keys:
    # A list holds messages, parts or definitions; an object is a tool's arguments or its result.
    return _NONE if isinstance(tree, Mapping) and type(tree) is not Frame else _WORDS


def _below(key: str, words: _Keys) -> _Keys:
    if words is _WORDS:
        return _BELOW.get(key, _NONE)
    return _SCHEMA if words is _SCHEMA else _NONE


def _map(tree: Any, change: Callable[[Any], Any], words: _Keys) -> Any:
    if isinstance(tree, Mapping):
        items = cast("Mapping[str, Any]", tree).items()
        mapped = {
            key: value
            if key in words and isinstance(value, str)
            else _map(value, change, _below(key, words))
            for key, value in items
        }
        return Frame(mapped) if type(tree) is Frame else mapped
    if isinstance(tree, (list, tuple)):
        changed = [_map(item, change, words) for item in cast("Sequence[Any]", tree)]
        return tuple(changed) if isinstance(tree, tuple) else changed
    return change(tree)


def _leaves(tree: Any, kind: type, words: _Keys) -> Iterator[Any]:
    if isinstance(tree, kind):
        yield tree
    elif isinstance(tree, Mapping):
        for key, value in cast("Mapping[str, Any]", tree).items():
            if key not in words or not isinstance(value, str):
                yield from _leaves(value, kind, _below(key, words))
    elif isinstance(tree, (list, tuple)):
        for item in cast("Sequence[Any]", tree):
            yield from _leaves(item, kind, words)
