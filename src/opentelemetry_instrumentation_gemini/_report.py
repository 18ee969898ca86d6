"""How an operation that has ended is told: on its span, in metrics, and as events.

Each step stands by itself: whatever fails, the others are still told.
"""

from collections.abc import Mapping
from typing import Any

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
from ._facts.calls import Failure, Outcome, Request
from ._guard import attempt


def describe(
    telemetry: Telemetry, span: Span, outcome: Outcome, captured: Captured | None
) -> dict[str, Any]:
    """Describe *span*, and return the attributes that are not content."""
    attributes: dict[str, Any] = {}
    attempt("describing a request", spans.describe_request, outcome, attributes)
    attempt("describing an answer", spans.describe_answer, outcome, attributes)
    attempt("describing for MLflow", mlflow.describe, outcome, attributes)
    failure = outcome.failure
    if telemetry.pricer is not None and outcome.answer.usage is not None:
        attempt("pricing", _add_cost, telemetry.pricer, outcome, attributes)
    if telemetry.omitted or telemetry.cut_at:
        attempt("leaving out attributes", _leave_out, telemetry, attributes)
    if failure is not None:
        attributes[names.ERROR_TYPE] = failure.error_type
    if telemetry.mlflow:
        attributes[mlflow.LOG_LEVEL] = mlflow.log_level(failed=failure is not None)
        attempt("naming a trace", mlflow.describe_root, span, attributes)
    attributes.update(outcome.own)
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


def _leave_out(telemetry: Telemetry, attributes: dict[str, Any]) -> None:
    for name in telemetry.omitted & attributes.keys():
        del attributes[name]
    if telemetry.cut_at:
        mlflow.leave_out_cut(attributes, telemetry.cut_at)


def _add_cost(pricer: Pricer, outcome: Outcome, attributes: dict[str, Any]) -> None:
    cost = pricer(outcome.request, outcome.answer)
    if cost is not None:
        spans.describe_cost(cost, attributes)
        attributes[mlflow.COST] = mlflow.cost_text(cost)
