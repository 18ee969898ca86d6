"""Polls for long-running work: told when something has changed, and silent in between.

A program may look a thousand times before a video is done. Whether a look is worth a span is known
only afterwards, so the span is started then, with the earlier start.
"""

from time import perf_counter
from typing import Any

from opentelemetry.context import Context, get_current

from ._guard import attempt
from ._operation import Operation
from ._reading.jobs import JOBS, Job, read_job


class Poll:
    """A look at a job; becomes an operation if there is something to tell."""

    __slots__ = ("_began", "_operation", "_parent", "lazy")

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._parent: Context | None = None
        self._began = 0.0
        self.lazy = False

    def begin(self) -> None:
        """Keep when and where the look began."""
        self._parent = get_current()
        self._began = perf_counter()

    def enter(self) -> None:
        """Leave the caller's span current."""

    def leave(self, _token: None, *, elsewhere: bool = False) -> None:
        """Do nothing."""

    def chunk(self, _chunk: Any) -> None:
        """Do nothing: a job does not stream."""

    def succeed(self, result: Any) -> None:
        """Tell of a job that has changed since the last look."""
        job = attempt("reading a job", read_job, result) or Job(None, "unknown")
        changed, looks = JOBS.look(job)
        if changed:
            self._operation.begin(self._parent, self._began)
            self._operation.add_detail("poll_count", looks)
            self._operation.succeed(result)

    def finish(self) -> None:
        """Do nothing: a job does not stream."""

    def stop(self) -> None:
        """Do nothing: a job does not stream."""

    def fail(self, error: BaseException) -> None:
        """Tell of a look that failed."""
        self._operation.begin(self._parent, self._began)
        self._operation.fail(error)
