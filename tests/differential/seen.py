"""What one run shows from outside the plugin, and how it is watched; needs no SDK."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from opentelemetry import trace


@dataclass
class Seen:
    """Everything that can be seen of one run from outside the plugin; two runs can be compared."""

    notes: list[Any]
    """Results, exceptions and spans that were current, in order."""
    log: list[Any]
    """Tools, generators and requests, in order."""
    after: Any = None
    """The program's own objects and its results, as they are in the end."""
    replaced: Any = None
    """Where the program's objects hold another object than before."""
    requests: list[Any] = field(default_factory=list)
    complaints: list[Any] = field(default_factory=list)
    """Warnings, log lines from WARNING on, and unraisable exceptions."""
    records: list[Any] = field(default_factory=list)
    """Every log record of the SDK."""
    left_current: bool = False
    """Whether another context was current afterwards than before."""


def without_chance(complaints: list[Any]) -> list[Any]:
    """Returns complaints without those of a loop that closes what the program left open.

    A stream that the program kept consists of several generators, which asyncio closes at once:
    whether one of them is closed from two sides depends on where they lie in memory.
    """
    return [told for told in complaints if not told[-1].startswith(_CLOSING)]


_CLOSING = "an error occurred during closing of asynchronous generator"


@contextmanager
def as_caller() -> Iterator[None]:
    """A span of the user's own, whose ids are the same in every run."""
    span = trace.NonRecordingSpan(trace.SpanContext(7, 7, is_remote=False, trace_flags=_SAMPLED))
    with trace.use_span(span):
        yield


_SAMPLED = trace.TraceFlags(trace.TraceFlags.SAMPLED)


@contextmanager
def records_of(name: str, into: list[Any]) -> Iterator[None]:
    """Collect every log record of the logger of this name."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            into.append((record.name, record.levelname, record.getMessage()))

    logger = logging.getLogger(name)
    handler, level = Handler(), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
