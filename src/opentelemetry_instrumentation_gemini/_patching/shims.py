"""How a hooked call passes through, in each of its shapes.

A shim calls the SDK's method exactly once, with the caller's own objects, and gives back what it
gives: a generator for a generator, a coroutine for a coroutine, an exception unchanged. It knows
nothing of telemetry but a `Scope`, which it enters around each stretch of the SDK's work.
"""

from collections.abc import Callable
from functools import partial
from inspect import isasyncgen, isawaitable, isgenerator
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Call
from opentelemetry_instrumentation_gemini._guard import warn_once

from .driving import (
    Pending,
    Scope,
    drive_async_stream,
    drive_call,
    drive_stream,
    named,
    stretch_async,
    watched,
)
from .managers import watch_manager
from .stream_objects import settle
from .table import Shape

Shim = Callable[[Any, Any, tuple[Any, ...], dict[str, Any]], Any]
"""wrapt's calling convention: the original method, its instance, arguments, keywords."""

Open = Callable[[Call], Scope | None]
"""Opens a scope for a call, or declines; nothing of it begins before the SDK's work does."""


def decline(_call: Call) -> None:
    """Open nothing: the hook stays in place, inert."""


class Seat:
    """What a hook does at the moment."""

    __slots__ = ("open",)

    def __init__(self) -> None:
        self.open: Open = decline


def make_shim(shape: Shape, seat: Seat) -> Shim:
    """Return the shim for methods of *shape* that asks *seat* at each call."""
    return partial(_SHIMS[shape], seat)


def _call(seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    scope = seat.open(Call(instance, args, kwargs))
    if scope is None:
        return wrapped(*args, **kwargs)
    result = _work(scope, wrapped, args, kwargs)
    scope.succeed(result)
    return result


def _either(seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    scope = seat.open(Call(instance, args, kwargs))
    if scope is None:
        return wrapped(*args, **kwargs)
    result = _work(scope, wrapped, args, kwargs)
    settle(scope, result)
    return result


def _work(scope: Scope, wrapped: Any, args: Any, kwargs: Any) -> Any:
    scope.begin()
    token = scope.enter()
    try:
        result = wrapped(*args, **kwargs)
    except BaseException as error:
        scope.leave(token)
        scope.fail(error)
        raise
    scope.leave(token)
    return result


def _async_call(
    seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any, settle: Any = None
) -> Any:
    scope = seat.open(Call(instance, args, kwargs))
    if scope is None:
        return wrapped(*args, **kwargs)
    awaitable = wrapped(*args, **kwargs)
    if not isawaitable(awaitable):
        return awaitable
    return named(drive_call(scope, Pending(awaitable), settle), wrapped)


def _stream(seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    stream = wrapped(*args, **kwargs)
    scope = seat.open(Call(instance, args, kwargs))
    if scope is None or not isgenerator(stream):
        return stream if scope is None else _unfollowed(stream, wrapped)
    return watched(scope, named(drive_stream(scope, stream), wrapped))


def _async_stream(seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    scope = seat.open(Call(instance, args, kwargs))
    result = wrapped(*args, **kwargs)
    if scope is None:
        return result
    if isasyncgen(result):
        return watched(scope, named(drive_async_stream(scope, result), wrapped))
    if isawaitable(result):
        return named(_drive_awaited_stream(scope, Pending(result)), wrapped)
    return _unfollowed(result, wrapped)


def _async_manager(seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    manager = wrapped(*args, **kwargs)
    scope = seat.open(Call(instance, args, kwargs))
    if scope is None or watch_manager(scope, manager):
        return manager
    return _unfollowed(manager, wrapped)


_SHIMS: dict[Shape, Callable[..., Any]] = {
    Shape.CALL: _call,
    Shape.ASYNC_CALL: _async_call,
    Shape.STREAM: _stream,
    Shape.ASYNC_STREAM: _async_stream,
    Shape.EITHER: _either,
    Shape.ASYNC_EITHER: partial(_async_call, settle=settle),
    Shape.ASYNC_MANAGER: _async_manager,
}


def _unfollowed(stream: Any, wrapped: Any) -> Any:
    warn_once(
        f"stream of {wrapped.__qualname__}",
        "%s gives a %s, which cannot be followed, so these streams are not traced. "
        "A newer opentelemetry-instrumentation-gemini may know how.",
        wrapped.__qualname__,
        type(stream).__qualname__,
    )
    return stream


async def _drive_awaited_stream(scope: Scope, pending: Pending) -> Any:
    if scope.lazy:
        stream = await pending.take()
        begun = False
    else:
        scope.begin()
        stream = await stretch_async(scope, pending.take)
        begun = True
    if not isasyncgen(stream):
        scope.stop()
        return _unfollowed(stream, stream.__class__)
    return watched(scope, named(drive_async_stream(scope, stream, begun=begun), stream))
