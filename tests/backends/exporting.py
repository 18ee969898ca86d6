"""Providers that export by OTLP and note what they gave to the exporters."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from backends.collector import items

_EXPORTERS = {
    "traces": ("trace_exporter", "OTLPSpanExporter", encode_spans),
    "metrics": ("metric_exporter", "OTLPMetricExporter", encode_metrics),
    "logs": ("_log_exporter", "OTLPLogExporter", encode_logs),
}
NEVER = 3_600_000


def exporter(protocol, signal, sent, **options):
    """Make OpenTelemetry's own exporter; what it is given goes into *sent* as well."""
    module, name, encode = _EXPORTERS[signal]
    base = getattr(import_module(f"opentelemetry.exporter.otlp.proto.{protocol}.{module}"), name)

    class Noting(base):
        def export(self, batch, *args, **kwargs):
            sent.extend(items(signal, encode(batch)))
            return super().export(batch, *args, **kwargs)

    return Noting(**options)


class Pipeline:
    """Tracer, meter and logger providers that send to a collector by one protocol."""

    def __init__(self, protocol, url_of, **options):
        self.sent = {signal: [] for signal in _EXPORTERS}
        made = SimpleNamespace(
            **{
                signal: exporter(
                    protocol, signal, sent, endpoint=url_of(protocol, signal), **options
                )
                for signal, sent in self.sent.items()
            }
        )
        self.tracer_provider = TracerProvider(shutdown_on_exit=False)
        self.tracer_provider.add_span_processor(
            BatchSpanProcessor(made.traces, schedule_delay_millis=100)
        )
        reader = PeriodicExportingMetricReader(made.metrics, export_interval_millis=NEVER)
        self.meter_provider = MeterProvider([reader], shutdown_on_exit=False)
        self.logger_provider = LoggerProvider(shutdown_on_exit=False)
        self.logger_provider.add_log_record_processor(
            BatchLogRecordProcessor(made.logs, schedule_delay_millis=100)
        )

    @property
    def providers(self):
        """The keywords of `instrument()`."""
        return {
            "tracer_provider": self.tracer_provider,
            "meter_provider": self.meter_provider,
            "logger_provider": self.logger_provider,
        }

    def flush(self):
        """Send everything now."""
        for provider in self.providers.values():
            provider.force_flush()

    def shutdown(self):
        """End it."""
        for provider in self.providers.values():
            provider.shutdown()
