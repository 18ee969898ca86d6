"""Polls for long-running work: told when something has changed, and silent in between.

A program may look a thousand times before a video is done. Whether a look is worth a span is known
only afterwards, so the span is started then, with the earlier start.
"""

from contextvars import Token
from time import perf_counter
from typing import Any

from opentelemetry.context import Context, attach, get_current

from ._guard import attempt
from ._loop import Place, Round, at, leave, place_of
from ._operation import Operation
from ._reading.jobs import JOBS, Job, read_job
from ._scopes import Inert


class Poll(Inert):
    """A look at a job; becomes an operation if there is something to tell."""

    __slots__ = ("_began", "_context", "_operation", "lazy")

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._context: Context | None = None
        self._began = 0.0
        self.lazy = False

    def begin(self) -> None:
        """Keep when and where the look began."""
        current = get_current()
        self._context = at(Place(place_of(current).loop, Round()), current)
        self._began = perf_counter()

    def enter(self) -> Token[Context]:
        """Leave the caller's span current, and note what happens meanwhile."""
        return attach(self._context or get_current())

    def leave(self, token: Token[Context], *, elsewhere: bool = False) -> None:
        """Give the caller's context back."""
        leave(token, self._context, elsewhere=elsewhere)

    def succeed(self, result: Any) -> None:
        """Tell of a job that has changed since the last look."""
        job = attempt("reading a job", read_job, result) or Job(None, "unknown")
        changed, looks = JOBS.look(job)
        if changed:
            self._operation.begin(self._context, self._began)
            self._operation.add_detail("poll_count", looks)
            self._operation.succeed(result)

    def fail(self, error: BaseException) -> None:
        """Tell of a look that failed."""
        self._operation.begin(self._context, self._began)
        self._operation.fail(error)
