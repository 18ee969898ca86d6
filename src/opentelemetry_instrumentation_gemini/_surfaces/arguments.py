"""What a call was given: by name or by position."""

from collections.abc import Callable
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Call, Request
from opentelemetry_instrumentation_gemini._reading.endpoint import read_called_endpoint


def argument(call: Call, name: str, position: int) -> Any:
    """Return the argument *name* of *call*, also where it was given by position."""
    if name in call.kwargs:
        return call.kwargs[name]
    return call.args[position] if len(call.args) > position else None


def model_name(model: Any) -> str | None:
    """Return the requested model as the caller named it."""
    return model if isinstance(model, str) and model else None


def asking(operation: str, model: str = "model") -> Callable[[Call, bool], Request]:
    """Return what reads the request of an operation that names its model in an argument.

    Args:
        operation: The operation's name.
        model: The argument that names the model.
    """

    def request(call: Call, _stream: bool) -> Request:
        return Request(
            operation=operation,
            endpoint=read_called_endpoint(call),
            model=model_name(call.kwargs.get(model)),
        )

    return request
