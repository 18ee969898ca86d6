"""One module for each part of the SDK's surface: arguments and answers as facts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from opentelemetry_instrumentation_gemini._facts.calls import (
    Answer,
    Call,
    Failure,
    Parameters,
    Request,
)
from opentelemetry_instrumentation_gemini._facts.messages import Inputs, Message
from opentelemetry_instrumentation_gemini._reading.errors import read_failure


class Reader(Protocol):
    """Reads an answer: a call's one result, or a stream's chunks as they come."""

    def add(self, response: Any, /) -> None:
        """Read one result or chunk."""

    def answer(self, complete: bool, /) -> Answer:
        """Return what was answered, without its content; told whether the answer came whole."""
        ...

    def messages(self) -> Sequence[Message]:
        """Return the content that was answered so far."""
        ...


def _failure(error: BaseException, content: bool) -> Failure:
    return read_failure(error, content=content)


@dataclass(frozen=True, slots=True)
class Surface:
    """How one kind of SDK call is read.

    Attributes:
        request: What identifies the call; told whether it streams.
        parameters: The generation parameters; asked for only if the span is recorded.
        inputs: The content sent; asked for only if it will be written.
        reader: A fresh reader for the answer, given whether its content is wanted.
        failure: What may be said about an exception, given whether content may leave.
    """

    request: Callable[[Call, bool], Request]
    parameters: Callable[[Call], Parameters]
    inputs: Callable[[Call], Inputs]
    reader: Callable[[bool], Reader]
    failure: Callable[[BaseException, bool], Failure] = _failure


def load_surface(name: str) -> Surface:
    """Return the surface in the module *name* of this package."""
    surface: Surface = import_module(f".{name}", __name__).SURFACE
    return surface
