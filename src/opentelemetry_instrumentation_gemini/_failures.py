"""What may be said of a failure on a span and on events: content stands only where it may."""

from typing import NamedTuple

from ._emit.cleansing import redact_failure
from ._emit.telemetry import Telemetry
from ._facts.calls import Failure, Request
from ._guard import attempt
from ._surfaces import Surface


class Told(NamedTuple):
    """One failure, as it may be told in two places.

    Attributes:
        on_span: What the span says.
        on_events: What the events say.
    """

    on_span: Failure
    on_events: Failure


def raised(telemetry: Telemetry, surface: Surface, error: BaseException) -> Told:
    """Return what may be said of the exception that reaches the caller."""
    policy = telemetry.policy
    on_span = _read(telemetry, surface, error, content=policy.on_spans)
    if policy.on_spans is policy.on_events:
        return Told(on_span, on_span)
    return Told(on_span, _read(telemetry, surface, error, content=policy.on_events))


def _read(
    telemetry: Telemetry, surface: Surface, error: BaseException, *, content: bool
) -> Failure:
    failure = attempt("reading an error", surface.failure, error, content)
    failure = failure or Failure("_OTHER", type(error).__qualname__)
    return redact_failure(failure, telemetry.policy.redact)


def unraised(telemetry: Telemetry, request: Request, failure: Failure) -> Told:
    """Return what may be said of a failure that the SDK reports without raising."""
    policy = telemetry.policy
    whole = redact_failure(failure, policy.redact)
    if request.tool is None:
        # The service's own words, which are kept when it is the SDK that raises them.
        return Told(whole, whole)
    silent = whole._replace(message=None, stacktrace=None)
    return Told(whole if policy.on_spans else silent, whole if policy.on_events else silent)
