"""Small receivers of OTLP on loopback ports, by HTTP and by gRPC."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc


@contextmanager
def http_receiver(statuses=None, otherwise=404):
    """Give the address of a server that answers each path with its status of *statuses*."""
    statuses = {"/v1/traces": 200, "/v1/metrics": 200, "/v1/logs": 200, **(statuses or {})}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(statuses.get(self.path, otherwise))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self):
            self.do_POST()

        def log_message(self, *_):
            """Keep the tests' output free of access lines."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serve = partial(server.serve_forever, poll_interval=0.01)
    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def grpc_receiver(*signals, refuse=None):
    """Give the address of a server that takes *signals*, or refuses each with a status."""

    def take(_request, context):
        if refuse is not None:
            context.abort(refuse, "no")
        return b""

    server = grpc.server(ThreadPoolExecutor(1))
    for kind in signals:
        method = grpc.unary_unary_rpc_method_handler(take)
        service = f"opentelemetry.proto.collector.{kind}.v1.{kind.capitalize()}Service"
        server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(service, {"Export": method}),)
        )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop(0).wait()
