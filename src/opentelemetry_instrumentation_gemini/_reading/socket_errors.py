"""Exceptions of a session over a WebSocket: what closed it, and what that says."""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Failure
from opentelemetry_instrumentation_gemini._facts.sessions import Loss

from .errors import api_status, read_failure
from .fields import field

_NORMAL_CLOSURE = 1000
_ABNORMAL_CLOSURE = 1006


def read_socket_failure(error: BaseException, content: bool) -> Failure:
    """Return what may be said about *error*, by close code or HTTP status where there is one."""
    failure = read_failure(error, content=content)
    code = _close_code(error)
    if code is None and _is_websockets(error):
        # The handshake was answered, but not with a connection.
        code = field(field(error, "response"), "status_code")
    return failure if code is None else failure._replace(error_type=str(code))


def read_setback(error: Exception) -> Loss | Failure | None:
    """Return what an exception from sending or receiving means for the session.

    That is a loss if the connection is gone, and a failure if the service refuses to answer. What
    the SDK itself refuses, to send or to read, changes nothing.
    """
    code = _close_code(error)
    if code is not None:
        failure = read_socket_failure(error, content=False)
        return Loss(code, failure, is_normal=code == _NORMAL_CLOSURE)
    return read_socket_failure(error, content=False) if api_status(error) is not None else None


def read_connection_failure(error: BaseException, content: bool) -> Failure:
    """Return what may be said about *error* of a live interaction, which tells its codes itself."""
    failure = read_failure(error, content=content)
    code = field(error, "close_code") or field(error, "http_status")
    return failure if code is None else failure._replace(error_type=str(code))


def read_connection_setback(error: Exception) -> Loss | None:
    """Return the loss of a live interaction's connection; nothing else is one."""
    if type(error).__name__ != "APIWebSocketError":
        return None
    return Loss(field(error, "close_code"), read_connection_failure(error, content=False))


def _close_code(error: BaseException) -> int | None:
    """Return the code with which a connection was closed, if *error* comes of that."""
    for cause in (error, error.__cause__, error.__context__):
        if cause is not None and _is_websockets(cause) and hasattr(cause, "rcvd"):
            received: Any = field(cause, "rcvd")
            code = _ABNORMAL_CLOSURE if received is None else int(received.code)
            # A program that handles the loss of one session may be opening another by now.
            if cause is error or api_status(error) == code:
                return code
    return None


def _is_websockets(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] == "websockets"
