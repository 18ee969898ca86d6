"""How a hooked call passes through: four shapes, and the only `await`s of the package.

A shim calls the SDK's method exactly once, with the caller's own objects, and gives back what it
gives: a generator for a generator, a coroutine for a coroutine, an exception unchanged. It knows
nothing of telemetry but a `Scope`, which it enters around each stretch of the SDK's work.
"""

import weakref
from collections.abc import AsyncGenerator, Callable, Generator
from functools import partial
from inspect import isasyncgen, isawaitable, isgenerator
from typing import Any, Protocol

from opentelemetry_instrumentation_gemini._facts.calls import Call
from opentelemetry_instrumentation_gemini._guard import warn_once

from .table import Shape

Shim = Callable[[Any, Any, tuple[Any, ...], dict[str, Any]], Any]
"""wrapt's calling convention: the original method, its instance, arguments, keywords."""


class Scope(Protocol):
    """What happens around a call. No method of it raises.

    Attributes:
        lazy: Whether awaiting the call only prepares a stream, so that nothing begins before the
            first read.
    """

    @property
    def lazy(self) -> bool: ...

    def begin(self) -> None:
        """Begin, right before the SDK does."""

    def enter(self) -> Any:
        """Begin a stretch of the SDK's work."""

    def leave(self, token: Any, /, *, elsewhere: bool = False) -> None:
        """End the stretch that *token* came from, perhaps *elsewhere* than where it began."""

    def chunk(self, chunk: Any, /) -> None:
        """Take one chunk of a stream."""

    def succeed(self, result: Any, /) -> None:
        """End with a result."""

    def finish(self) -> None:
        """End a stream that was read to its end."""

    def stop(self) -> None:
        """End a stream that its reader left."""

    def fail(self, error: BaseException, /) -> None:
        """End with an exception."""


Open = Callable[[Call], Scope | None]
"""Opens a scope for a call, or declines; nothing of it begins before the SDK's work does."""


class Seat:
    """What a hook does at the moment: it stays in place, inert, while `open` is `None`."""

    __slots__ = ("open",)

    def __init__(self) -> None:
        self.open: Open | None = None


def make_shim(shape: Shape, seat: Seat) -> Shim:
    """Return the shim for methods of *shape* that asks *seat* at each call."""
    return partial(_SHIMS[shape], seat)


def _open(seat: Seat, *call: Any) -> Scope | None:
    # Read once: uninstrumenting in another thread may clear it between two looks.
    opener = seat.open
    return None if opener is None else opener(Call(*call))


