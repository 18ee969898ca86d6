"""Which client an object of the SDK belongs to.

A client is known by what its objects have in common, since the client itself is no part of a call:
the `BaseApiClient` that they share, or for some of the generated resources only its HTTP client.
In google-generativeai, where all models share one client, a model is a client of its own.
"""

import sys
from collections.abc import Callable
from typing import Any

from .fields import field

Marks = tuple[Any, ...]
"""The objects by which the calls of one client are known."""

_RUN_TOOLS = frozenset({None, "CallableFunctionDeclaration", "McpToGenAiToolAdapter"})
"""Owners of hooked functions that know nothing of a client: they run inside its tool loops."""

_HTTP_CLIENTS = ("_httpx_client", "_async_httpx_client")


def _of_chat(chat: Any) -> Any:
    return field(field(chat, "_modules"), "_api_client")


def _of_resource(resource: Any) -> Any:
    api_client = field(resource, "_api_client")
    if api_client is not None:
        return api_client
    config = field(resource, "sdk_configuration")
    if config is not None:
        return field(config, "client") or field(config, "async_client")
    # google-genai up to 2.8.
    return field(field(field(resource, "_client"), "client_adapter"), "_api_client")


_READERS: dict[str | None, Callable[[Any], Any]] = {
    "Chat": _of_chat,
    "AsyncChat": _of_chat,
    "GenerativeModel": lambda model: model,
    "ChatSession": lambda chat: field(chat, "model"),
}


def client_reader(owner: str | None) -> Callable[[Any], Any] | None:
    """Return what reads the mark of its client from an instance of the class *owner*, if any."""
    return None if owner in _RUN_TOOLS else _READERS.get(owner, _of_resource)


_CLIENTS = (
    ("google.genai.client", "Client"),
    ("google.genai.client", "AsyncClient"),
    ("google.genai.chats", "Chat"),
    ("google.genai.chats", "AsyncChat"),
    ("google.generativeai.generative_models", "GenerativeModel"),
    ("google.generativeai.generative_models", "ChatSession"),
)
"""What stands for a client; a chat stands for the one that it was made from."""


def marks_of(client: Any) -> Marks:
    """Return the marks of *client*, or nothing if it is no client of an SDK."""
    for module, name in _CLIENTS:
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(client, kind):
            reader = client_reader(name)
            mark = reader and reader(client)
            http = (field(mark, name) for name in _HTTP_CLIENTS)
            return tuple(one for one in (mark, *http) if one is not None)
    return ()
