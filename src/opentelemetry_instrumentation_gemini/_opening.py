"""What a hook does with a call: the scope that it opens, if any."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from opentelemetry.context import get_current
from opentelemetry.instrumentation.utils import is_instrumentation_enabled

from ._ambient import in_conversation
from ._attempts import beginning, continuing, reconnecting, sleeping, waiting
from ._clients import Find
from ._exchanges import closing, leaving, opening, receiving, sending
from ._facts.calls import Call
from ._guard import attempt
from ._loop import Ambience, call_ids, looping, place_of
from ._neighbours import warn_of_doubles
from ._operation import Operation
from ._patching.shims import Open
from ._patching.table import Hook, Shape
from ._polling import Poll
from ._session import Session
from ._surfaces import Role, Surface, load_surface
from ._surfaces.call_ids import read_call_ids
from ._surfaces.sessions import SessionSurface


def opener(find: Find, hook: Hook, name: str) -> Open:
    """Return what opens a scope for each call of a hooked method.

    Args:
        find: Finds where a call is reported, if anywhere.
        hook: What was to be hooked.
        name: The one of its names that this SDK has.
    """
    observe = _observer(find, hook, name)
    if observe is not None:
        return observe
    surface = load_surface(hook.surface)
    if isinstance(surface, SessionSurface):
        opens_on_call = hook.shape is not Shape.ASYNC_MANAGER
        return partial(_open_session, find, surface, opens_on_call)
    stream = hook.shape.streams
    if surface.role is Role.LOOP:
        return _loop_opener(find, surface, stream=stream)

    # Only the SDK's private methods send a stream's request when they are awaited.
    lazy = not name.startswith("_")

    def open_operation(call: Call) -> Operation | Poll | None:
        telemetry = find(call)
        if telemetry is None or telemetry.is_silent() or _is_suppressed():
            return None
        if hook.reads and not telemetry.trace_reads:
            return None
        warn_of_doubles()
        operation = Operation(telemetry, surface, call, stream=stream, lazy=lazy)
        return Poll(operation) if surface.role is Role.POLL else operation

    return open_operation


def _observer(find: Find, hook: Hook, name: str) -> Open | None:
    """Return what a hook does that makes no span."""
    if hook.surface == "conversation":
        return partial(_name_conversation, find)
    if hook.surface == "session_send":
        return partial(sending, name, hook.shape is Shape.CALL)
    if hook.surface == "call_ids":
        # Of the SDK's two only the asynchronous one serves calls that have no arguments.
        return partial(_keep_call_ids, find, hook.shape is Shape.ASYNC_CALL)
    return _OBSERVERS.get(hook.surface)


def _open_session(find: Find, surface: SessionSurface, opens_on_call: bool, call: Call) -> Any:
    telemetry = find(call)
    if telemetry is None or telemetry.is_silent() or _is_suppressed():
        return None
    if not attempt("looking for a session", surface.applies, call):
        return None
    session = attempt("preparing to read a session", Session, telemetry, surface, call)
    return opening(session) if session is not None and opens_on_call else session


def _loop_opener(find: Find, surface: Surface, *, stream: bool) -> Open:
    applies: Callable[[Call], bool] = surface.applies or (lambda _call: True)

    def open_loop(call: Call) -> Operation | Ambience | None:
        # The cheap question first: nearly no call has tools.
        if not attempt("looking for tools", applies, call):
            return None
        if _is_suppressed() or place_of(get_current()).loop is not None:
            return None
        telemetry = find(call)
        if telemetry is None or telemetry.is_silent():
            return None
        if not telemetry.loop_spans:
            return Ambience(partial(looping, telemetry), lazy=True)
        return Operation(telemetry, surface, call, stream=stream, lazy=True)

    return open_loop


def _is_suppressed() -> bool:
    # An empty context, the usual one, suppresses nothing.
    return bool(get_current()) and not is_instrumentation_enabled()


def _keep_call_ids(find: Find, serves_all: bool, call: Call) -> Ambience | None:
    if find(call) is None:
        return None
    ids = attempt("reading tool calls", read_call_ids, call, serves_all)
    return call_ids(ids) if ids else None


_chat_ids: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def _name_conversation(find: Find, call: Call) -> Ambience | None:
    telemetry = find(call)
    if telemetry is None or not telemetry.chat_ids:
        return None
    chat_id = attempt("naming a conversation", _chat_id, call.instance)
    return None if chat_id is None else Ambience(partial(in_conversation, chat_id), lazy=True)


def _chat_id(chat: Any) -> str:
    return _chat_ids.setdefault(chat, str(uuid4()))


_OBSERVERS: dict[str, Open] = {
    "attempt": beginning,
    "hop": continuing,
    "reconnect": reconnecting,
    "retry_sleep": sleeping,
    "retry_wait": waiting,
    "session_close": closing,
    "session_leave": leaving,
    "session_receive": receiving,
}
