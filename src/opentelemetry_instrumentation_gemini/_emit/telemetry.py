"""What an operation needs to be seen: a tracer, instruments, and the rules for content."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from opentelemetry.metrics import get_meter
from opentelemetry.trace import Tracer, get_tracer

from opentelemetry_instrumentation_gemini._settings import Settings

from . import names
from .content import ContentPolicy
from .metrics import Metrics


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Where telemetry goes, and what of it.

    Attributes:
        tracer: Makes the spans.
        metrics: Records the metrics.
        policy: Says what content may leave.
    """

    tracer: Tracer
    metrics: Metrics
    policy: ContentPolicy


def make_telemetry(
    settings: Settings, tracer_provider: Any, meter_provider: Any, logger_provider: Any
) -> Telemetry:
    """Return telemetry that goes to the given providers, or to the global ones for `None`."""
    release = version("opentelemetry-instrumentation-gemini")
    mode = settings.capture_message_content
    return Telemetry(
        get_tracer(names.SCOPE, release, tracer_provider, names.SCHEMA_URL),
        Metrics(get_meter(names.SCOPE, release, meter_provider, names.SCHEMA_URL)),
        ContentPolicy(
            on_spans=mode in {"SPAN_ONLY", "SPAN_AND_EVENT"},
            on_events=mode in {"EVENT_ONLY", "SPAN_AND_EVENT"},
            max_bytes=settings.max_content_bytes,
            max_media_bytes=settings.max_media_bytes,
        ),
    )
