"""Telemetry made with the real SDK, for the checker's own tests."""

import json
from collections.abc import Mapping
from typing import Any

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricsData
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from . import StartRecorder, table

MODEL = "gemini-2.5-flash"
CALLED = {
    "gen_ai.provider.name": "gcp.gemini",
    "gen_ai.request.model": MODEL,
    "server.address": "generativelanguage.googleapis.com",
    "server.port": 443,
}
INPUT = [{"role": "user", "parts": [{"type": "text", "content": "Hello"}]}]
OUTPUT = [
    {
        "role": "assistant",
        "parts": [{"type": "text", "content": "Hi"}],
        "finish_reason": "stop",
    }
]
TOTALS = {
    "input_tokens": 12,
    "output_tokens": 30,
    "total_tokens": 42,
    "cache_read_input_tokens": 4,
}

# Name of a sample to its kind and attributes: all of them conform.
SPANS: dict[str, tuple[SpanKind, dict[str, Any]]] = {
    "inference": (
        SpanKind.CLIENT,
        {
            "gen_ai.operation.name": "generate_content",
            **CALLED,
            "gen_ai.conversation.id": "chat-1",
            "gen_ai.output.type": "json",
            "gen_ai.prompt.variable.city": "Oslo",
            "gen_ai.request.choice.count": 2,
            "gen_ai.request.max_tokens": 100,
            "gen_ai.request.stop_sequences": ["END"],
            "gen_ai.request.stream": True,
            "gen_ai.request.temperature": 0.5,
            "gen_ai.request.top_k": 40,
            "gen_ai.response.finish_reasons": ["stop"],
            "gen_ai.response.id": "r-1",
            "gen_ai.response.model": MODEL,
            "gen_ai.response.status": "completed",
            "gen_ai.response.time_to_first_chunk": 0.25,
            "gen_ai.usage.cache_read.input_tokens": 4,
            "gen_ai.usage.input_tokens": 12,
            "gen_ai.usage.output_tokens": 30,
            "gen_ai.usage.reasoning.output_tokens": 10,
            "gen_ai.usage.text.input_tokens": 12,
            "gen_ai.input.messages": json.dumps(INPUT),
            "gen_ai.output.messages": json.dumps(OUTPUT),
            "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "Be brief"}]),
            "gen_ai.tool.definitions": json.dumps(
                [{"type": "function", "name": "f", "parameters": {"type": "object"}}]
            ),
            "gcp.gen_ai.traffic_type": "ON_DEMAND",
            "mlflow.chat.tokenUsage": json.dumps(TOTALS),
            "mlflow.spanType": "LLM",
        },
    ),
    "failure": (
        SpanKind.CLIENT,
        {"gen_ai.operation.name": "generate_content", **CALLED, "error.type": "429"},
    ),
    "embeddings": (
        SpanKind.CLIENT,
        {
            "gen_ai.operation.name": "embeddings",
            **CALLED,
            "gen_ai.embeddings.dimension.count": 768,
            "gen_ai.usage.input_tokens": 3,
            "mlflow.chat.tokenUsage": '{"input_tokens":3,"output_tokens":0,"total_tokens":3}',
            "mlflow.spanType": "EMBEDDING",
        },
    ),
    "tool": (
        SpanKind.INTERNAL,
        {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "get_weather",
            "gen_ai.tool.type": "function",
            "gen_ai.tool.call.id": "c-1",
            "gen_ai.tool.call.arguments": '{"city": "Oslo"}',
            "gen_ai.tool.call.result": '{"result": 7}',
        },
    ),
    "loop": (
        SpanKind.INTERNAL,
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.request.model": MODEL},
    ),
    "agent": (
        SpanKind.CLIENT,
        {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.provider.name": "gcp.gemini",
            "gen_ai.agent.name": "researcher",
            "gen_ai.agent.id": "a-1",
        },
    ),
    "agent made": (
        SpanKind.CLIENT,
        {
            "gen_ai.operation.name": "create_agent",
            "gen_ai.provider.name": "gcp.gemini",
            "gen_ai.agent.name": "researcher",
        },
    ),
    "fetch": (
        SpanKind.CLIENT,
        {
            "gen_ai.operation.name": "fetch_response",
            "gen_ai.provider.name": "gcp.vertex_ai",
            "gen_ai.response.id": "i-1",
        },
    ),
    "custom": (SpanKind.CLIENT, {"gen_ai.operation.name": "count_tokens", **CALLED}),
}


