"""Refusals for the SDK to retry, and what spans say of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fake_gemini import Reply, Scenario, Step
from fake_gemini.wire import error_body, refusal

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

COUNT = "http.request.resend_count"
EVENT = "gcp.gen_ai.retry"
WAIT = f"{EVENT}.wait"
FIRST_WAIT = 0.01
RETRYING = {
    "retry_options": {
        "attempts": 4,
        "initial_delay": FIRST_WAIT,
        "max_delay": 0.02,
        "jitter": 0,
    }
}
BUSY = refusal(503, error_body(503, "Busy."))
TOO_MANY = refusal(429, error_body(429, "Slow down."))
CUT = Step(unary=Reply(cut_after=0), stream=Reply(cut_after=0))


def after(scenario: Scenario, *refused: Step, **options: Any) -> Scenario:
    """Returns *scenario* with refusals before its first answer."""
    return replace(
        scenario, steps=(*refused, *scenario.steps), http_options={**RETRYING, **options}
    )


def retries_of(span: ReadableSpan) -> list[dict[str, Any]]:
    """Returns what a span's events say of further attempts, short and without the waits."""
    return [
        {name.rpartition(".")[2]: value for name, value in event.attributes.items() if name != WAIT}
        for event in span.events
        if event.name == EVENT
    ]


def usage_of(span: ReadableSpan) -> dict[str, Any]:
    """Returns every count of tokens on a span."""
    return {name: value for name, value in span.attributes.items() if "usage" in name.lower()}


def waits_of(span: ReadableSpan) -> list[float | None]:
    """Returns the waits before further attempts."""
    return [event.attributes.get(WAIT) for event in span.events if event.name == EVENT]


def by_status(attempt: int, status: int) -> dict[str, Any]:
    """Returns what is said of an attempt after a refusal."""
    return {"attempt": attempt, "type": str(status), "status_code": status}
