"""Streams of google-generativeai: responses that have read their first chunk already.

The response keeps the iterator that it draws the further chunks from; that one is replaced in
place, by what is still of its type.
"""

import weakref
from typing import Any

import wrapt

from .driving import Scope, stretch, stretch_async


def follow_response(scope: Scope, response: Any) -> bool:
    """Follow the chunks of *response*; return whether there are more to come."""
    if response._done:  # noqa: SLF001
        return False
    scope.chunk(response._chunks[0])  # noqa: SLF001
    if response._error is not None:  # noqa: SLF001
        # A blocked prompt: whoever reads on meets this error, and never the iterator.
        scope.finish()
        return True
    source = response._iterator  # noqa: SLF001
    followed = _Followed if hasattr(source, "__next__") else _AsyncFollowed
    response._iterator = followed(source, scope)  # noqa: SLF001
    return True


class _Base(wrapt.ObjectProxy):  # type: ignore[type-arg]  # pyright: ignore[reportMissingTypeArgument]
    """An iterator whose scope stops at the latest when it is gone."""

    def __init__(self, source: Any, scope: Scope) -> None:
        super().__init__(source)
        self._self_scope: Scope | None = scope
        self._self_stop = weakref.finalize(self, scope.stop)

    def _self_let_go(self) -> None:
        # The response lives on for as long as its chat, and what was read of it need not.
        self._self_scope = None
        self._self_stop.detach()


class _Followed(_Base):
    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        scope, read = self._self_scope, self.__wrapped__.__next__
        if scope is None:
            return read()
        try:
            chunk = stretch(scope, read)
        except StopIteration:
            scope.finish()
            self._self_let_go()
            raise
        except BaseException:
            self._self_let_go()
            raise
        scope.chunk(chunk)
        return chunk


class _AsyncFollowed(_Base):
    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> Any:
        scope, read = self._self_scope, self.__wrapped__.__anext__
        if scope is None:
            return await read()
        try:
            chunk = await stretch_async(scope, read)
        except StopAsyncIteration:
            scope.finish()
            self._self_let_go()
            raise
        except BaseException:
            self._self_let_go()
            raise
        scope.chunk(chunk)
        return chunk
