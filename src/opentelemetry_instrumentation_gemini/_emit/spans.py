"""Spans: how an operation is started, described and ended."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer

from opentelemetry_instrumentation_gemini._facts.calls import (
    Answer,
    Endpoint,
    Failure,
    Parameters,
    Request,
    Usage,
    Value,
)

from . import names
from .text import clean_attributes


def start(tracer: Tracer, request: Request, context: Context, start_ns: int) -> Span:
    """Start the span of *request*, with all that samplers may decide on.

    Args:
        tracer: Where the span comes from.
        request: What the span is about.
        context: The caller's context, whose span becomes the parent.
        start_ns: When the operation began, in nanoseconds since the epoch.
    """
    return tracer.start_span(
        _span_name(request.operation, request.model),
        context,
        SpanKind.CLIENT,
        identity(request.operation, request.endpoint, request.model),
        start_time=start_ns,
    )


def _span_name(operation: str, model: str | None) -> str:
    return f"{operation} {model}" if model else operation


@lru_cache(maxsize=1024)
def identity(operation: str, endpoint: Endpoint | None, model: str | None) -> Mapping[str, Value]:
    """Return the attributes that identify an operation; the same ones stand on its metrics."""
    attributes: dict[str, Value] = {names.OPERATION: operation}
    if endpoint is not None:
        attributes[names.PROVIDER] = endpoint.provider
        if endpoint.address is not None:
            attributes[names.SERVER_ADDRESS] = endpoint.address
            if endpoint.port is not None:
                attributes[names.SERVER_PORT] = endpoint.port
    if model:
        attributes[names.REQUEST_MODEL] = model
    return clean_attributes(attributes)


def describe_request(request: Request, parameters: Parameters) -> Iterator[tuple[str, Value]]:
    """Yield the attributes of what was asked, beyond what identifies it."""
    if request.stream:
        yield names.REQUEST_STREAM, True
    if request.endpoint is not None and request.endpoint.location:
        yield names.LOCATION, request.endpoint.location
    for field, name in names.PARAMETERS.items():
        value = getattr(parameters, field)
        if value is not None:
            yield name, value
    yield from _details(parameters.details)


def describe_first_chunk(seconds: float) -> Iterator[tuple[str, Value]]:
    """Yield how long a stream's first chunk took, in seconds since the operation began."""
    yield names.TIME_TO_FIRST_CHUNK, seconds


def describe_answer(answer: Answer) -> Iterator[tuple[str, Value]]:
    """Yield the attributes of what was answered."""
    if answer.response_id:
        yield names.RESPONSE_ID, answer.response_id
    if answer.model:
        yield names.RESPONSE_MODEL, answer.model
    if answer.finish_reasons:
        yield names.FINISH_REASONS, answer.finish_reasons
    if answer.usage is not None:
        yield from _describe_usage(answer.usage)
    yield from _details(answer.details)


def _describe_usage(usage: Usage) -> Iterator[tuple[str, Value]]:
    for field, name in names.TOKENS.items():
        count = getattr(usage, field)
        if count is not None:
            yield name, count
    for field, template in names.MODALITY_TOKENS.items():
        for modality, count in getattr(usage, field).items():
            if modality in names.NAMED_MODALITIES:
                yield template.format(modality), count


def _details(details: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    for key, value in details.items():
        yield names.DETAILS[key], value


def fail(span: Span, failure: Failure) -> None:
    """Mark *span* as failed and say why.

    The exception is a span event too, since MLflow and Phoenix read it nowhere else.
    """
    span.set_attribute(names.ERROR_TYPE, failure.error_type)
    span.set_status(Status(StatusCode.ERROR, failure.message))
    span.add_event(names.EXCEPTION_EVENT, describe_failure(failure))


def describe_failure(failure: Failure) -> dict[str, Any]:
    """Return the `exception.*` attributes of *failure*."""
    attributes: dict[str, Value] = {names.EXCEPTION_TYPE: failure.exception_type}
    if failure.message is not None:
        attributes[names.EXCEPTION_MESSAGE] = failure.message
    if failure.stacktrace is not None:
        attributes[names.EXCEPTION_STACKTRACE] = failure.stacktrace
    return clean_attributes(attributes)
