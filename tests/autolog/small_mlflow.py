"""The part of an MLflow server that traces need: experiments, runs, and OTLP."""

from __future__ import annotations

import gzip
import json
import threading
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from typing_extensions import Self

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = tuple[int, Any]


@dataclass(frozen=True)
class Request:
    """What was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Span:
    """A span as it arrived."""

    name: str
    trace_id: str
    parent_id: str
    experiment_id: str
    run_id: str | None
    attributes: dict[str, Any]


@dataclass
class SmallMlflow:
    """Answers on a loopback port while it is entered.

    ``experiments`` are names and ids, ``runs`` the experiments of each run. ``refuse`` may answer a
    request before the server does; ``elsewhere`` is where it sends whoever asks.
    """

    experiments: dict[str, str] = field(default_factory=lambda: {"Default": "0"})
    deleted: set[str] = field(default_factory=set)
    runs: dict[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    refuse: Callable[[Request], Answer | None] | None = None
    elsewhere: str | None = None
    retry_after: str | None = None

    def __post_init__(self) -> None:
        handler = type("Handler", (_Handler,), {"mlflow": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        serve = partial(self._server.serve_forever, poll_interval=0.01)
        threading.Thread(target=serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def spans(self) -> list[Span]:
        """Every span that was taken, in order."""
        return [
            _span(span, request.headers)
            for request in self.requests
            if request.path == "/v1/traces"
            for resource in ExportTraceServiceRequest.FromString(request.body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def paths(self) -> list[str]:
        """What was asked for, by its last word."""
        return [request.path.rpartition("/")[2] for request in self.requests]

    def answer(self, request: Request) -> Answer:
        """Answer as MLflow does."""
        self.requests.append(request)
        refused = self.refuse and self.refuse(request)
        if refused:
            return refused
        url = urlsplit(request.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        answering = {
            "/v1/traces": lambda: self._take(request),
            "/api/2.0/mlflow/experiments/create": lambda: self._create(request),
            "/api/2.0/mlflow/experiments/get-by-name": lambda: self._experiment(
                asked["experiment_name"]
            ),
            "/api/2.0/mlflow/experiments/get": lambda: self._experiment(
                {number: name for name, number in self.experiments.items()}.get(
                    asked["experiment_id"]
                )
            ),
            "/api/2.0/mlflow/runs/get": lambda: self._run(asked["run_id"]),
        }
        return answering.get(url.path, lambda: (404, {}))()

    def _run(self, run_id: str) -> Answer:
        if run_id not in self.runs:
            return 404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such run"}
        return 200, {"run": {"info": {"experiment_id": self.runs[run_id]}}}

    def _create(self, request: Request) -> Answer:
        name = json.loads(request.body)["name"]
        if name in self.experiments:
            return 400, {"error_code": "RESOURCE_ALREADY_EXISTS", "message": "there already"}
        self.experiments[name] = str(len(self.experiments))
        return 200, {"experiment_id": self.experiments[name]}

    def _experiment(self, name: str | None) -> Answer:
        if name not in self.experiments:
            return 404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such experiment"}
        stage = "deleted" if name in self.deleted else "active"
        number = self.experiments[name]
        return 200, {
            "experiment": {"experiment_id": number, "name": name, "lifecycle_stage": stage}
        }

    def _take(self, request: Request) -> Answer:
        if "x-mlflow-experiment-id" not in request.headers:
            return 422, {"detail": "header missing"}
        return 200, {}


class _Handler(BaseHTTPRequestHandler):
    mlflow: SmallMlflow
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, answer = self.mlflow.answer(Request(self.command, self.path, headers, body))
        text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(302 if self.mlflow.elsewhere else status)
        if self.mlflow.elsewhere:
            self.send_header("Location", self.mlflow.elsewhere)
        if self.mlflow.retry_after:
            self.send_header("Retry-After", self.mlflow.retry_after)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Keep the tests' output free of access lines."""


def _span(span: Any, headers: dict[str, str]) -> Span:
    return Span(
        span.name,
        span.trace_id.hex(),
        span.parent_span_id.hex(),
        headers.get("x-mlflow-experiment-id", ""),
        headers.get("x-mlflow-run-id"),
        {pair.key: _value(pair.value) for pair in span.attributes},
    )


def _value(value: Any) -> Any:
    return getattr(value, value.WhichOneof("value") or "string_value")
