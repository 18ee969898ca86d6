"""What a hook is."""

from enum import Enum
from typing import NamedTuple


class Shape(Enum):
    """How a method gives its result."""

    CALL = "call"
    ASYNC_CALL = "async call"
    STREAM = "stream"
    ASYNC_STREAM = "async stream"
    EITHER = "call or stream object"
    ASYNC_EITHER = "async call or stream object"
    ASYNC_MANAGER = "async context manager"

    @property
    def streams(self) -> bool:
        """Whether the result always comes in chunks."""
        return self in {Shape.STREAM, Shape.ASYNC_STREAM}


class Hook(NamedTuple):
    """One hooked method.

    Attributes:
        module: The module that holds it; the hook goes on when the application imports it.
        owner: The class that holds it, or `None` for a function of the module.
        names: Its names in order of preference, since the best layer differs between versions.
        shape: How it gives its result.
        surface: The module of `_surfaces` that reads it.
        since: The first release of its SDK that has one of the names.
        essential: Whether calls go untraced without it.
        reads: Whether it only looks at what is there; such calls are not traced unless asked for.
        decorated: Whether the SDK's own decorator stays on top: it warns, and its warning has to
            name the file of the SDK's caller.
    """

    module: str
    owner: str | None
    names: tuple[str, ...]
    shape: Shape
    surface: str
    since: str
    essential: bool = True
    reads: bool = False
    decorated: bool = False

    def __str__(self) -> str:
        """Return the dotted name of the preferred target."""
        return ".".join(part for part in (self.module, self.owner, self.names[0]) if part)


def both(
    module: str,
    owner: str,
    names: str | tuple[str, ...],
    surface: str,
    since: str,
    **traits: bool,
) -> tuple[Hook, Hook]:
    """Return the hooks of a plain call and of its async twin; *traits* are further fields."""
    found = (names,) if isinstance(names, str) else names
    return (
        Hook(module, owner, found, Shape.CALL, surface, since, **traits),
        Hook(module, f"Async{owner}", found, Shape.ASYNC_CALL, surface, since, **traits),
    )
