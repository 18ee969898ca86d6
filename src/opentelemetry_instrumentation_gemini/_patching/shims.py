"""How a hooked call passes through: four shapes, and the only `await`s of the package.

A shim calls the SDK's method exactly once, with the caller's own objects, and gives back what it
gives: a generator for a generator, a coroutine for a coroutine, an exception unchanged. It knows
nothing of telemetry but a `Scope`, which it enters around each stretch of the SDK's work.
"""

import weakref
from collections.abc import AsyncGenerator, Callable, Generator
from functools import partial
from inspect import isasyncgen, iscoroutinefunction, isgenerator
from typing import Any, Protocol

from opentelemetry_instrumentation_gemini._facts.calls import Call

from .table import Shape

Shim = Callable[[Any, Any, tuple[Any, ...], dict[str, Any]], Any]
"""wrapt's calling convention: the original method, its instance, arguments, keywords."""


class Scope(Protocol):
    """What happens around a call. No method of it raises."""

    def enter(self) -> Any:
        """Begin a stretch of the SDK's work."""

    def leave(self, token: Any, /) -> None:
        """End the stretch that *token* came from."""

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
"""Opens a scope for a call, or declines."""


class Seat:
    """What a hook does at the moment: it stays in place, inert, while `open` is `None`."""

    __slots__ = ("open",)

    def __init__(self) -> None:
        self.open: Open | None = None


def make_shim(shape: Shape, seat: Seat) -> Shim:
    """Return the shim for methods of *shape* that asks *seat* at each call."""
    return partial(_SHIMS[shape], seat)


def _open(seat: Seat, call: Call) -> Scope | None:
    # Read once: uninstrumenting in another thread may clear it between two looks.
    opener = seat.open
    return None if opener is None else opener(call)


def _call(seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    scope = _open(seat, Call(instance, args, kwargs))
    if scope is None:
        return wrapped(*args, **kwargs)
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
    if seat.open is None:
        return wrapped(*args, **kwargs)
    return _named(_drive_call(seat, wrapped, Call(instance, args, kwargs)), wrapped)


def _stream(seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    stream = wrapped(*args, **kwargs)
    if seat.open is None or not isgenerator(stream):
        return stream
    return _named(_drive_stream(seat, Call(instance, args, kwargs), stream), wrapped)


def _async_stream(seat: Seat, wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    if seat.open is None:
        return wrapped(*args, **kwargs)
    call = Call(instance, args, kwargs)
    if iscoroutinefunction(wrapped):
        return _named(_drive_awaited_stream(seat, call, wrapped), wrapped)
    stream = wrapped(*args, **kwargs)
    return (
        _named(_drive_async_stream(seat, call, stream), wrapped) if isasyncgen(stream) else stream
    )


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


async def _drive_call(seat: Seat, wrapped: Any, call: Call) -> Any:
    scope = _open(seat, call)
    if scope is None:
        return await wrapped(*call.args, **call.kwargs)
    result = await _stretch_async(scope, partial(wrapped, *call.args, **call.kwargs))
    scope.succeed(result)
    return result


def _drive_stream(seat: Seat, call: Call, stream: Any) -> Generator[Any, Any, Any]:
    scope = _open(seat, call)
    if scope is None:
        return (yield from stream)
    del call
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
    seat: Seat, call: Call, stream: Any, scope: Scope | None = None
) -> AsyncGenerator[Any, Any]:
    scope = scope or _open(seat, call) or _IDLE
    del call
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


async def _drive_awaited_stream(seat: Seat, call: Call, wrapped: Any) -> Any:
    scope = _open(seat, call) or _IDLE
    stream = await _stretch_async(scope, partial(wrapped, *call.args, **call.kwargs))
    if not isasyncgen(stream):
        scope.finish()
        return stream
    driven = _named(_drive_async_stream(seat, call, stream, scope), wrapped)
    # A generator that is dropped before its first read runs no code of its own.
    weakref.finalize(driven, scope.stop)
    return driven


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
        scope.leave(token)
        raise
    except BaseException as error:
        scope.leave(token)
        scope.fail(error)
        raise
    scope.leave(token)
    return result


class _Idle:
    """The scope of a call that nobody watches."""

    __slots__ = ()

    def enter(self) -> None:
        pass

    def leave(self, token: Any, /) -> None:
        pass

    def chunk(self, chunk: Any, /) -> None:
        pass

    def succeed(self, result: Any, /) -> None:
        pass

    def finish(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def fail(self, error: BaseException, /) -> None:
        pass


_IDLE: Scope = _Idle()
