"""Why the SDK sends an HTTP request again."""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.attempts import Cause

from .errors import api_status, type_name


def read_cause(error: BaseException | None, response: Any = None) -> Cause:
    """Return why an attempt failed.

    Args:
        error: What it raised; the SDK's own exceptions may carry the response.
        response: The HTTP response, where that is at hand.
    """
    status = None if error is None else api_status(error)
    if status is None:
        answered = getattr(error, "response", None) if response is None else response
        status = getattr(answered, "status_code", None)
    if status is not None:
        return Cause(str(status), int(status))
    return Cause("_OTHER" if error is None else type_name(error))
