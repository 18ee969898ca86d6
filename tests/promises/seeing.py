"""What a program can see of a call, in a form that two runs can be compared by."""

from __future__ import annotations

import asyncio
import gc
import logging
import re
import sys
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePath
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from opentelemetry import trace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

OURS = "opentelemetry_instrumentation_gemini"
THE_SDKS_OWN = ("DeprecationWarning", "ResourceWarning")
"""It derives from a class that discourages it, and leaves connections to its destructor."""

_PASSING = re.compile(r"0x[0-9a-fA-F]+|\b\d{4,}\b|/s/\d+")
"""Addresses, ports and the fake's paths, which differ between any two runs."""


@dataclass
class Seen:
    """Everything that one run showed to its program."""

    chunks: list[Any] = field(default_factory=list)
    current: list[bool] = field(default_factory=list)
    """At each look whether the caller's own span was the current one."""
    notes: list[Any] = field(default_factory=list)
    error: Any = None
    requests: list[Any] = field(default_factory=list)
    asked: Any = None
    """What the program asked with, as it is afterwards."""
    untouched: bool | None = None
    """Whether that is, object by object, what it was before."""
    history: Any = None
    complaints: list[Any] = field(default_factory=list)
    """Warnings, log lines and unraisable exceptions."""
    caller: Any = field(default=None, compare=False, repr=False)

    def look(self) -> None:
        """Note whose span is current."""
        self.current.append(trace.get_current_span() is self.caller)

    def chunk(self, chunk: Any) -> Any:
        """Note a result or a chunk, and whose span is current."""
        self.look()
        self.chunks.append(dumped(chunk))
        return chunk

    def note(self, value: Any) -> Any:
        """Note anything else that the program can see."""
        self.look()
        self.notes.append(value)
        return value


def dumped(value: Any) -> Any:
    """Returns a response as data, without the moment at which it was sent."""
    if not hasattr(value, "model_dump"):
        return repr(value)
    data = value.model_dump()
    raw = data.get("sdk_http_response") or {}
    for name in [name for name in raw.get("headers") or () if name.lower() == "date"]:
        del raw["headers"][name]
    return type(value).__qualname__, data


def described(error: BaseException | None, told: dict[int, int] | None = None) -> Any:
    """Returns an exception's type, text, arguments, frames and whatever it is chained to.

    Some of the SDK's are chained in a circle: what was *told* of before is named by its number.
    """
    if error is None:
        return None
    told = {} if told is None else told
    if id(error) in told:
        return "again", told[id(error)]
    told[id(error)] = len(told)
    # Where a recursion ends, and so what it says, depends on how deep it began.
    endless = isinstance(error, RecursionError)
    return {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "text": None if endless else _steady(str(error)),
        "args": None if endless else _steady(repr(error.args)),
        "notes": getattr(error, "__notes__", None),
        "frames": None if endless else frames(error.__traceback__),
        "cause": described(error.__cause__, told),
        "context": described(error.__context__, told),
        "suppressed": error.__suppress_context__,
    }


def frames(trace_back: TracebackType | None) -> list[tuple[str, str, int]]:
    """Returns the frames of a traceback without the plugin's own."""
    return [
        (PurePath(frame.f_code.co_filename).name, frame.f_code.co_qualname, line)
        if sys.version_info >= (3, 11)
        else (PurePath(frame.f_code.co_filename).name, frame.f_code.co_name, line)
        for frame, line in walk_tb(trace_back)
        if OURS not in frame.f_code.co_filename
    ]


def requests_of(handle: Any, since: int = 0) -> list[Any]:
    """Returns the requests that reached a handle, byte for byte."""
    return [
        (one.method, one.path, one.query, one.headers, one.body) for one in handle.requests[since:]
    ]


class _Complaints(logging.Handler):
    def __init__(self, into: list[Any]) -> None:
        super().__init__(logging.WARNING)
        self.into = into

    def emit(self, record: logging.LogRecord) -> None:
        self.into.append((record.name, record.levelname, _steady(record.getMessage())))


@contextmanager
def listening(into: list[Any]) -> Iterator[None]:
    """Collect warnings, log lines from WARNING on, and unraisable exceptions."""
    handler = _Complaints(into)
    unraisable = sys.unraisablehook
    sys.unraisablehook = lambda told: into.append(("unraisable", repr(told.exc_value)))
    logging.getLogger().addHandler(handler)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield
    finally:
        logging.getLogger().removeHandler(handler)
        sys.unraisablehook = unraisable
    into.extend((one.category.__name__, _steady(str(one.message))) for one in caught)


@contextmanager
def no_collections() -> Iterator[None]:
    """Leave it to reference counts to free things.

    A collection would warn in one program of what another one left, and hide what is kept alive.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def hear_loop(into: list[Any]) -> None:
    """Collect what the running event loop cannot give to anybody."""

    def told(_loop: Any, context: dict[str, Any]) -> None:
        into.append(("loop", context.get("message"), repr(context.get("exception"))))

    asyncio.get_running_loop().set_exception_handler(told)


def _steady(text: str) -> str:
    return _PASSING.sub("#", text)
