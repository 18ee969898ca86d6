"""What passes over a session's socket: scopes that only look.

Nothing is current meanwhile: the tasks that send and receive are the program's.
"""

from time import perf_counter
from typing import Any

from ._facts.calls import Call
from ._session import Session, session_of


class _Exchange:
    """The scope around one message."""

    lazy = False

    def __init__(self, session: Session) -> None:
        self._session = session
        self._began = 0.0

    def begin(self) -> None:
        """Keep the time."""
        self._began = perf_counter()

    def enter(self) -> None:
        """Do nothing."""

    def leave(self, _token: None, *, elsewhere: bool = False) -> None:
        """Do nothing."""

    def chunk(self, _chunk: Any) -> None:
        """Do nothing."""

    def succeed(self, _result: Any) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    def fail(self, error: BaseException) -> None:
        """Tell the session."""
        self._session.missed(error)


class _Receiving(_Exchange):
    """The scope around waiting for a message."""

    def succeed(self, result: Any) -> None:
        """Hand the message over."""
        self._session.received(result, self._began)


class _Sending(_Exchange):
    """The scope around sending a message, or around putting one together.

    Args:
        session: The session.
        method: The name of the method that sends.
        call: Its call, or `None` where its result says what is sent.
    """

    def __init__(self, session: Session, method: str, call: Call | None) -> None:
        super().__init__(session)
        self._method = method
        self._call = call

    def succeed(self, result: Any) -> None:
        """Hand over what was sent; what the SDK refused to send never gets here."""
        subject = result if self._call is None else self._call
        self._session.sent(self._method, subject, self._began)


def receiving(call: Call) -> _Exchange | None:
    """Open a scope for a session's wait for a message."""
    session = session_of(call.instance)
    return None if session is None else _Receiving(session)


def sending(method: str, call: Call) -> _Exchange | None:
    """Open a scope for a session's *method* that sends."""
    session = session_of(call.instance)
    if session is None:
        return None
    # A private method is hooked where the public one warns, naming the caller's file.
    return _Sending(session, method, None if method.startswith("_") else call)


def closing(call: Call) -> None:
    """Take note that the program closes its session."""
    session = session_of(call.instance)
    if session is not None:
        session.leave_off()
