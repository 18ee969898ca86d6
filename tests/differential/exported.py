"""All that left the plugin in one run, and what it must not be; needs no SDK."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from typing import Any

from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

from conformance import Options, StartRecorder, assert_conformant
from conformance.content import CONTENT, parse
from differential.leaves import SECRET, found_in
from promises.seeing import listening
from promises.watching import Telemetry

MLFLOW_CONTENT = ("mlflow.spanInputs", "mlflow.spanOutputs", "mlflow.chat.tools")
IN, OUT = "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"
ON_SPANS = {"SPAN_ONLY", "SPAN_AND_EVENT"}
ON_EVENTS = {"EVENT_ONLY", "SPAN_AND_EVENT"}


class Exported:
    """All that left the plugin in one run."""

    def __init__(self, telemetry: Telemetry, recorder: StartRecorder) -> None:
        self.spans = telemetry.ended
        self.logs = telemetry._logs.get_finished_logs()
        self.metrics = telemetry._reader.get_metrics_data()
        self.recorder = recorder

    def encoded(self) -> Iterator[tuple[str, bytes]]:
        """Yields each signal as the bytes that an OTLP exporter sends."""
        yield "spans", encode_spans(self.spans).SerializeToString()
        yield "events", encode_logs(self.logs).SerializeToString()
        if self.metrics is not None:
            yield "metrics", encode_metrics(self.metrics).SerializeToString()

    def added_up(self, *names: str) -> tuple[int, ...]:
        """Returns the sum of each attribute over all spans, as a backend adds them up."""
        return tuple(sum(span.attributes.get(name, 0) for span in self.spans) for name in names)


def judge_what_left(
    telemetry: Telemetry, recorder: StartRecorder, settings: dict[str, Any]
) -> Exported:
    """Fail if a span is open, or what left the plugin is not what it may be; return that."""
    if telemetry.open:
        # The SDK's unparsed responses hold themselves in a circle.
        gc.collect()
    assert telemetry.open == []
    exported = Exported(telemetry, recorder)
    _conformant(exported, settings)
    _silent(exported, settings["capture_message_content"])
    _within_limits(exported, settings.get("max_content_bytes"))
    return exported


def _conformant(exported: Exported, settings: dict[str, Any]) -> None:
    if not (exported.spans or exported.metrics or exported.logs):
        return
    assert_conformant(
        spans=exported.spans,
        metrics=exported.metrics,
        logs=exported.logs,
        recorder=exported.recorder,
        options=Options(
            allow_ok=settings.get("mlflow", False), retired=settings.get("retired_metrics", False)
        ),
    )


def _silent(exported: Exported, mode: str) -> None:
    """Content is where it was asked for only, and all can be encoded without a complaint."""
    complaints: list[Any] = []
    with listening(complaints):
        encoded = dict(exported.encoded())
    assert complaints == []
    allowed = {"spans": mode in ON_SPANS, "events": mode in ON_EVENTS}
    for signal, data in encoded.items():
        assert allowed.get(signal) or found_in(data) == [], signal
        assert found_in(data, SECRET) == [], signal


def _within_limits(exported: Exported, limit: int | None) -> None:
    carried = [span.attributes or {} for span in exported.spans]
    for attributes in carried:
        for name in (*CONTENT, *MLFLOW_CONTENT):
            if name in attributes:
                parse(attributes[name])
                assert limit is None or len(attributes[name].encode()) <= limit, name
    for record in exported.logs:
        for name, value in (record.log_record.attributes or {}).items():
            if name in CONTENT and limit is not None:
                text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
                assert len(text.encode()) <= limit, name
