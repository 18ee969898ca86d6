"""How an operation that has ended is told: on its span, in metrics, and as events.

Each step stands by itself: whatever fails, the others are still told.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from opentelemetry._logs import LogRecord
from opentelemetry.context import Context
from opentelemetry.trace import Span

from ._capture import Captured
from ._dialects import mlflow
from ._emit import events, names, spans
from ._emit.completion import HandOver
from ._emit.cost import Pricer
from ._emit.telemetry import Telemetry
from ._emit.text import clean_attributes
from ._facts.calls import Answer, Failure, Parameters, Request, Value
from ._guard import attempt


class Outcome(NamedTuple):
    """All that is known of an operation at its end.

    Attributes:
        request: What identified it.
        parameters: What was asked.
        answer: What was answered.
        failure: Why it failed, if it did.
        own: Attributes that neither request nor answer say.
    """

    request: Request
    parameters: Parameters
    answer: Answer
    failure: Failure | None
    own: Mapping[str, Value]


def describe(
    telemetry: Telemetry, span: Span, outcome: Outcome, captured: Captured | None
) -> dict[str, Any]:
    """Describe *span*, and return the attributes that are not content."""
    attributes: dict[str, Any] = {}
    request, parameters, answer, failure, own = outcome
    attempt("describing a request", spans.describe_request, request, parameters, attributes)
    attempt("describing an answer", spans.describe_answer, answer, attributes)
    if telemetry.omitted:
        for name in telemetry.omitted & attributes.keys():
            del attributes[name]
    attempt("describing for MLflow", mlflow.describe, request, answer, attributes)
    if telemetry.pricer is not None and answer.usage is not None:
        attempt("pricing", _add_cost, telemetry.pricer, request, answer, attributes)
    if failure is not None:
        attributes[names.ERROR_TYPE] = failure.error_type
    if telemetry.mlflow:
        attributes[mlflow.LOG_LEVEL] = mlflow.log_level(failed=failure is not None)
        attempt("naming a trace", mlflow.describe_root, span, attributes)
    attributes.update(own)
    attributes = attempt("cleaning attributes", clean_attributes, attributes) or attributes
    shown = captured.for_span(failed=failure is not None) if captured is not None else {}
    attempt("describing a span", span.set_attributes, {**attributes, **shown})
    if failure is not None:
        attempt("recording an error", spans.fail, span, failure)
    elif telemetry.mlflow:
        attempt("recording a success", spans.succeed, span)
    return attributes


def emit_exception(
    telemetry: Telemetry, request: Request, failure: Failure, context: Context
) -> None:
    """Emit the event of a failed call to a service."""
    if not spans.is_internal(request):
        attempt("emitting events", events.emit_exception, telemetry.logger, failure, context)


def make_details(
    telemetry: Telemetry,
    request: Request,
    attributes: Mapping[str, Any],
    captured: Captured | None,
    context: Context,
) -> LogRecord | None:
    """Return the event with an inference's details; other operations have none."""
    if request.operation not in names.INFERENCE_OPERATIONS:
        return None
    whole = {**spans.identity(request), **attributes}
    shown = captured.for_event() if captured is not None else {}
    limit = telemetry.policy.max_bytes
    return attempt("preparing an event", events.make_details, whole, shown, limit, context)


def emit_details(telemetry: Telemetry, details: LogRecord) -> None:
    """Emit the event with an inference's details."""
    attempt("emitting events", telemetry.logger.emit, details)


def hand_over(hook: HandOver, captured: Captured, span: Span, details: LogRecord | None) -> None:
    """Give the content to the completion hook, which may say on span and event where it is."""
    attempt("handing over", hook, captured.for_hook(), span, details)


def _add_cost(pricer: Pricer, request: Request, answer: Answer, attributes: dict[str, Any]) -> None:
    cost = pricer(request, answer)
    if cost is not None:
        spans.describe_cost(cost, attributes)
        attributes[mlflow.COST] = mlflow.cost_text(cost)
