"""Whose telemetry a call belongs to: the process's, or that of one client.

None of the clients is kept alive.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from opentelemetry.context import get_current

from ._facts.calls import Call
from ._guard import attempt
from ._loop import place_of
from ._patching.table import Hook
from ._reading.clients import Marks, client_reader

if TYPE_CHECKING:
    from ._emit.telemetry import Telemetry

Find = Callable[[Call], "Telemetry | None"]
"""Finds where a call is reported, if anywhere."""


@dataclass(frozen=True, slots=True)
class Tracing:
    """How some clients are traced.

    Attributes:
        arguments: What was asked for.
        telemetry: Where their calls are reported, if it could be made.
    """

    arguments: Mapping[str, Any]
    telemetry: "Telemetry | None"


_clients: WeakKeyDictionary[Any, Tracing] = WeakKeyDictionary()


def any_client() -> bool:
    """Return whether a client is instrumented by itself, and still there."""
    return len(_clients) > 0


def add_client(
    marks: Marks, arguments: Mapping[str, Any], make: Callable[[], "Telemetry | None"]
) -> None:
    """Report the calls of the client with these *marks* as *arguments* say, from now on.

    Clients with the same arguments share what *make* makes.
    """
    alike = (one for one in list(_clients.values()) if one.arguments == arguments)
    tracing = next(alike, None) or Tracing(arguments, make())
    for mark in marks:
        attempt("keeping a client in mind", _clients.__setitem__, mark, tracing)


def remove_client(marks: Marks) -> None:
    """Report the calls of the client with these *marks* no longer."""
    for mark in marks:
        _clients.pop(mark, None)


def finder(hook: Hook, everyone: "Telemetry | None") -> Find:
    """Return what finds where the calls of a hooked method are reported.

    Args:
        hook: What is hooked.
        everyone: Where calls go whose client is not instrumented by itself.
    """
    if not any_client():
        return lambda _call: everyone
    reader = client_reader(hook.owner)
    if reader is None:
        return lambda _call: _of_the_loop(everyone)

    def find(call: Call) -> "Telemetry | None":
        mark = attempt("looking for a call's client", reader, call.instance)
        tracing = None if mark is None else attempt("looking for a client", _clients.get, mark)
        return everyone if tracing is None else tracing.telemetry

    return find


def _of_the_loop(everyone: "Telemetry | None") -> "Telemetry | None":
    """Return where the loop around this place is reported."""
    loop = place_of(get_current()).loop
    return everyone if loop is None else loop.telemetry
