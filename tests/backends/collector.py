"""A real collector that passes everything on, and a sink that keeps what it passes."""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

ROOT = Path(__file__).resolve().parents[2]
# An environment that holds rotel and Envoy; the tests' own does not.
PYTHON = Path(os.environ.get("BACKENDS_PYTHON", ROOT / ".venvs/backends/bin/python"))
PATIENCE = 15
AGENT = """
import rotel, sysconfig
from pathlib import Path

print(Path(rotel.__file__).with_name("rotel-agent"))
print(sysconfig.get_config_var("LIBDIR"))
"""
REQUESTS = {
    "traces": ExportTraceServiceRequest,
    "metrics": ExportMetricsServiceRequest,
    "logs": ExportLogsServiceRequest,
}
# Where the lists of resources, scopes and items stand in each kind of request.
LEVELS = {
    "traces": ("resource_spans", "scope_spans", "spans"),
    "metrics": ("resource_metrics", "scope_metrics", "metrics"),
    "logs": ("resource_logs", "scope_logs", "log_records"),
}


def items(signal, request):
    """Every item of a request, as the bytes of its resource, its scope and itself."""
    resources, scopes, leaves = LEVELS[signal]
    return [
        (
            *(part.SerializeToString(deterministic=True) for part in (outer.resource, inner.scope)),
            inner.schema_url,
            leaf.SerializeToString(deterministic=True),
        )
        for outer in getattr(request, resources)
        for inner in getattr(outer, scopes)
        for leaf in getattr(inner, leaves)
    ]


class Sink:
    """Takes OTLP by HTTP on a loopback port while it is entered."""

    def __enter__(self):
        self.items = {signal: [] for signal in REQUESTS}
        handler = type("Handler", (_Handler,), {"sink": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        serve = partial(self._server.serve_forever, poll_interval=0.01)
        threading.Thread(target=serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, signal, count):
        """What arrived of *signal*, once there is as much of it."""
        wait_until(lambda: len(self.items[signal]) >= count, f"{count} of {signal}")
        return self.items[signal]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        signal = self.path.rpartition("/")[2]
        self.sink.items[signal] += items(signal, REQUESTS[signal].FromString(body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Keep the tests' output free of access lines."""


def wait_until(done, what):
    """Wait until *done* says yes; fail after a while."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def listens(port):
    """Whether somebody listens there."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


class Collector:
    """Ports of a collector that may be started and killed again and again."""

    def __init__(self, sink):
        self._agent, self._libraries = subprocess.run(
            [PYTHON, "-c", AGENT], capture_output=True, text=True, check=True
        ).stdout.split()
        self._sink = sink
        self.ports = {"grpc": free_port(), "http": free_port()}
        self._process = None

    def url(self, protocol, signal):
        """Where an exporter sends to."""
        path = f"/v1/{signal}" if protocol == "http" else ""
        return f"http://127.0.0.1:{self.ports[protocol]}{path}"

    def start(self):
        """Start it, and wait until it listens."""
        command = [self._agent, "start", "--exporter", "otlp"]
        for name, value in {
            "otlp-grpc-endpoint": f"127.0.0.1:{self.ports['grpc']}",
            "otlp-http-endpoint": f"127.0.0.1:{self.ports['http']}",
            "otlp-exporter-endpoint": self._sink.url,
            "otlp-exporter-protocol": "http",
        }.items():
            command += [f"--{name}", value]
        self._process = subprocess.Popen(
            command,
            env={"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": self._libraries},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: all(map(listens, self.ports.values())), "the collector")

    def kill(self):
        """Kill it without a chance to send what it holds."""
        self._process.kill()
        self._process.wait()


@contextmanager
def collecting():
    """Give a running collector and the sink behind it."""
    with Sink() as sink:
        collector = Collector(sink)
        collector.start()
        yield collector, sink
        collector.kill()
