"""Google ADK, which makes model spans of its own unless a plugin that it knows is at work.

It asks one function whether a plugin records the inferences, and puts what only ADK knows (agent,
session, event) into the context for that plugin. Both are answered here, so that each inference
has one span, and that one carries ADK's attributes.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import wrapt
from opentelemetry.context import Context, attach, detach

from ._ambient import annotated, in_conversation
from ._emit import names
from ._guard import attempt, warn_once

_TRACING = "google.adk.telemetry.tracing"
_ASKED = "records_inference"
_GIVES = "_use_extra_generate_content_attributes"

_state = {"awaited": False, "active": False}


def take_over_from_adk() -> None:
    """Let ADK leave its model spans to this plugin, when and if it is imported."""
    _state["active"] = True
    if not _state["awaited"]:
        _state["awaited"] = True
        wrapt.register_post_import_hook(_on_import, _TRACING)


def give_back_to_adk() -> None:
    """Let ADK make its own model spans again."""
    _state["active"] = False


def _on_import(tracing: ModuleType) -> None:
    attempt("hooking Google ADK", _hook, tracing)


def _hook(tracing: ModuleType) -> None:
    asked = getattr(tracing, "_genai_instrumentor", None)
    if not hasattr(asked, _ASKED) or not hasattr(tracing, _GIVES):
        warn_once(
            "unknown ADK",
            "This release of Google ADK makes model spans of its own beside those of the Gemini "
            "SDK's calls, so tokens are counted twice. Its spans are those of the scope "
            "gcp.vertex.agent named generate_content.",
        )
        return
    wrapt.wrap_function_wrapper(asked, _ASKED, _answer)
    wrapt.wrap_function_wrapper(tracing, _GIVES, _take)


def _answer(
    asked: Callable[..., bool], _instance: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> bool:
    return _state["active"] or asked(*args, **kwargs)


def _take(
    gives: Callable[..., Any], _instance: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Any:
    if not _state["active"]:
        return gives(*args, **kwargs)
    # What ADK wants in events only, the user's id, is its second argument and stays out of spans.
    given = args[0] if args else kwargs.get("extra_attributes")
    return _within(attempt("reading what Google ADK knows", _context_with, given))


def _context_with(given: Any) -> Context:
    values = dict(given)
    conversation = values.pop(names.CONVERSATION_ID, None)
    context = annotated(None, values)
    return context if conversation is None else in_conversation(conversation, context)


@contextmanager
def _within(context: Context | None) -> Generator[None]:
    if context is None:
        yield
        return
    token = attach(context)
    try:
        yield
    finally:
        detach(token)
