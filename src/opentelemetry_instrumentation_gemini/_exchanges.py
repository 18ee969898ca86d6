"""What passes over a session's socket: scopes that only look.

Nothing is current meanwhile: the tasks that send and receive are the program's.
"""

import weakref
from time import perf_counter
from typing import Any

from ._facts.calls import Call
from ._scopes import Inert
from ._session import Session, session_of


class _Exchange(Inert):
    """The scope around one message."""

    lazy = False

    def __init__(self, session: Session) -> None:
        self._session = session
        self._began = 0.0

    def begin(self) -> None:
        """Keep the time."""
        self._began = perf_counter()

    def fail(self, error: BaseException) -> None:
        """Tell the session."""
        self._session.missed(error)


class _Receiving(_Exchange):
    """The scope around waiting for a message.

    Args:
        session: The session.
        opened: The SDK's own.
    """

    def __init__(self, session: Session, opened: Any) -> None:
        super().__init__(session)
        self._opened = opened

    def succeed(self, result: Any) -> None:
        """Hand the message over."""
        self._session.received(self._opened, result, self._began)


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
    return None if session is None else _Receiving(session, call.instance)


def sending(method: str, composes: bool, call: Call) -> _Exchange | None:
    """Open a scope for a session's *method* that sends, or only *composes* what is sent."""
    session = session_of(call.instance)
    return None if session is None else _Sending(session, method, None if composes else call)


class _Opening:
    """The scope around a call that opens a session, which is not left again in the same call."""

    lazy = False

    def __init__(self, session: Session) -> None:
        self._session = session
        self.begin = session.begin
        self.enter = session.enter
        self.leave = session.leave
        self.fail = session.fail
        self.stop = session.stop
        self.finish = session.finish

    def chunk(self, _chunk: Any) -> None:
        """Do nothing."""

    def succeed(self, opened: Any) -> None:
        """Follow what was opened until it is left, or gone."""
        self._session.chunk(opened)
        weakref.finalize(opened, self._session.stop)


def opening(session: Session) -> _Opening:
    """Return a scope for a call that opens *session*."""
    return _Opening(session)


class _Leaving(_Exchange):
    """The scope around a call that leaves a session; however it ends, that is no error."""

    def begin(self) -> None:
        """End what is under way."""
        self._session.leave_off()

    def succeed(self, _result: Any) -> None:
        """End the session."""
        self._session.stop()

    def fail(self, error: BaseException) -> None:
        """End the session."""
        self._session.stop()


def leaving(call: Call) -> _Exchange | None:
    """Open a scope for a call that leaves a session."""
    session = session_of(call.instance)
    return None if session is None else _Leaving(session)


def closing(call: Call) -> None:
    """Take note that the program closes its session."""
    session = session_of(call.instance)
    if session is not None:
        session.leave_off()
