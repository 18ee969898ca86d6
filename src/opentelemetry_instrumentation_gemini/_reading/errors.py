"""Exceptions as facts: what may be said about a failure, and what may not."""

import re
from traceback import format_exception
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Failure

_TRANSPORT_MODULES = frozenset(
    {
        "aiohttp",
        "asyncio",
        "google",
        "httpcore",
        "httpcore2",
        "httpx",
        "httpx2",
        "requests",
        "socket",
        "ssl",
        "urllib3",
        "websockets",
    }
)

_CONNECTION_ERRORS = frozenset({"APIConnectionError", "APITimeoutError", "APIWebSocketError"})
"""How the Interactions API's client calls what its transport says."""

_FILE_ERRORS = (FileExistsError, FileNotFoundError, IsADirectoryError, NotADirectoryError)
"""What no network raises; their texts name the user's files."""

_SUCCESSES = range(200, 300)

_SECRETS = re.compile(
    r"AIza[0-9A-Za-z_\-]{30,}"  # API keys
    r"|ya29\.[0-9A-Za-z_\-.]+"  # OAuth access tokens
    r"|AQ\.[0-9A-Za-z_\-]{20,}"  # express-mode keys
    r"|auth_tokens/[0-9A-Za-z_\-]+"  # ephemeral tokens
    r"|(?i:(?<=bearer )[0-9a-z_\-.~+/]+=*)"
    r"|(?i:(?<=[?&]key=)[^&\s'\"]+)"
    r"|(?i:(?<=access_token=)[^&\s'\"]+)"
    r"|(?i:(?<=[?&-]signature=)[^&\s'\"]+)"  # of a signed address
    r"|(?<=://)[^/?#\s@'\"]+(?=@)"  # user and password in an address
    r"|(?i:(?<=header value b['\"]).*(?=['\"]))"  # a key that ends with a newline, refused by HTTP
    r"|(?i:(?<=header value: ['\"]).*(?=['\"]))"
)


def read_failure(error: BaseException, *, content: bool) -> Failure:
    """Return what telemetry may say about *error*.

    What the service or the network said is always kept, freed of credentials: nobody can mend an
    error they cannot read. Any other exception can quote the prompt or a tool's arguments (the
    SDK's own validation errors do), so without permission only its type is told.

    Args:
        error: The exception that ended the operation.
        content: Whether content may leave the process.
    """
    name = type_name(error)
    origin = error
    if type(error).__name__ == "ContinuationInterruptedError":
        # What broke off an answer between two hops: its text is all that this one adds to.
        origin = error.__cause__ or error
    code = api_status(origin)
    error_type = name if code is None else str(code)
    if not (content or code is not None or _is_transport(origin)):
        return Failure(error_type, name)
    return _describe(error_type, name, error, chain=content)


def read_tool_failure(error: BaseException, content: bool) -> Failure:
    """Return what may be said about a tool's own exception, which the SDK wraps and swallows.

    Whatever a tool says is content, and the wrapper's text also quotes the arguments: the wrapper
    is never told, and the tool's exception only with permission.
    """
    own = error
    if type(error).__name__ == "FunctionInvocationError":
        own = error.__cause__ or error.__context__ or error
    name = type_name(own)
    code = api_status(own)
    error_type = name if code is None else str(code)
    return _describe(error_type, name, own, chain=True) if content else Failure(error_type, name)


def _describe(error_type: str, name: str, error: BaseException, *, chain: bool) -> Failure:
    stacktrace = "".join(format_exception(type(error), error, error.__traceback__, chain=chain))
    return Failure(error_type, name, scrub(_message(error)), scrub(stacktrace))


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - a user's exception may not be printable
        return type_name(error)


def type_name(error: BaseException) -> str:
    """Return the qualified name of an exception's type; built-in ones go without a module."""
    kind = type(error)
    if kind.__module__ == "builtins":
        return kind.__qualname__
    return f"{kind.__module__}.{kind.__qualname__}"


def api_status(error: BaseException) -> int | None:
    """Return the code of an error that the service answered with, else `None`.

    It is the HTTP status, or where an error comes in the middle of a stream perhaps gRPC's.
    """
    if not type(error).__module__.startswith("google."):
        return None
    for attribute in ("code", "status_code"):
        code: Any = getattr(error, attribute, None)
        # An answer that could not be read has the status of a success.
        if isinstance(code, int) and not isinstance(code, bool) and code > 0:
            return None if code in _SUCCESSES else int(code)
    return None


def scrub(text: str) -> str:
    """Return *text* without API keys, access tokens, passwords and signatures of addresses."""
    return _SECRETS.sub("[REDACTED]", text)


def _is_transport(error: BaseException) -> bool:
    root = type(error).__module__.partition(".")[0]
    if root == "google":
        return (
            type(error).__module__.startswith(("google.auth", "google.api_core"))
            or type(error).__name__ in _CONNECTION_ERRORS
        )
    if root in _TRANSPORT_MODULES:
        return True
    return root == "builtins" and isinstance(error, OSError) and not _names_file(error)


def _names_file(error: OSError) -> bool:
    # The SDK itself looks for a file, and then names it in the text alone.
    return error.filename is not None or isinstance(error, _FILE_ERRORS)
