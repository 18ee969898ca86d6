"""OpenTelemetry SDK providers whose telemetry is made in full and then dropped, or kept."""

from dataclasses import dataclass, field
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics._internal.measurement import Measurement
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler


def dropping(sampler: Sampler = ALWAYS_ON) -> dict[str, Any]:
    """Return providers for measuring: no exporter, a reader that nobody collects."""
    tracers = TracerProvider(sampler=sampler)
    tracers.add_span_processor(SpanProcessor())
    return {
        "tracer_provider": tracers,
        "meter_provider": MeterProvider(metric_readers=[InMemoryMetricReader()]),
    }


def unsampled() -> dict[str, Any]:
    """Return providers for measuring whose sampler declines everything."""
    return dropping(ALWAYS_OFF)


def unsampled_without_metrics() -> dict[str, Any]:
    """Return a tracer provider that samples nothing; metrics were never set up."""
    return {"tracer_provider": dropping(ALWAYS_OFF)["tracer_provider"]}


def none() -> dict[str, Any]:
    """Return nothing: the application has no OpenTelemetry SDK."""
    return {}


@dataclass
class Recorder(SpanProcessor):
    """Keeps what is emitted, in its order.

    Attributes:
        journal: A span that started with its attributes of that moment, a span that ended, a
            measurement.
    """

    journal: list[tuple[str, Any, Any]] = field(default_factory=list)

    def providers(self) -> dict[str, Any]:
        """Return providers that record here."""
        tracers = TracerProvider()
        tracers.add_span_processor(self)
        meters = MeterProvider(metric_readers=[InMemoryMetricReader()])
        # The one place that sees every point with its value, its attributes and its context.
        consumer: Any = meters._measurement_consumer
        consumer.consume_measurement = self._measured
        return {"tracer_provider": tracers, "meter_provider": meters}

    def on_start(self, span: Span, parent_context: Any = None) -> None:
        """Keep the attributes that a span was created with."""
        del parent_context
        self.journal.append(("start", span, dict(span.attributes or {})))

    def on_end(self, span: ReadableSpan) -> None:
        """Keep a span that has ended."""
        self.journal.append(("end", span, None))

    def _measured(self, measurement: Measurement) -> None:
        self.journal.append(("measure", measurement, None))
