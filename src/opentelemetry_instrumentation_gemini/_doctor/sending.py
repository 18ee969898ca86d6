"""One test span, sent as the program's own would be."""

import logging
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from opentelemetry_instrumentation_gemini._reading.errors import scrub

from .destinations import GRPC, Destination, configured_by_file, destinations
from .findings import Finding, note, ok, problem
from .listening import heard

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

SECTION = "Test span"
NAME = "doctor"


def send_test_spans(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Send one span by each exporter of traces, and yield what became of it."""
    if configured_by_file(environ):
        yield note(SECTION, "There is none, since a file decides on the exporters.")
        return
    try:
        span = _test_span()
    except ImportError:
        yield problem(SECTION, "There is none, since opentelemetry-sdk is not installed.")
        return
    if span is None:
        yield problem(SECTION, "There is none, since OTEL_SDK_DISABLED=true.")
        return
    trace_id = f"{span.context.trace_id:032x}" if span.context else ""
    for destination in destinations(environ):
        if destination.signal == "traces" and destination.exporter != "none":
            failure = _send(destination, span)
            where = destination.shown or destination.exporter
            if failure is None:
                yield ok(SECTION, f"{NAME!r} of trace {trace_id} was taken by {where}.")
            else:
                yield problem(SECTION, f"{where} did not take it: {scrub(failure)}")


def _test_span() -> "ReadableSpan | None":
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON  # noqa: PLC0415

    provider = TracerProvider(ALWAYS_ON, shutdown_on_exit=False)
    span = provider.get_tracer("opentelemetry_instrumentation_gemini").start_span(NAME)
    span.end()
    return span if isinstance(span, ReadableSpan) else None


def _send(destination: Destination, span: "ReadableSpan") -> str | None:
    """Return why *span* was not taken."""
    name = destination.exporter
    if destination.protocol is not None:
        name = "otlp_proto_grpc" if destination.protocol == GRPC else "otlp_proto_http"
    found = next(iter(entry_points(group="opentelemetry_traces_exporter", name=name)), None)
    if found is None:
        return f"no installed package brings the exporter {destination.exporter}."
    with heard(logging.getLogger(), logging.WARNING) as said:
        try:
            exporter = found.load()()
            result = exporter.export([span])
            exporter.shutdown()
        except Exception as error:  # noqa: BLE001 - any exporter may fail in any way
            return f"{type(error).__name__}: {error}"
    if result.name == "SUCCESS":
        return None
    return " ".join(dict.fromkeys(said)) or "the exporter does not say why."
