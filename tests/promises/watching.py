"""Real providers for the plugin, and what reached them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider

from opentelemetry_instrumentation_gemini import GeminiInstrumentor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.context import Context

OPERATION = "gen_ai.operation.name"
OUTPUT = "gen_ai.output.messages"
# To look for a resource's attributes starts a thread each time.
_NOWHERE = Resource.get_empty()


class Spans(SpanProcessor):
    """Counts what starts and keeps what ends."""

    def __init__(self) -> None:
        self.started: list[Span] = []
        self.ended: list[ReadableSpan] = []

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        self.started.append(span)

    def on_end(self, span: ReadableSpan) -> None:
        self.ended.append(span)


class Telemetry:
    """All three signals, kept in memory; the user's own spans go the same way."""

    def __init__(self, **provider: Any) -> None:
        self._spans = Spans()
        self.tracers = TracerProvider(resource=_NOWHERE, shutdown_on_exit=False, **provider)
        self.tracers.add_span_processor(self._spans)
        self.user = self.tracers.get_tracer("user")
        self._reader = InMemoryMetricReader()
        self._logs = InMemoryLogRecordExporter()
        self.loggers = LoggerProvider(_NOWHERE, shutdown_on_exit=False)
        self.loggers.add_log_record_processor(SimpleLogRecordProcessor(self._logs))
        self.meters = MeterProvider([self._reader], _NOWHERE, shutdown_on_exit=False)

    @contextmanager
    def attached(self, **settings: Any) -> Iterator[None]:
        """Instrument for as long as the block lasts; content goes on spans unless said."""
        plugin = GeminiInstrumentor()
        providers = {
            "tracer_provider": self.tracers,
            "meter_provider": self.meters,
            "logger_provider": self.loggers,
        }
        keywords = {"capture_message_content": "SPAN_ONLY", **providers, **settings}
        plugin.instrument(skip_dep_check=True, **keywords)
        try:
            yield
        finally:
            if plugin.is_instrumented_by_opentelemetry:
                plugin.uninstrument()

    @property
    def ended(self) -> list[ReadableSpan]:
        """Returns the plugin's spans that ended, in that order."""
        return [span for span in self._spans.ended if _is_ours(span)]

    @property
    def open(self) -> list[str]:
        """Returns the names of the plugin's spans that started and did not end."""
        ended = {span.context.span_id for span in self._spans.ended}
        return [
            span.name
            for span in self._spans.started
            if _is_ours(span) and span.get_span_context().span_id not in ended
        ]

    @property
    def rounds(self) -> list[ReadableSpan]:
        """Returns the inference spans that ended."""
        return [span for span in self.ended if span.attributes[OPERATION] == "generate_content"]

    @property
    def events(self) -> list[str | None]:
        """Returns the names of the events that were emitted."""
        return [one.log_record.event_name for one in self._logs.get_finished_logs()]

    def the_round(self) -> ReadableSpan:
        """Returns the one span of a program that asked once."""
        (span,) = self.ended
        assert span.attributes[OPERATION] == "generate_content"
        return span

    def counts(self) -> dict[str, int]:
        """Returns how many measurements each metric holds."""
        data = self._reader.get_metrics_data()
        return {
            metric.name: sum(getattr(point, "count", 1) for point in metric.data.data_points)
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }


def text_of(span: ReadableSpan) -> str:
    """Returns what the span says that the model said."""
    messages = json.loads(span.attributes.get(OUTPUT, "[]"))
    return "".join(part["content"] for message in messages for part in message["parts"])


def _is_ours(span: Any) -> bool:
    return span.instrumentation_scope.name == "opentelemetry_instrumentation_gemini"
