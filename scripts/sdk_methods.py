"""Which of the SDK's public methods is traced, found by looking at the SDK itself."""

import inspect
import warnings
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from types import SimpleNamespace
from typing import Any, NamedTuple

from opentelemetry_instrumentation_gemini._facts.calls import Call
from opentelemetry_instrumentation_gemini._patching.hook import Hook, Shape
from opentelemetry_instrumentation_gemini._patching.table import HOOKS
from opentelemetry_instrumentation_gemini._surfaces import load_surface

TESTED = "3.6.1"
"""The google-genai that the document is about."""

RETURNED = {
    "Chat": ("google.genai.chats", "Chat", "AsyncChat"),
    "AsyncSession": ("google.genai.live", None, "AsyncSession"),
    "AsyncMusicSession": ("google.genai.live_music", None, "AsyncMusicSession"),
    "InteractionWebSocketConnection": (
        "google.genai._interactions_websocket",
        None,
        "InteractionWebSocketConnection",
    ),
    "Pager": ("google.genai.pagers", "Pager", "AsyncPager"),
}
"""What methods return and calls the API itself: its name, module, class and async class."""

PLUMBING = {
    "aio": "the asynchronous half, which stands in the column Ways",
    "do_request": "how the generated clients send; no method of the API",
    "do_request_async": "how they send asynchronously",
    "parent_ref": "leads back to the whole of the generated clients",
    "sdk_configuration": "holds the generated clients' settings",
    "vertexai": "says which service a client talks to",
    "T": "a type variable",
    "with_raw_response": "the same methods with unparsed answers, traced as they are",
    "with_streaming_response": "the same methods with unread answers, traced as they are",
}
"""Attributes that are no methods of the API, wherever they stand."""

BENEATH = {
    "environments.create": "create_environment",
    "environments.delete": "delete_environment",
    "environments.get": "get_environment",
    "environments.list": "list_environments",
    "interactions.connect": "_open",
    "AsyncSession.receive": "_receive",
    "AsyncSession.start_stream": "_receive",
    "AsyncSession.send": "_parse_client_message",
    "AsyncMusicSession.receive": "_receive",
    "AsyncMusicSession.play": "_send_control_signal",
    "AsyncMusicSession.pause": "_send_control_signal",
    "AsyncMusicSession.stop": "_send_control_signal",
    "AsyncMusicSession.reset_context": "_send_control_signal",
    "InteractionWebSocketConnection.send": "_send_payload",
    "InteractionWebSocketConnection.complete": "_send_payload",
    "InteractionWebSocketConnection.cancel": "_send_payload",
    "InteractionWebSocketConnection.receive": "_fill_pending_events",
}
"""A method that is not hooked itself → what it always calls, which is."""

REASONS = {
    "chats.create": "makes a `Chat` and asks nothing",
    "Chat.get_history": "returns what the chat holds",
    "Chat.record_history": "changes what the chat holds",
    "close": "closes connections and asks nothing",
    "aclose": "closes connections and asks nothing",
    "Pager.config": "returns the settings of a list",
    "Pager.name": "returns what is listed",
    "Pager.page": "returns the page at hand",
    "Pager.page_size": "returns its size",
    "Pager.sdk_http_response": "returns the last answer's headers",
    "Pager.next_page": "goes on with a list that was told of when it began",
}
"""Methods that are not traced, and why."""

LOOP = "`generate_content` for each round; with tools `invoke_agent` around"
SESSION_ENDS = dict.fromkeys(
    (
        "AsyncSession.close",
        "AsyncMusicSession.close",
        "InteractionWebSocketConnection.detach",
    ),
    "none",
)

SPANS = {
    **dict.fromkeys(SESSION_ENDS, "ends the session's"),
    "models.generate_content": LOOP,
    "Chat.send_message": LOOP,
    "AsyncSession": "on the session's `generate_content` for each turn, and `execute_tool`",
    "AsyncMusicSession": "on the session's `live_music_session`",
    "InteractionWebSocketConnection": "on the connection's `generate_content` for each answer",
    "live.connect": "`live_session`",
    "live.music.connect": "`live_music_session`",
    "interactions.connect": "`live_interaction`",
    "interactions.create": "`generate_content`; of an agent `invoke_agent`",
}
"""Path, or how it begins → its spans, where one operation does not say it all."""

MESSAGES = "messages"
CONTENT = {
    **SESSION_ENDS,
    **dict.fromkeys(
        ("models.generate_content", "Chat.send_message", "interactions.create"),
        "messages, instructions, tools",
    ),
    "interactions.get": "output messages",
    "decisions.create": MESSAGES,
    "models.generate_images": MESSAGES,
    "models.edit_image": MESSAGES,
    "models.upscale_image": MESSAGES,
    "models.recontext_image": MESSAGES,
    "models.segment_image": MESSAGES,
    "models.generate_videos": "prompt",
    "AsyncSession": "messages and transcripts, tools",
    "InteractionWebSocketConnection": MESSAGES,
}
"""Path, or how it begins → what stands on its spans where content is captured."""

