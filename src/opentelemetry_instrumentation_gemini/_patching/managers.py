"""Async context managers that the SDK makes with `asynccontextmanager`, and what it puts on top.

The SDK warns on behalf of its caller, and counts the frames up to there. So no frame of ours may
come in between: the manager stays the SDK's own object and enters its generator where
`contextlib` would, and decorators on top of a hooked method stay on top.
"""

from collections.abc import Callable
from contextlib import _AsyncGeneratorContextManager  # pyright: ignore[reportPrivateUsage]
from inspect import isasyncgenfunction
from types import CellType, FunctionType, TracebackType
from typing import Any

from .driving import Scope, watched


class _WatchedManager(_AsyncGeneratorContextManager[Any]):
    """The SDK's manager, watched by a scope."""

    scope: Scope

    async def __aenter__(self) -> Any:
        # As in contextlib: nobody needs the arguments any more.
        del self.args, self.kwds, self.func
        scope = self.scope
        scope.begin()
        token = scope.enter()
        try:
            entered = await anext(self.gen)
        except StopAsyncIteration as error:
            scope.leave(token, elsewhere=True)
            scope.fail(error)
            raise RuntimeError("generator didn't yield") from None
        except BaseException as error:
            scope.leave(token, elsewhere=True)
            scope.fail(error)
            raise
        scope.leave(token, elsewhere=True)
        scope.chunk(entered)
        return entered

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        scope = self.scope
        token = scope.enter()
        try:
            suppressed = await super().__aexit__(kind, error, traceback)
        except BaseException as raised:
            scope.leave(token, elsewhere=True)
            scope.fail(raised)
            raise
        scope.leave(token, elsewhere=True)
        scope.finish()
        return suppressed

    def _recreate_cm(self) -> Any:
        # Used as a decorator it makes a new manager for each call, which nobody watches.
        return _AsyncGeneratorContextManager(self.func, self.args, self.kwds)


_WatchedManager.__name__ = _AsyncGeneratorContextManager.__name__
_WatchedManager.__qualname__ = _AsyncGeneratorContextManager.__qualname__
_WatchedManager.__module__ = _AsyncGeneratorContextManager.__module__


def watch_manager(scope: Scope, manager: Any) -> bool:
    """Have *scope* watch the SDK's *manager*; return whether it is one that can be watched."""
    kind: type = type(manager)
    if kind is not _AsyncGeneratorContextManager:
        return False
    manager.__class__ = _WatchedManager
    manager.scope = scope
    watched(scope, manager)
    return True


def hook_beneath(function: Any, hook: Callable[[Any], Any]) -> Any:
    """Return *function* hooked below its decorators, or where it makes its manager."""
    inner = getattr(function, "__wrapped__", None)
    cells: Any = getattr(function, "__closure__", None) or ()
    hidden = [cell for cell in cells if cell.cell_contents is inner]
    if type(function) is not FunctionType or isasyncgenfunction(inner) or not hidden:
        return hook(function)
    hooked = hook_beneath(inner, hook)
    closure = tuple(CellType(hooked) if cell in hidden else cell for cell in cells)
    again = FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, closure
    )
    for name in ("__annotations__", "__doc__", "__kwdefaults__", "__module__", "__qualname__"):
        setattr(again, name, getattr(function, name))
    vars(again).update(vars(function), __wrapped__=hooked)
    return again
