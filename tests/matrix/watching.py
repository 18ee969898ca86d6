"""In-memory telemetry that every OpenTelemetry release since the declared floor can hold."""

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from typing_extensions import Self

from conformance import StartRecorder, assert_conformant
from opentelemetry_instrumentation_gemini import GeminiInstrumentor

INPUT = "gen_ai.usage.input_tokens"
OUTPUT = "gen_ai.usage.output_tokens"


class Watched:
    """The plugin, on while this is entered, and what it tells."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self._starts = StartRecorder()
        self._tracers = TracerProvider()
        self._tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        self._tracers.add_span_processor(self._starts)
        self._reader = InMemoryMetricReader()
        self._meters = MeterProvider([self._reader])

    def __enter__(self) -> Self:
        GeminiInstrumentor().instrument(
            tracer_provider=self._tracers,
            meter_provider=self._meters,
            capture_message_content="SPAN_ONLY",
        )
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        GeminiInstrumentor().uninstrument()
        self._tracers.shutdown()
        self._meters.shutdown()

    @property
    def spans(self) -> list[ReadableSpan]:
        """The spans that have ended, in that order."""
        return list(self._exporter.get_finished_spans())

    def of(self, operation: str) -> list[ReadableSpan]:
        """Return the ended spans of one operation."""
        return [span for span in self.spans if told(span)["gen_ai.operation.name"] == operation]

    def tokens(self, name: str) -> int:
        """Return the sum of a usage attribute over the whole trace, as a backend makes it."""
        return sum(int(told(span).get(name, 0)) for span in self.spans)

    def assert_sound(self) -> None:
        """Hold what was told against the conventions; nothing is open or current any more."""
        assert len(self._starts.attributes) == len(self.spans)
        assert trace.get_current_span() is trace.INVALID_SPAN
        if self.spans:
            data = self._reader.get_metrics_data()
            assert_conformant(spans=self.spans, metrics=data, recorder=self._starts)


def told(span: ReadableSpan) -> Mapping[str, Any]:
    """Return the attributes of a span."""
    return span.attributes or {}


def texts(span: ReadableSpan, attribute: str) -> list[str]:
    """Return the texts in a content attribute, in their order."""
    messages = json.loads(str(told(span)[attribute]))
    return [
        part["content"] for message in messages for part in message["parts"] if "content" in part
    ]