USAGE = {
    **SESSION_ENDS,
    "models.generate_content": "tokens",
    "models.embed_content": "input tokens",
    "models.count_tokens": "counted tokens",
    "models.compute_tokens": "counted tokens",
    "Chat.send_message": "tokens",
    "interactions.create": "tokens",
    "decisions.create": "tokens",
    "voices.create": "tokens",
    "batches.get": "tokens of answers in the job",
    "caches.create": "cached tokens",
    "caches.update": "cached tokens",
    "caches.get": "cached tokens",
    "AsyncSession": "tokens of each turn",
    "InteractionWebSocketConnection": "tokens of each answer",
}
"""Path, or how it begins → what its spans say of usage."""


class Method(NamedTuple):
    """A public method: where it stands on a client, and the classes that have it."""

    path: str
    sync: type | None
    asynchronous: type | None

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.rpartition(".")[2]

    def hooks(self) -> list[Hook]:
        """Return what is hooked of it: of both classes, where there are two."""
        found = [_hook(kind, self.path) for kind in (self.sync, self.asynchronous) if kind]
        return [hook for hook in found if hook is not None] if all(found) else []


def is_tested() -> bool:
    """Whether the SDK at hand is the one that the document is about."""
    try:
        return version("google-genai") == TESTED
    except PackageNotFoundError:
        return False


def methods() -> list[Method]:
    """Return every public method of the SDK at hand."""
    genai = import_module("google.genai")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = genai.Client(api_key="none", vertexai=False)
        sync = dict(_walk(client))
        asynchronous = dict(_walk(client.aio))
    for name, (module, kind, twin) in RETURNED.items():
        try:
            home = import_module(module)
        except ModuleNotFoundError:
            continue
        sync |= _methods_of(name, home, kind)
        asynchronous |= _methods_of(name, home, twin)
    paths = [*sync, *(path for path in asynchronous if path not in sync)]
    return [Method(path, sync.get(path), asynchronous.get(path)) for path in paths]


def _walk(resource: Any, prefix: str = "") -> Iterator[tuple[str, type]]:
    kind = type(resource)
    for name in dir(resource):
        if name.startswith("_") or name in PLUMBING:
            continue
        value = getattr(resource, name)
        if inspect.ismodule(value) or inspect.isclass(value):
            continue
        if callable(value):
            yield f"{prefix}{name}", kind
        elif type(value).__module__.startswith("google.genai"):
            yield from _walk(value, f"{prefix}{name}.")


def _methods_of(name: str, home: Any, kind: str | None) -> dict[str, type]:
    if kind is None:
        return {}
    owner = getattr(home, kind)
    own = [base for base in owner.__mro__ if base.__module__.startswith("google.genai")]
    attributes = {attribute for base in own for attribute in vars(base)}
    return {f"{name}.{attribute}": owner for attribute in sorted(attributes) if attribute[0] != "_"}


def _hook(kind: type, path: str) -> Hook | None:
    names = {path.rpartition(".")[2], BENEATH.get(path)}
    owners = {base.__name__ for base in kind.__mro__}
    if path == "interactions.connect":
        owners.add("InteractionWebSocketConnectionContext")
    return next((hook for hook in HOOKS if hook.owner in owners and names & set(hook.names)), None)


def untraced(found: list[Method]) -> list[Method]:
    """Return the methods that are not hooked."""
    return [method for method in found if not method.hooks()]


def operation_of(hook: Hook) -> str:
    """Return the operation that a hook's calls are, asked of its surface itself."""
    client = SimpleNamespace(vertexai=False, _http_options=None, location=None)
    instance = SimpleNamespace(_api_client=client)
    request = load_surface(hook.surface).request(Call(instance, (), {}), False)  # noqa: FBT003
    return request.operation


def traced_rows(found: list[Method]) -> Iterator[tuple[str, ...]]:
    """Yield what the document says of each method that is traced."""
    for method in found:
        hooks = method.hooks()
        if hooks:
            yield (
                f"`{method.path}`",
                _said(SPANS, method.path) or f"`{operation_of(hooks[0])}`",
                _ways(method),
                _streams(method.path, hooks[0]),
                _said(CONTENT, method.path) or "none",
                _said(USAGE, method.path) or "none",
                "with `trace_reads`" if hooks[0].reads else "yes",
            )


def untraced_rows(found: list[Method]) -> Iterator[tuple[str, str]]:
    """Yield each method that is not traced, and why; a method without a reason is a KeyError."""
    for method in untraced(found):
        yield f"`{method.path}`", REASONS[method.path]
    for name, reason in PLUMBING.items():
        yield f"`{name}`, wherever it stands", reason


def _said(texts: dict[str, str], path: str) -> str | None:
    return next((text for start, text in texts.items() if path.startswith(start)), None)


def _ways(method: Method) -> str:
    if method.sync is None:
        return "async only"
    return "sync and async" if method.asynchronous else "sync only"


def _streams(path: str, hook: Hook) -> str:
    if hook.shape.streams or path.endswith((".receive", ".start_stream")):
        return "yes"
    argument = hook.shape in {Shape.EITHER, Shape.ASYNC_EITHER} and hook.surface.startswith(
        ("interactions:CREATE", "interactions:FETCH")
    )
    return "with `stream=True`" if argument and hook.surface[-5:] != "TOKEN" else "no"
