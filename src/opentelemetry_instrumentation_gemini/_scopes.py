"""The scope that changes nothing, for those that only look at a call or show it something."""

from typing import Any


class Inert:
    """A scope around a call of which nothing is seen; each kind adds what it is for."""

    __slots__ = ()

    def begin(self) -> None:
        """Do nothing."""

    def enter(self) -> Any:
        """Do nothing."""

    def leave(self, token: Any, /, *, elsewhere: bool = False) -> None:
        """Do nothing."""

    def chunk(self, chunk: Any, /) -> None:
        """Do nothing."""

    def succeed(self, result: Any, /) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    def fail(self, error: BaseException, /) -> None:
        """Do nothing."""
