"""Facts about the HTTP requests of one operation, where the SDK sends one again."""

from typing import Any, NamedTuple


class Cause(NamedTuple):
    """Why an attempt failed.

    Attributes:
        error_type: The HTTP status, or the exception's qualified name where there was no answer.
        status: The HTTP status.
    """

    error_type: str
    status: int | None = None


class Failed(NamedTuple):
    """An attempt that failed, while it is not known whether another follows.

    Attributes:
        request: What was sent; every attempt sends the same object.
        cause: Why it failed.
        at: When, by `perf_counter`.
    """

    request: Any
    cause: Cause
    at: float


class Resend(NamedTuple):
    """A further attempt of one HTTP request.

    Attributes:
        begins: When it begins, in nanoseconds since the epoch.
        attempt: Which attempt of its request it is; the first resend is the second attempt.
        cause: Why the attempt before it failed.
        wait: The seconds between the two; `None` if they cannot be known.
    """

    begins: int
    attempt: int
    cause: Cause
    wait: float | None = None
