"""The one place that swallows the plugin's own faults.

The user's call always goes on. Each stage is guarded by itself, so that a fault while reading
the answer still lets the span end; each place reports its first fault and then is silent.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

_HOME = str(Path(__file__).parent)

_logger = logging.getLogger(__package__)
_reported: set[str] = set()


def attempt(stage: str, function: Callable[..., T], *args: Any) -> T | None:
    """Call *function*; return `None` if it fails.

    Args:
        stage: What the plugin was doing, for the one report of a fault here.
        function: The work.
        args: Its arguments.
    """
    try:
        return function(*args)
    except Exception as error:
        report(stage, error)
    except BaseException as error:
        # Rust extensions panic with an exception that no `except Exception` catches.
        if type(error).__name__ != "PanicException":
            raise
        report(stage, error)
    return None


def report(stage: str, error: BaseException) -> None:
    """Log a fault of the plugin, once for each stage.

    The text of *error* may quote the user's content, so only its type is written, and the place
    in the plugin's code for the bug report.
    """
    if stage in _reported:
        return
    _reported.add(stage)
    _logger.warning(
        "Gemini telemetry failed while %s (%s at %s); the call itself is not affected. "
        "Further faults of this kind are not logged.",
        stage,
        type(error).__qualname__,
        _origin(error),
    )


def warn_once(key: str, message: str, *args: object) -> None:
    """Log *message* at WARNING, once for each *key* in this process."""
    if key in _reported:
        return
    _reported.add(key)
    _logger.warning(message, *args)


def forget_reports() -> None:
    """Let everything be logged once more."""
    _reported.clear()


def _origin(error: BaseException) -> str:
    trace = error.__traceback__
    place = "unknown place"
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename.startswith(_HOME):
            place = f"{Path(code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
