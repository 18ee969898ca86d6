"""Holds emitted telemetry against the GenAI semantic conventions.

    from conformance import assert_conformant

    assert_conformant(spans=exporter.get_finished_spans())
    assert_conformant(metrics=reader.get_metrics_data(), logs=log_exporter.get_finished_logs())

Every ``check_…`` function returns a list of violations, each naming the span (metric point,
event), the rule in brackets and the attribute; an empty list is fine. Telemetry that is neither of
our scope nor named ``gen_ai.*`` is somebody else's and passes. ``Options`` says what the settings
of a run allow beyond the conventions. With a ``StartRecorder`` among the span processors the
attributes that a sampler needs are also looked for at the spans' start.
"""

from collections.abc import Iterable
from typing import Any

from opentelemetry.sdk.metrics.export import MetricsData
from opentelemetry.sdk.trace import ReadableSpan

from .events import check_log_record, check_log_records
from .metrics import check_metrics
from .spans import StartRecorder, check_span
from .subject import Options

__all__ = [
    "Options",
    "StartRecorder",
    "assert_conformant",
    "check_log_record",
    "check_log_records",
    "check_metrics",
    "check_span",
    "check_spans",
]


def check_spans(
    spans: Iterable[ReadableSpan],
    options: Options | None = None,
    recorder: StartRecorder | None = None,
) -> list[str]:
    """Hold ended spans against the conventions."""
    return [text for span in spans for text in check_span(span, options, recorder)]


def assert_conformant(
    *,
    spans: Iterable[ReadableSpan] = (),
    metrics: MetricsData | None = None,
    logs: Iterable[Any] = (),
    options: Options | None = None,
    recorder: StartRecorder | None = None,
) -> None:
    """Fail with every violation, one a line; nothing at all to check is a failure too."""
    spans, logs = list(spans), list(logs)
    if not spans and metrics is None and not logs:
        raise AssertionError("no span, metric or event was given")
    found = [
        *check_spans(spans, options, recorder),
        *check_metrics(metrics, options),
        *check_log_records(logs, options),
    ]
    if found:
        raise AssertionError("\n".join([f"{len(found)} violations", *found]))
