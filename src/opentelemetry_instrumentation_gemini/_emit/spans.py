"""Spans: how an operation is started, described and ended."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from time import time_ns
from typing import Any

from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer

from opentelemetry_instrumentation_gemini._facts.attempts import Resend
from opentelemetry_instrumentation_gemini._facts.calls import (
    NO_PARAMETERS,
    Cost,
    Endpoint,
    Failure,
    Outcome,
    Parameters,
    Request,
    Tool,
    Usage,
    Value,
)

from . import names
from .origins import links_to
from .text import clean_attributes, clean_text

_INTERNAL = frozenset({"execute_tool", "invoke_agent"})


def is_internal(request: Request) -> bool:
    """Whether an operation runs in this process; every other one calls a service."""
    return _runs_here(request.operation, request.endpoint)


def _runs_here(operation: str, endpoint: Endpoint | None) -> bool:
    return operation in _INTERNAL and endpoint is None


def start(tracer: Tracer, request: Request, context: Context, start_ns: int) -> Span:
    """Start the span of *request*, with all that samplers may decide on.

    Args:
        tracer: Where the span comes from.
        request: What the span is about.
        context: The caller's context, whose span becomes the parent.
        start_ns: When the operation began, in nanoseconds since the epoch.
    """
    name, kind, attributes = _identified(*request[:3], request.tool, request.agent)
    links = () if request.origin is None else links_to(request.origin)
    # A copy: a sampler may write into what it is shown, and this is kept for the next span.
    return tracer.start_span(name, context, kind, {**attributes}, links, start_ns)


def identity(request: Request) -> Mapping[str, Any]:
    """Return the attributes that identify an operation; do not change them."""
    return _identified(*request[:3], request.tool, request.agent)[2]


@lru_cache(maxsize=1024)
def _identified(
    operation: str,
    endpoint: Endpoint | None,
    model: str | None,
    tool: Tool | None,
    agent: str | None,
) -> tuple[str, SpanKind, Mapping[str, Any]]:
    """Return the name of a span, its kind, and the attributes that it starts with."""
    attributes: dict[str, Value] = {names.OPERATION: operation}
    if endpoint is not None:
        attributes[names.PROVIDER] = endpoint.provider
        if endpoint.address is not None:
            attributes[names.SERVER_ADDRESS] = endpoint.address
            if endpoint.port is not None:
                attributes[names.SERVER_PORT] = endpoint.port
    if model:
        attributes[names.REQUEST_MODEL] = model
    if tool is not None:
        attributes[names.TOOL_NAME] = tool.name
        attributes[names.TOOL_TYPE] = tool.kind
    if agent:
        attributes[names.AGENT_NAME] = agent
    keyed = tool.name if tool is not None else agent or model
    named = keyed and (agent or operation != "invoke_agent")
    name = clean_text(f"{operation} {keyed}" if named else operation)
    kind = SpanKind.INTERNAL if _runs_here(operation, endpoint) else SpanKind.CLIENT
    return name, kind, clean_attributes(attributes)


def describe_request(outcome: Outcome, into: dict[str, Value]) -> None:
    """Add the attributes of what was asked, beyond what identifies it."""
    request, parameters = outcome.request, outcome.parameters
    if request.stream:
        into[names.REQUEST_STREAM] = True
    if request.endpoint is not None and request.endpoint.location:
        into[names.LOCATION] = request.endpoint.location
    if parameters is NO_PARAMETERS:
        return
    named = zip(_PARAMETER_NAMES, parameters[:-1], strict=True)
    into.update({name: value for name, value in named if value is not None})
    for key, value in parameters.details.items():
        into[names.DETAILS[key]] = value


def describe_answer(outcome: Outcome, into: dict[str, Value]) -> None:
    """Add the attributes of what was answered."""
    answer = outcome.answer
    if answer.response_id:
        into[names.RESPONSE_ID] = answer.response_id
    if answer.model:
        into[names.RESPONSE_MODEL] = answer.model
    if answer.finish_reasons:
        into[names.FINISH_REASONS] = answer.finish_reasons
    if answer.usage is not None:
        # Of embeddings the conventions know no more than the total.
        _describe_usage(answer.usage, into, parts=outcome.request.operation != "embeddings")
    for key, value in answer.details.items():
        into[names.DETAILS[key]] = value


def _describe_usage(usage: Usage, into: dict[str, Value], *, parts: bool) -> None:
    counted = zip(_TOKEN_NAMES, usage[:5], strict=True)
    into.update({name: count for name, count in counted if count is not None})
    for by_modality, counts in zip(_MODALITY_NAMES, usage[5:], strict=True):
        if counts and parts:
            told = counts.items()
            into.update({by_modality[key]: count for key, count in told if key in by_modality})


_PARAMETER_NAMES = tuple(names.PARAMETERS[field] for field in Parameters._fields[:-1])
_TOKEN_NAMES = tuple(names.TOKENS[field] for field in Usage._fields[:5])
_MODALITY_NAMES = tuple(names.MODALITY_TOKENS[field] for field in Usage._fields[5:])


def describe_cost(cost: Cost, into: dict[str, Value]) -> None:
    """Add the attributes of what an operation costs."""
    into.update({names.COST[field]: amount for field, amount in cost._asdict().items()})


def describe_resends(span: Span, resends: Sequence[Resend]) -> None:
    """Say which requests were sent again, and why; one that is still waited for was not."""
    now = time_ns()
    sent = [resend for resend in resends if resend.begins <= now]
    if sent:
        span.set_attribute(names.RESEND_COUNT, len(sent))
    for resend in sent:
        attributes: dict[str, Value] = {
            names.RETRY_ATTEMPT: resend.attempt,
            names.ERROR_TYPE: resend.cause.error_type,
        }
        if resend.cause.status is not None:
            attributes[names.STATUS_CODE] = resend.cause.status
        if resend.wait is not None:
            attributes[names.RETRY_WAIT] = resend.wait
        span.add_event(names.RETRY_EVENT, clean_attributes(attributes), resend.begins)


def fail(span: Span, failure: Failure) -> None:
    """Mark *span* as failed and say why.

    The exception is a span event too, since MLflow and Phoenix read it nowhere else.
    """
    span.set_status(Status(StatusCode.ERROR, failure.message))
    span.add_event(names.EXCEPTION_EVENT, describe_failure(failure))


def succeed(span: Span) -> None:
    """Say that all went well, for MLflow, whose tool page counts nothing else as success.

    The conventions leave the status of a success unset, and so do all other spans.
    """
    span.set_status(Status(StatusCode.OK))


def describe_failure(failure: Failure) -> dict[str, Any]:
    """Return the `exception.*` attributes of *failure*."""
    attributes: dict[str, Value] = {names.EXCEPTION_TYPE: failure.exception_type}
    if failure.message is not None:
        attributes[names.EXCEPTION_MESSAGE] = failure.message
    if failure.stacktrace is not None:
        attributes[names.EXCEPTION_STACKTRACE] = failure.stacktrace
    return clean_attributes(attributes)
