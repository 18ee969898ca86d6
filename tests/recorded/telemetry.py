"""In-memory providers for the plugin, and what reached them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.context import Context
from opentelemetry.sdk._logs import LoggerProvider, ReadableLogRecord
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    InMemoryMetricReader,
    MetricsData,
)
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider

from opentelemetry_instrumentation_gemini import GeminiInstrumentor, _guard
from recorded.outcome import listening


class _Spans(SpanProcessor):
    def __init__(self) -> None:
        self.running = 0
        self.ended: list[ReadableSpan] = []

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        self.running += 1

    def on_end(self, span: ReadableSpan) -> None:
        self.running -= 1
        self.ended.append(span)


class Telemetry:
    """All three signals, kept in memory."""

    def __init__(self) -> None:
        self._spans = _Spans()
        self._tracers = TracerProvider()
        self._tracers.add_span_processor(self._spans)
        delta = dict.fromkeys((Counter, Histogram), AggregationTemporality.DELTA)
        self._metrics = InMemoryMetricReader(preferred_temporality=delta)
        self._meters = MeterProvider([self._metrics])
        self._events = InMemoryLogRecordExporter()
        self._loggers = LoggerProvider()
        self._loggers.add_log_record_processor(SimpleLogRecordProcessor(self._events))

    @contextmanager
    def attached(self, **settings: Any) -> Iterator[None]:
        """Instrument for as long as the block lasts."""
        # The plugin logs a fault once for a process; here each test is to hear of its own.
        _guard._reported.clear()
        plugin = GeminiInstrumentor()
        try:
            with listening() as (logged, warned):
                plugin.instrument(
                    tracer_provider=self._tracers,
                    meter_provider=self._meters,
                    logger_provider=self._loggers,
                    capture_message_content="SPAN_ONLY",
                    **settings,
                )
            assert [record.getMessage() for record in logged] == []
            assert [str(warning.message) for warning in warned] == []
            yield
        finally:
            plugin.uninstrument()

    def take_spans(self) -> tuple[tuple[ReadableSpan, ...], int]:
        """Return the spans that ended since the last time, and how many are still open."""
        ended, self._spans.ended = tuple(self._spans.ended), []
        running, self._spans.running = self._spans.running, 0
        return ended, running

    def take_metrics(self) -> MetricsData | None:
        """Return what was measured since the last time."""
        return self._metrics.get_metrics_data()

    def take_events(self) -> tuple[ReadableLogRecord, ...]:
        """Return the events since the last time."""
        events = self._events.get_finished_logs()
        self._events.clear()
        return tuple(events)

    def close(self) -> None:
        """Shut the providers down."""
        self._tracers.shutdown()
        self._meters.shutdown()
        self._loggers.shutdown()
