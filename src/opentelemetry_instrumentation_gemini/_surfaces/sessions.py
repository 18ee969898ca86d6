"""What sessions over a socket have in common: how they are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from opentelemetry_instrumentation_gemini._facts.calls import Call, Failure, Value
from opentelemetry_instrumentation_gemini._facts.sessions import Act, Loss, Stage


class Conversation(Act, Protocol):
    """Reads a session, and is the act that stands for the session itself."""

    def start(self, stage: Stage, /, *, capture: bool) -> None:
        """Begin to show what happens; told whether content is wanted."""

    def opened(self, session: Any, /) -> str | None:
        """Read the SDK's session, now that it is open; return its id, if the service gave one."""
        ...

    def sent(self, method: str, subject: Any, at: float, /) -> None:
        """Read what was sent: the call of a *method*, or what a private one made of it."""

    def received(self, message: Any, at: float, waited: float, /) -> None:
        """Read a message, for which the program has *waited* so many seconds."""

    def refused(self, failure: Failure, at: float, /) -> None:
        """Take an error that the service sent in place of a message."""

    def left(self, at: float, /) -> None:
        """End every act, since the program leaves."""

    def lost(self, loss: Loss, at: float, /) -> None:
        """End every act, since the connection is gone."""


@dataclass(frozen=True, slots=True)
class SessionSurface:
    """How one kind of session is read.

    Attributes:
        conversation: Makes the reader of a session, from the call that opens it.
        failure: What may be said about an exception, given whether content may leave.
        setback: What an exception from sending or receiving means: the connection is gone, or the
            answer under way is refused, or nothing. What it says is the service's, no content.
        config: The config's further fields by their path: those that quote content, or the rest.
        applies: Whether a call opens a session at all.
        arrived: The message in the result of waiting for one, given the SDK's session too.
    """

    conversation: Callable[[Call], Conversation]
    failure: Callable[[BaseException, bool], Failure]
    setback: Callable[[Exception], Loss | Failure | None]
    config: Callable[[Call, bool], Mapping[str, Value]] | None = None
    applies: Callable[[Call], bool] = lambda _call: True
    arrived: Callable[[Any, Any], Any] = lambda _opened, result: result
