"""HTTP requests that the SDK sends again or goes on with: scopes that only look.

What they note stands in the round around the request, where the operation finds it at its end.
"""

import sys
from time import perf_counter, time_ns
from typing import Any

from opentelemetry.context import get_current

from ._facts.attempts import Failed, Resend
from ._facts.calls import Call
from ._guard import attempt
from ._loop import Round, place_of
from ._reading.attempts import read_cause
from ._reading.interaction_answer import InteractionReader
from ._scopes import Inert
from ._surfaces.arguments import argument


class _Look(Inert):
    """Looks at what is sent in a round."""

    __slots__ = ("_call", "_round")

    lazy = False

    def __init__(self, inside: Round, call: Call) -> None:
        self._round = inside
        self._call = call


class _Attempt(_Look):
    """One attempt of the SDK's own client."""

    __slots__ = ()

    def begin(self) -> None:
        """Note it if the last attempt of the same request failed."""
        inside = self._round
        failed, inside.failed = inside.failed, None
        if failed is None or failed.request is not self._request():
            # Below the continuation layer each request is one hop of a round trip.
            inside.requests += 1
            inside.attempt = 1
            return
        inside.attempt += 1
        wait = perf_counter() - failed.at
        inside.resends.append(Resend(time_ns(), inside.attempt, failed.cause, wait))

    def fail(self, error: BaseException) -> None:
        """Keep why it failed, since another may follow."""
        at = perf_counter()
        cause = attempt("reading a failed attempt", read_cause, error)
        if cause is not None:
            self._round.failed = Failed(self._request(), cause, at)

    def _request(self) -> Any:
        return argument(self._call, "http_request", 0)


class _Waiting(_Look):
    """The generated client's decision to wait: it tells the seconds, and then sleeps."""

    __slots__ = ()

    def succeed(self, result: Any) -> None:
        """Note the attempt that follows the wait."""
        attempt("reading a wait", self._note, result)

    def _note(self, seconds: float) -> None:
        cause = read_cause(argument(self._call, "exception", 0))
        number = argument(self._call, "retries", 4) + 2
        begins = time_ns() + int(seconds * 1e9)
        self._round.resends.append(Resend(begins, number, cause, float(seconds)))


class _Continuing(_Look):
    """One of the requests that the SDK makes of an interaction until its answer is whole."""

    __slots__ = ()

    def succeed(self, result: Any) -> None:
        """Hand it to what reads the whole."""
        reader = self._round.reader
        if isinstance(reader, InteractionReader):
            attempt("reading a hop", reader.add_hop, result)


class _Sleeping(_Look):
    """The wait of the generated client of older SDKs."""

    __slots__ = ("_began", "_cause")

    def begin(self) -> None:
        """Keep the time, and why it waits."""
        self._began = perf_counter()
        self._cause = attempt(
            "reading a failed attempt",
            read_cause,
            sys.exc_info()[1],
            self._call.kwargs.get("response"),
        )

    def succeed(self, _result: Any) -> None:
        """Note the attempt that follows now."""
        wait = perf_counter() - self._began
        taken = self._call.kwargs.get("retries_taken")
        if self._cause is not None and isinstance(taken, int):
            self._round.resends.append(Resend(time_ns(), taken + 2, self._cause, wait))


def beginning(call: Call) -> _Attempt | None:
    """Open a scope for one attempt of the SDK's own client."""
    inside = place_of(get_current()).round
    return None if inside is None else _Attempt(inside, call)


def waiting(call: Call) -> _Waiting | None:
    """Open a scope for the generated client's decision to wait."""
    inside = place_of(get_current()).round
    return None if inside is None else _Waiting(inside, call)


def continuing(call: Call) -> _Continuing | None:
    """Open a scope for one request of an interaction."""
    inside = place_of(get_current()).round
    return None if inside is None else _Continuing(inside, call)


def sleeping(call: Call) -> _Sleeping | None:
    """Open a scope for the wait of the generated client of older SDKs."""
    inside = place_of(get_current()).round
    return None if inside is None else _Sleeping(inside, call)


def reconnecting(_call: Call) -> None:
    """Note the attempt that the SDK makes by itself on aiohttp after a lost connection.

    It does so below every method, after a wait of its own; what it calls in between is hooked.
    """
    inside = place_of(get_current()).round
    error = sys.exc_info()[1]
    if inside is None or error is None:
        return
    cause = attempt("reading a failed attempt", read_cause, error)
    if cause is not None:
        inside.attempt += 1
        inside.resends.append(Resend(time_ns(), inside.attempt, cause))