def _call(seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    scope = _open(seat, instance, args, kwargs)
    if scope is None:
        return wrapped(*args, **kwargs)
    scope.begin()
    token = scope.enter()
    try:
        result = wrapped(*args, **kwargs)
    except BaseException as error:
        scope.leave(token)
        scope.fail(error)
        raise
    scope.leave(token)
    scope.succeed(result)
    return result


def _async_call(seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    scope = _open(seat, instance, args, kwargs)
    if scope is None:
        return wrapped(*args, **kwargs)
    awaitable = wrapped(*args, **kwargs)
    if not isawaitable(awaitable):
        return awaitable
    return _named(_drive_call(scope, _Pending(awaitable)), wrapped)


def _stream(seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    stream = wrapped(*args, **kwargs)
    scope = _open(seat, instance, args, kwargs)
    if scope is None or not isgenerator(stream):
        return stream if scope is None else _unfollowed(stream, wrapped)
    return _watched(scope, _named(_drive_stream(scope, stream), wrapped))


def _async_stream(seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    scope = _open(seat, instance, args, kwargs)
    result = wrapped(*args, **kwargs)
    if scope is None:
        return result
    if isasyncgen(result):
        return _watched(scope, _named(_drive_async_stream(scope, result), wrapped))
    if isawaitable(result):
        return _named(_drive_awaited_stream(scope, _Pending(result)), wrapped)
    return _unfollowed(result, wrapped)


_SHIMS: dict[Shape, Callable[..., Any]] = {
    Shape.CALL: _call,
    Shape.ASYNC_CALL: _async_call,
    Shape.STREAM: _stream,
    Shape.ASYNC_STREAM: _async_stream,
}


def _named(running: Any, wrapped: Any) -> Any:
    # asyncio shows these names for tasks, and Python for coroutines that nobody awaited.
    running.__name__ = wrapped.__name__
    running.__qualname__ = wrapped.__qualname__
    return running


def _unfollowed(stream: Any, wrapped: Any) -> Any:
    warn_once(
        f"stream of {wrapped.__qualname__}",
        "%s gives a %s, which cannot be followed, so these streams are not traced. "
        "A newer opentelemetry-instrumentation-gemini may know how.",
        wrapped.__qualname__,
        type(stream).__qualname__,
    )
    return stream


def _watched(scope: Scope, stream: Any) -> Any:
    # A generator that is dropped before its first read, or after its event loop was closed, runs
    # no code of its own; nor does one that is still open when the process ends.
    weakref.finalize(stream, scope.stop)
    return stream


class _Pending:
    """The SDK's coroutine until it is awaited.

    It is made at the call, where wrong arguments must be refused. If nobody awaits ours, Python
    warns once about ours, and not a second time about this one.
    """

    __slots__ = ("_awaitable",)

    def __init__(self, awaitable: Any) -> None:
        self._awaitable: Any = awaitable

    def take(self) -> Any:
        """Return the coroutine, to be awaited now."""
        awaitable, self._awaitable = self._awaitable, None
        return awaitable

    def __del__(self) -> None:
        close = getattr(self._awaitable, "close", None)
        if close is not None:
            close()


async def _drive_call(scope: Scope, pending: _Pending) -> Any:
    scope.begin()
    result = await _stretch_async(scope, pending.take)
    scope.succeed(result)
    return result


def _drive_stream(scope: Scope, stream: Any) -> Generator[Any, Any, Any]:
    scope.begin()
    resume: Callable[[], Any] = stream.__next__
    while True:
        try:
            chunk = _stretch(scope, resume)
        except StopIteration as end:
            scope.finish()
            return end.value
        scope.chunk(chunk)
        try:
            sent = yield chunk
        except GeneratorExit:
            _stretch(scope, stream.close)
            scope.stop()
            raise
        except BaseException as error:
            resume = partial(stream.throw, error)
        else:
            resume = stream.__next__ if sent is None else partial(stream.send, sent)


async def _drive_async_stream(
    scope: Scope, stream: Any, *, begun: bool = False
) -> AsyncGenerator[Any, Any]:
    if not begun:
        scope.begin()
    resume: Callable[[], Any] = stream.__anext__
    while True:
        try:
            chunk = await _stretch_async(scope, resume)
        except StopAsyncIteration:
            scope.finish()
            return
        scope.chunk(chunk)
        try:
            sent = yield chunk
        except GeneratorExit:
            await _stretch_async(scope, stream.aclose)
            scope.stop()
            raise
        except BaseException as error:
            resume = partial(stream.athrow, error)
        else:
            resume = stream.__anext__ if sent is None else partial(stream.asend, sent)


async def _drive_awaited_stream(scope: Scope, pending: _Pending) -> Any:
    if scope.lazy:
        stream = await pending.take()
        begun = False
    else:
        scope.begin()
        stream = await _stretch_async(scope, pending.take)
        begun = True
    if not isasyncgen(stream):
        scope.stop()
        return _unfollowed(stream, stream.__class__)
    return _watched(scope, _named(_drive_async_stream(scope, stream, begun=begun), stream))


def _stretch(scope: Scope, work: Callable[[], Any]) -> Any:
    """Do one stretch of the SDK's work; an exception that is no end of a stream ends the scope."""
    token = scope.enter()
    try:
        result = work()
    except StopIteration:
        scope.leave(token)
        raise
    except BaseException as error:
        scope.leave(token)
        scope.fail(error)
        raise
    scope.leave(token)
    return result


async def _stretch_async(scope: Scope, work: Callable[[], Any]) -> Any:
    """Do one stretch of the SDK's work; an exception that is no end of a stream ends the scope."""
    token = scope.enter()
    try:
        result = await work()
    except StopAsyncIteration:
        scope.leave(token, elsewhere=True)
        raise
    except BaseException as error:
        scope.leave(token, elsewhere=True)
        scope.fail(error)
        raise
    scope.leave(token, elsewhere=True)
    return result
