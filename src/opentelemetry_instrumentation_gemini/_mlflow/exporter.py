"""The exporter: spans out to the experiments that their traces belong to."""

import logging
import os
from collections.abc import Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from opentelemetry_instrumentation_gemini._dialects.mlflow import LONGEST_NAME, TRACE_NAME
from opentelemetry_instrumentation_gemini._guard import warn_once

from .environment import Destination, current_destination, told
from .server import DeliveryError, Server

_logger = logging.getLogger("opentelemetry_instrumentation_gemini")

# What MLflow answers when one span spoils a whole request.
_SPOILT = (400, 422)

_noted: WeakKeyDictionary[ReadableSpan, Destination] = WeakKeyDictionary()


def note_destination(span: ReadableSpan, destination: Destination) -> None:
    """Note where a finished span goes, before it is exported."""
    _noted[span] = destination


class MlflowSpanExporter(SpanExporter):
    """Sends spans to MLflow by OTLP over HTTP; `OTEL_TRACES_EXPORTER=mlflow` selects it.

    A span goes where was noted when its trace started, or else where the environment says. The
    server is first asked when there is something to send. What cannot be sent is dropped, and
    each new reason is logged once.

    Args:
        tracking_uri: The MLflow server, where not the environment is to say it.
        experiment: The name of the experiment, likewise.
        run_id: The run that the traces are shown in, likewise.
    """

    def __init__(
        self,
        tracking_uri: str | None = None,
        experiment: str | None = None,
        run_id: str | None = None,
    ) -> None:
        self.silent = False
        self._given = told(tracking_uri, experiment, run_id)
        # Connections must not be shared with a process that was forked off.
        self._servers: dict[tuple[int, str], Server] = {}
        self._told: str | None = None

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send *spans*; each experiment and run gets a request of its own."""
        groups: dict[Destination, list[ReadableSpan]] = {}
        for span in spans:
            destination = _noted.get(span) or current_destination(self._given)
            groups.setdefault(destination, []).append(span)
        results = [self._send(destination, group) for destination, group in groups.items()]
        return SpanExportResult.SUCCESS if all(results) else SpanExportResult.FAILURE

    def shutdown(self) -> None:
        """Do nothing: nothing is kept here."""

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Do nothing: nothing is kept here."""
        return True

    def _send(self, destination: Destination, spans: Sequence[ReadableSpan]) -> bool:
        try:
            server = self._server(destination.uri)
            target = _Target(
                server, server.experiment_id(destination), self._known_run(server, destination)
            )
            delivered = self._deliver(target, spans)
        except DeliveryError as problem:
            self._tell(str(problem))
            return False
        if delivered:
            self._told = None
        return delivered

    def _known_run(self, server: Server, destination: Destination) -> str | None:
        run_id = destination.run_id
        if run_id is None or server.has_run(run_id):
            return run_id
        if not self.silent:
            warn_once(
                f"unknown run {run_id}",
                "MLflow has no run %r, so the traces are in no run. Is MLFLOW_RUN_ID right?",
                run_id,
            )
        return None

    def _deliver(self, target: "_Target", spans: Sequence[ReadableSpan]) -> bool:
        try:
            target.take(spans)
        except DeliveryError as problem:
            traces = _by_trace(spans)
            if problem.status not in _SPOILT or len(traces) == 1:
                raise
            # MLflow takes a request whole or not at all: one bad trace must not cost the others.
            refused = [trace for trace in traces if not self._deliver_alone(target, trace)]
            return not refused
        return True

    def _deliver_alone(self, target: "_Target", trace: Sequence[ReadableSpan]) -> bool:
        try:
            target.take(trace)
        except DeliveryError as problem:
            self._tell(str(problem))
            return False
        return True

    def _server(self, uri: str | None) -> Server:
        if uri is None:
            raise DeliveryError(
                "No MLflow server is known. Set MLFLOW_TRACKING_URI, or pass tracking_uri"
            )
        if not uri.lower().startswith(("http://", "https://")):
            raise DeliveryError(
                f"MLflow's tracking URI begins with {uri.partition(':')[0]!r}, but only a server "
                "takes traces. Start `mlflow server`, and set MLFLOW_TRACKING_URI to its http "
                "address"
            )
        key = os.getpid(), uri
        if key not in self._servers:
            self._servers[key] = Server(uri)
        return self._servers[key]

    def _tell(self, problem: str) -> None:
        if problem != self._told and not self.silent:
            _logger.warning(
                "Traces do not get to MLflow, and are dropped. %s. The program itself goes on.",
                problem.rstrip("."),
            )
        self._told = problem


class _Target(NamedTuple):
    """A server, an experiment of it, and a run."""

    server: Server
    experiment_id: str
    run_id: str | None

    def take(self, spans: Sequence[ReadableSpan]) -> None:
        """Send *spans* there."""
        request = encode_spans(spans)
        _name_traces(request)
        self.server.send_spans(request.SerializeToString(), self.experiment_id, self.run_id)


def _name_traces(request: ExportTraceServiceRequest) -> None:
    """Name each trace after its root; MLflow names those that it made itself, and no others."""
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                named = any(each.key == TRACE_NAME for each in span.attributes)
                if not named and not span.parent_span_id:
                    attribute = span.attributes.add(key=TRACE_NAME)
                    attribute.value.string_value = span.name[:LONGEST_NAME]


def _by_trace(spans: Sequence[ReadableSpan]) -> list[list[ReadableSpan]]:
    traces: dict[int, list[ReadableSpan]] = {}
    for span in spans:
        trace_id = span.context.trace_id if span.context else 0
        traces.setdefault(trace_id, []).append(span)
    return list(traces.values())
