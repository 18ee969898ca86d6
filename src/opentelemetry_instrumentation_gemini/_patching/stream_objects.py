"""Results that go on after the call: the SDK's stream objects, and responses not yet read.

They are given back as what they are. What they draw from is replaced in place, and their `close`
is shadowed, since it would end them without a word to us.
"""

import weakref
from collections.abc import Callable
from inspect import isasyncgen, iscoroutinefunction, isgenerator
from typing import Any

from opentelemetry_instrumentation_gemini._guard import attempt

from .driving import (
    Scope,
    drive_async_stream,
    drive_stream,
    named,
    stretch,
    stretch_async,
    watched,
)
from .read_ahead import follow_response
from .table import READ_AHEAD, RESPONSE_BODY, STREAM_SOURCES


def settle(scope: Scope, result: Any) -> None:
    """End *scope* with *result*, or follow it if there is more to come."""
    if not attempt("following a stream", _follow, scope, result):
        scope.succeed(result)


def _follow(scope: Scope, result: Any) -> bool:
    fields = getattr(result, "__dict__", {})
    if READ_AHEAD in fields:
        return follow_response(scope, result)
    body = fields.get(RESPONSE_BODY)
    if body is not None:
        return _follow_body(scope, body, asynchronous=iscoroutinefunction(result.parse))
    for name in STREAM_SOURCES:
        source = fields.get(name)
        if isgenerator(source):
            driven: Any = drive_stream(scope, source, begun=True)
        elif isasyncgen(source):
            driven = drive_async_stream(scope, source, begun=True)
        else:
            continue
        setattr(result, name, watched(scope, named(driven, source)))
        shadow = _async_close if isasyncgen(source) else _close
        result.close = shadow(scope, _closer(result))
        return True
    return False


def _closer(stream: Any) -> Callable[[], Any]:
    """Return what closes *stream*, without keeping it alive if its own `close` would not."""
    own: Callable[[], Any] | None = vars(stream).get("close")
    if own is not None:
        return own
    kind, reference = type(stream), weakref.ref(stream)

    def close() -> Any:
        alive = reference()
        return None if alive is None else kind.close(alive)

    return close


def _never() -> bool:
    return False


def _close(
    scope: Scope, closer: Callable[[], Any], is_running: Callable[[], bool] = _never
) -> Callable[[], None]:
    def close() -> None:
        try:
            stretch(scope, closer)
        finally:
            # A body that has been read to its end closes itself, from within the reading.
            if not is_running():
                scope.stop()

    return close


def _async_close(
    scope: Scope, closer: Callable[[], Any], is_running: Callable[[], bool] = _never
) -> Callable[[], Any]:
    async def close() -> None:
        try:
            await stretch_async(scope, closer)
        finally:
            if not is_running():
                scope.stop()

    return close


def _follow_body(scope: Scope, body: Any, *, asynchronous: bool) -> bool:
    """Follow the bytes of an HTTP response that the caller has yet to read, in whatever way."""
    if body.is_stream_consumed:
        return False
    if asynchronous:
        is_running = _replace_reading(scope, body, "aiter_bytes", drive_async_stream)
        body.aclose = _async_close(scope, body.aclose, is_running)
    else:
        is_running = _replace_reading(scope, body, "iter_bytes", drive_stream)
        body.close = _close(scope, body.close, is_running)
    weakref.finalize(body, scope.stop)
    return True


def _replace_reading(scope: Scope, body: Any, name: str, drive: Any) -> Callable[[], bool]:
    """Follow the first reading of *body*, and return what tells whether it runs right now."""
    iterate = getattr(body, name)
    # Weak, so that a reader who drops the generator closes it.
    readings: list[weakref.ref[Any]] = []

    def read(*args: Any, **kwargs: Any) -> Any:
        source = iterate(*args, **kwargs)
        if readings:
            return source
        driven = watched(scope, named(drive(scope, source, begun=True), source))
        readings.append(weakref.ref(driven))
        return driven

    def is_running() -> bool:
        driven = readings[0]() if readings else None
        return bool(getattr(driven, "gi_running", False) or getattr(driven, "ag_running", False))

    setattr(body, name, read)
    return is_running
