"""Content handed to a completion hook, in the types of opentelemetry-util-genai.

Completion hooks are what the GenAI instrumentations of OpenTelemetry share: one of them uploads
prompts and answers to a storage and leaves their addresses on the span. Nothing is imported for
them unless one is asked for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from math import isfinite
from typing import Any, cast

from opentelemetry._logs import LogRecord
from opentelemetry.trace import Span

from opentelemetry_instrumentation_gemini._facts.messages import Binary, Content, Media
from opentelemetry_instrumentation_gemini._guard import attempt, warn_once

from .text import clean_text

HandOver = Callable[[Content, Span, LogRecord | None], None]
"""Hands the content of one operation to the hook, with its span and its event, if it has one."""

_GROUP = "opentelemetry_genai_completion_hook"
_TYPES = "opentelemetry.util.genai.types"
_DEEPEST = 128

_PARTS = {
    "text": ("TextPart", ("content",)),
    "reasoning": ("ReasoningPart", ("content",)),
    "tool_call": ("ToolCallRequestPart", ("arguments", "name", "id")),
    "tool_call_response": ("ToolCallResponsePart", ("response", "id")),
    "server_tool_call": ("ServerToolCallPart", ("name", "server_tool_call", "id")),
    "server_tool_call_response": (
        "ServerToolCallResponsePart",
        ("server_tool_call_response", "id"),
    ),
    "blob": ("BlobPart", ("mime_type", "modality", "content")),
    "uri": ("UriPart", ("mime_type", "modality", "uri")),
    "file": ("FilePart", ("mime_type", "modality", "file_id")),
}
"""Type of a part → the class for it and the fields that the class has."""


def make_hand_over(wanted: Any, media_limit: int) -> HandOver | None:
    """Return what hands content to the hook that is *wanted*, or `None` if there is none.

    Args:
        wanted: The name of an entry point, or a hook.
        media_limit: Inline media of more bytes than this are handed over without them.
    """
    if wanted is None:
        return None
    try:
        types = import_module(_TYPES)
    except ImportError:
        _need_extra()
        return None
    hook = _load(wanted) if isinstance(wanted, str) else wanted
    if hook is None:
        return None

    def hand_over(content: Content, span: Span, record: LogRecord | None) -> None:
        told = attempt("preparing a completion", _translate, types, content, media_limit)
        if told is not None and any(told.values()):
            _call(hook, {**told, "span": span, "log_record": record})

    return hand_over


def _need_extra() -> None:
    warn_once(
        "setting completion_hook",
        "A completion hook needs opentelemetry-util-genai, so none is called. "
        'Run: pip install "opentelemetry-instrumentation-gemini[upload]"',
    )


_loaded: dict[str, Any] = {}


def _load(name: str) -> Any:
    """Return the hook of that name; the same for all who ask, since it may have threads."""
    hook = _loaded.get(name) or _find(name)
    if hook is not None:
        _loaded[name] = hook
    return hook


def _find(name: str) -> Any:
    if name == "upload" and find_spec("fsspec") is None:
        _need_extra()
        return None
    found = {entry.name: entry for entry in entry_points(group=_GROUP)}
    if name not in found:
        warn_once(
            f"completion hook {name}",
            "There is no completion hook called %r, so none is called. Installed: %s.",
            name,
            ", ".join(sorted(found)) or "none",
        )
        return None
    try:
        hook = found[name].load()()
    except Exception as error:  # noqa: BLE001 - another package's code
        warn_once(
            f"completion hook {name}",
            "The completion hook %r cannot be had, so none is called: %s: %s",
            name,
            type(error).__qualname__,
            " ".join(str(error).split()),
        )
        return None
    # The stand-in for a hook that lacks its own settings, of which it has told, does nothing.
    return None if type(hook).__name__ == "_NoOpCompletionHook" else hook


def _call(hook: Any, arguments: Mapping[str, Any]) -> None:
    try:
        hook.on_completion(**arguments)
    except Exception as error:  # noqa: BLE001 - another package's code
        # Its text may quote a prompt.
        warn_once(
            "calling a completion hook",
            "The completion hook %s failed with %s; the call itself is not affected. "
            "Further faults of it are not logged.",
            type(hook).__qualname__,
            type(error).__qualname__,
        )


def _translate(types: Any, content: Content, media_limit: int) -> dict[str, list[Any]]:
    return {
        "inputs": [
            types.InputMessage(role=message["role"], parts=parts)
            for message, parts in _messages(types, content.get("input_messages"), media_limit)
        ],
        "outputs": [
            types.OutputMessage(
                role=message["role"], parts=parts, finish_reason=message.get("finish_reason")
            )
            for message, parts in _messages(types, content.get("output_messages"), media_limit)
        ],
        "system_instruction": _parts(types, content.get("system_instructions"), media_limit),
        "tool_definitions": [
            _definition(types, tool) for tool in content.get("tool_definitions") or ()
        ],
    }


def _messages(
    types: Any, messages: Any, media_limit: int
) -> Iterator[tuple[Mapping[str, Any], list[Any]]]:
    for message in messages or ():
        yield message, _parts(types, message["parts"], media_limit)


def _parts(types: Any, parts: Any, media_limit: int) -> list[Any]:
    """Return *parts* as objects of their classes; what there is no class for is left out."""
    made: list[Any] = []
    for part in parts or ():
        name, fields = _PARTS.get(part["type"], (None, ()))
        if name is not None:
            values = {field: _value(part.get(field), media_limit) for field in fields}
            made.append(getattr(types, name)(**values))
    return made


def _value(value: Any, media_limit: int) -> Any:
    if isinstance(value, Media):
        return value.raw() if value.size <= media_limit else b""
    return _clean(value, _DEEPEST)


def _definition(types: Any, tool: Mapping[str, Any]) -> Any:
    tool = _clean(tool, _DEEPEST)
    if tool["type"] != "function":
        return types.GenericToolDefinition(name=tool["name"], type=tool["type"])
    return types.FunctionToolDefinition(
        name=tool["name"],
        description=tool.get("description"),
        parameters=tool.get("parameters"),
    )


def _clean(tree: Any, depth: int) -> Any:
    """Return *tree* as any hook can encode and keep it: a copy, without what JSON lacks."""
    if not isinstance(tree, (Mapping, list, tuple)):
        return _clean_leaf(tree)
    if depth <= 0:
        return "…"
    if isinstance(tree, Mapping):
        items = cast("Mapping[str, Any]", tree).items()
        return {clean_text(key): _clean(value, depth - 1) for key, value in items}
    return [_clean(value, depth - 1) for value in cast("Sequence[Any]", tree)]


def _clean_leaf(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Binary):
        return value.base64()
    return None if isinstance(value, float) and not isfinite(value) else value
