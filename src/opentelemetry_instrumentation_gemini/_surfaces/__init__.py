"""One module for each part of the SDK's surface: arguments and answers as facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import Any, Protocol

from opentelemetry_instrumentation_gemini._facts.calls import (
    NO_ANSWER,
    NO_PARAMETERS,
    Answer,
    Call,
    Failure,
    Parameters,
    Request,
    Value,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.errors import read_failure

from .sessions import SessionSurface


class Role(Enum):
    """What part an operation plays in a larger story: a tool loop, or a job that runs for long."""

    LOOP = "loop"
    ROUND = "round"
    TOOL = "tool"
    POLL = "poll"
    OTHER = "other"


class Reader(Protocol):
    """Reads an answer: a call's one result, or a stream's chunks as they come."""

    def add(self, response: Any, /) -> None:
        """Read one result or chunk."""

    def answer(self, complete: bool, /) -> Answer:
        """Return what was answered, without its content; told whether the answer came whole."""
        ...

    def content(self) -> Content:
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
        content: The content sent; asked for only if it will be written.
        reader: A fresh reader for the answer, given whether its content is wanted.
        failure: What may be said about an exception, given whether content may leave.
        config: The config's further fields by their path: those that quote content, or the rest.
        counter: A reader for what metrics alone need, where no span is recorded.
        role: Its part in a tool loop.
        applies: Whether a call is an operation at all; looks at its arguments only.
        partial: What an exception carries of an answer that came before it.
        content_for_mlflow: Whether its content has a place in MLflow's attributes only.
        amend: What is told of an answer, where that depends on what was asked.
    """

    request: Callable[[Call, bool], Request]
    parameters: Callable[[Call], Parameters]
    content: Callable[[Call], Content]
    reader: Callable[[bool], Reader]
    failure: Callable[[BaseException, bool], Failure] = _failure
    config: Callable[[Call, bool], Mapping[str, Value]] | None = None
    counter: Callable[[], Reader] | None = None
    role: Role = Role.OTHER
    applies: Callable[[Call], bool] | None = None
    partial: Callable[[BaseException], Any] | None = None
    content_for_mlflow: bool = False
    amend: Callable[[Request, Answer], Answer] | None = None


def load_surface(name: str) -> Surface | SessionSurface:
    """Return the surface called *name*: a module of this package, `:` and its constant."""
    module, _, constant = name.partition(":")
    home = import_module(f".{module}", __name__)
    surface: Surface | SessionSurface = getattr(home, constant or "SURFACE")
    return surface


def no_parameters(_call: Call) -> Parameters:
    """Return nothing, for calls without generation parameters."""
    return NO_PARAMETERS


def no_content(_call: Call) -> Content:
    """Return nothing, for calls whose content the conventions do not record."""
    return {}


class _Nothing:
    """Reads nothing, where nobody would be told or a reader of its own could not be made."""

    __slots__ = ()

    def add(self, _response: Any, /) -> None:
        """Do nothing."""

    def answer(self, _complete: bool, /) -> Answer:
        """Return no answer."""
        return NO_ANSWER

    def content(self) -> Content:
        """Return no content."""
        return {}


NOTHING = _Nothing()
