"""Doing the SDK's work inside a scope: calls, coroutines and generators, a stretch at a time.

A scope is entered around each stretch of the SDK's own work and left before the caller goes on.
"""

import weakref
from collections.abc import AsyncGenerator, Callable, Generator
from functools import partial
from typing import Any, Protocol


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


def named(running: Any, wrapped: Any) -> Any:
    """Return *running* under the name of the SDK's own function or generator."""
    # asyncio shows these names for tasks, and Python for coroutines that nobody awaited.
    running.__name__ = wrapped.__name__
    running.__qualname__ = wrapped.__qualname__
    return running


def watched(scope: Scope, stream: Any) -> Any:
    """Return *stream*, whose scope stops at the latest when the stream is gone."""
    # A generator that is dropped before its first read, or after its event loop was closed, runs
    # no code of its own; nor does one that is still open when the process ends.
    weakref.finalize(stream, scope.stop)
    return stream


class Pending:
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


async def drive_call(
    scope: Scope, pending: Pending, settle: Callable[[Scope, Any], None] | None = None
) -> Any:
    """Await the SDK's coroutine; *settle* decides what becomes of the scope, or it ends."""
    scope.begin()
    result = await stretch_async(scope, pending.take)
    if settle is None:
        scope.succeed(result)
    else:
        settle(scope, result)
    return result


def drive_stream(scope: Scope, stream: Any, *, begun: bool = False) -> Generator[Any, Any, Any]:
    """Read the SDK's generator for its reader, whatever the reader does with it."""
    if not begun:
        scope.begin()
    resume: Callable[[], Any] = stream.__next__
    while True:
        # Taken out first: what was thrown in would otherwise keep itself alive, by its traceback.
        work, resume = resume, stream.__next__
        try:
            # In a list, to leave it empty: Python 3.10 keeps with the exception that closes a
            # stream whatever this frame holds.
            chunks = [stretch(scope, work)]
        except StopIteration as end:
            scope.finish()
            return end.value
        finally:
            del work
        scope.chunk(chunks[0])
        try:
            sent = yield chunks.pop()
        except GeneratorExit:
            stretch(scope, stream.close)
            scope.stop()
            raise
        except BaseException as error:
            resume = partial(stream.throw, error)
        else:
            if sent is not None:
                resume = partial(stream.send, sent)


async def drive_async_stream(
    scope: Scope, stream: Any, *, begun: bool = False
) -> AsyncGenerator[Any, Any]:
    """Read the SDK's asynchronous generator for its reader."""
    if not begun:
        scope.begin()
    resume: Callable[[], Any] = stream.__anext__
    while True:
        work, resume = resume, stream.__anext__
        try:
            chunks = [await stretch_async(scope, work)]
        except StopAsyncIteration:
            scope.finish()
            return
        finally:
            del work
        scope.chunk(chunks[0])
        try:
            sent = yield chunks.pop()
        except GeneratorExit:
            await stretch_async(scope, stream.aclose)
            scope.stop()
            raise
        except BaseException as error:
            resume = partial(stream.athrow, error)
        else:
            if sent is not None:
                resume = partial(stream.asend, sent)


def stretch(scope: Scope, work: Callable[[], Any]) -> Any:
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
    finally:
        del work
    scope.leave(token)
    return result


async def stretch_async(scope: Scope, work: Callable[[], Any]) -> Any:
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
    finally:
        del work
    scope.leave(token, elsewhere=True)
    return result