_KEYS = {
    "create_agent": "gen_ai.agent.name",
    "execute_tool": "gen_ai.tool.name",
    "invoke_agent": "gen_ai.agent.name",
}


def changed(attributes: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Replace attributes; None takes one away."""
    merged = {**attributes, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def name_of(attributes: Mapping[str, Any]) -> str:
    """Name a span as the conventions want it."""
    operation = attributes.get("gen_ai.operation.name", "unnamed")
    key = _KEYS.get(operation, "gen_ai.request.model")
    return f"{operation} {attributes[key]}" if key in attributes else operation


def make_span(
    sample: str,
    changes: Mapping[str, Any] | None = None,
    *,
    name: str | None = None,
    kind: SpanKind | None = None,
    status: StatusCode | None = None,
    scope: str = table.SCOPE,
    schema_url: str = table.SCHEMA_URL,
    event: tuple[str, dict[str, Any]] | None = None,
    late: tuple[str, ...] = (),
    recorder: StartRecorder | None = None,
) -> ReadableSpan:
    """Start and end one span; the attributes in *late* are set after its start."""
    own_kind, attributes = SPANS[sample]
    attributes = changed(attributes, changes or {})
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    if recorder is not None:
        provider.add_span_processor(recorder)
    span = provider.get_tracer(scope, schema_url=schema_url).start_span(
        name or name_of(attributes),
        kind=kind or own_kind,
        attributes={key: value for key, value in attributes.items() if key not in late},
    )
    for key in late:
        span.set_attribute(key, attributes[key])
    if event is not None:
        span.add_event(*event)
    failed = StatusCode.ERROR if "error.type" in attributes else StatusCode.UNSET
    span.set_status(status or failed)
    span.end()
    return exporter.get_finished_spans()[0]


def make_metric(
    name: str,
    value: float,
    attributes: Mapping[str, Any],
    *,
    instrument: str | None = None,
    unit: str | None = None,
    buckets: tuple[float, ...] | None = None,
    scope: str = table.SCOPE,
) -> MetricsData | None:
    """Record one value with one instrument, by default as the table describes the metric."""
    entry = table.METRICS.get(name) or table.RETIRED_METRICS.get(name)
    reader = InMemoryMetricReader()
    provider = MeterProvider(metric_readers=[reader], shutdown_on_exit=False)
    meter = provider.get_meter(scope, schema_url=table.SCHEMA_URL)
    unit = unit or (entry.unit if entry else "1")
    if (instrument or (entry.instrument if entry else "counter")) == "histogram":
        bounds = buckets or (entry.buckets if entry else None)
        histogram = meter.create_histogram(
            name, unit=unit, explicit_bucket_boundaries_advisory=bounds
        )
        histogram.record(value, dict(attributes))
    elif instrument == "up_down_counter":
        meter.create_up_down_counter(name, unit=unit).add(value, dict(attributes))
    else:
        meter.create_counter(name, unit=unit).add(value, dict(attributes))
    return reader.get_metrics_data()


def make_event(
    name: str,
    attributes: Mapping[str, Any],
    *,
    severity: SeverityNumber = SeverityNumber.DEBUG,
    body: str | None = None,
    scope: str = table.SCOPE,
) -> Any:
    """Emit one event and give back what was exported."""
    exporter, provider = InMemoryLogRecordExporter(), LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    provider.get_logger(scope, schema_url=table.SCHEMA_URL).emit(
        LogRecord(
            event_name=name,
            severity_number=severity,
            body=body,
            attributes=dict(attributes),
        )
    )
    return exporter.get_finished_logs()[0]
