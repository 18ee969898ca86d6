"""`_extra_utils.get_function_response_parts`: the calls that the model wants, with their ids."""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Call
from opentelemetry_instrumentation_gemini._reading.fields import field

from .arguments import argument


def read_call_ids(call: Call, serves_all: bool) -> list[tuple[str, str | None]]:
    """Return name and id of each function call in the response that the SDK is about to serve.

    Args:
        call: The call that serves them.
        serves_all: Whether calls without arguments are served too.
    """
    response: Any = argument(call, "response", 0)
    candidates = field(response, "candidates")
    content = candidates[0].content if candidates else None
    calls = (field(part, "function_call") for part in field(content, "parts") or ())
    return [
        (called.name, called.id)
        for called in calls
        if called is not None and called.name and (serves_all or called.args is not None)
    ]
