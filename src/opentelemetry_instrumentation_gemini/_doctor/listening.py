"""What is logged meanwhile."""

import logging
from collections.abc import Generator
from contextlib import contextmanager


class _Ear(logging.Handler):
    def __init__(self, level: int, said: list[str]) -> None:
        super().__init__(level)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what *record* says."""
        self._said.append(record.getMessage())


@contextmanager
def heard(logger: logging.Logger, level: int) -> Generator[list[str], None, None]:
    """Give a list of what *logger* gets meanwhile, and let none of it through to stderr."""
    said: list[str] = []
    ears: list[logging.Handler] = [_Ear(level, said)]
    handlers, logger.handlers = logger.handlers, ears
    propagate, logger.propagate = logger.propagate, False
    try:
        yield said
    finally:
        logger.handlers, logger.propagate = handlers, propagate
