"""A Gemini service as google-generativeai reaches it: over REST and over gRPC, both with TLS."""

from __future__ import annotations

import json
import ssl
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

import grpc
import trustme
from google.generativeai import protos

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typing_extensions import Self

SERVICE = "google.ai.generativelanguage.v1beta.GenerativeService"
PAIRS = {
    "GenerateContent": (protos.GenerateContentRequest, protos.GenerateContentResponse),
    "StreamGenerateContent": (protos.GenerateContentRequest, protos.GenerateContentResponse),
    "EmbedContent": (protos.EmbedContentRequest, protos.EmbedContentResponse),
    "BatchEmbedContents": (protos.BatchEmbedContentsRequest, protos.BatchEmbedContentsResponse),
    "CountTokens": (protos.CountTokensRequest, protos.CountTokensResponse),
}
"""Each method with what it takes and what it gives."""


class Refusal(NamedTuple):
    """An error of the service, in the words of both protocols."""

    code: int
    status: str
    message: str


class Raw(NamedTuple):
    """Bytes in place of a message, whether they make sense or not.

    Over REST they are a whole body, after which the connection may break.
    """

    data: bytes
    status: int = 200
    cut: bool = False


class Certificate(NamedTuple):
    """A certificate for this machine, and who vouches for it."""

    authority: Path
    chain: Path
    key: Path


def make_certificate(folder: Path) -> Certificate:
    """Issue a certificate for `localhost`."""
    certificate = Certificate(folder / "ca.pem", folder / "chain.pem", folder / "key.pem")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(certificate.authority))
    issued = authority.issue_cert("localhost")
    for blob in issued.cert_chain_pems:
        blob.write_to_path(str(certificate.chain), append=True)
    issued.private_key_pem.write_to_path(str(certificate.key))
    return certificate


class Fake:
    """Answers what it was told to, in that order, over whichever protocol it is asked.

    Attributes:
        answers: What comes next: a list of messages, the last of which may be a `Refusal` or `Raw`,
            or such a list for each method that may come.
        seen: Each request as (method, message).
        wire: Each request as it came: (method or path, headers, bytes).
        given: What was answered to each.
        listener: Is told the method of each request.
        rest: Address of the REST service.
        grpc: Address of the gRPC service.
    """

    def __init__(self, certificate: Certificate) -> None:
        self._certificate = certificate
        self._open = ExitStack()
        self.answers: list[Any] = []
        self.seen: list[tuple[str, Any]] = []
        self.wire: list[tuple[str, Any, bytes]] = []
        self.given: list[tuple[str, list[Any]]] = []
        self.listener: Callable[[str], None] = lambda _method: None
        self.rest = self.grpc = ""

    def __enter__(self) -> Self:
        self.rest = f"localhost:{self._serve_rest()}"
        self.grpc = f"localhost:{self._serve_grpc()}"
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def clear(self) -> None:
        """Forget everything."""
        self.answers.clear()
        self.seen.clear()
        self.wire.clear()
        self.given.clear()
        self.listener = lambda _method: None

    def take(self, method: str, request: Any, *came: Any) -> list[Any]:
        """Return what answers *request*."""
        self.listener(method)
        self.seen.append((method, request))
        self.wire.append(tuple(came))
        answer = self.answers.pop(0)
        self.given.append((method, answer[method] if isinstance(answer, dict) else answer))
        return self.given[-1][1]

    def _serve_rest(self) -> int:
        server = _Server(("localhost", 0), type("_Bound", (_Rest,), {"fake": self}))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._certificate.chain, self._certificate.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self._open.callback(thread.join)
        self._open.callback(server.server_close)
        self._open.callback(server.shutdown)
        return server.server_port

    def _serve_grpc(self) -> int:
        server = grpc.server(ThreadPoolExecutor(4))
        handlers = {method: self._handler(method) for method in PAIRS}
        generic = grpc.method_handlers_generic_handler(SERVICE, handlers)
        server.add_generic_rpc_handlers((generic,))
        pair = (self._certificate.key.read_bytes(), self._certificate.chain.read_bytes())
        port = server.add_secure_port("localhost:0", grpc.ssl_server_credentials([pair]))
        server.start()
        self._open.callback(lambda: server.stop(None).wait())
        return port

    def _handler(self, method: str) -> Any:
        taken, given = PAIRS[method]
        options = {
            "request_deserializer": lambda data: (taken.deserialize(data), data),
            "response_serializer": lambda one: (
                one.data if isinstance(one, Raw) else given.serialize(one)
            ),
        }
        if method.startswith("Stream"):
            return grpc.unary_stream_rpc_method_handler(self._messages(method), **options)
        return grpc.unary_unary_rpc_method_handler(
            lambda request, context: next(self._messages(method)(request, context)), **options
        )

    def _messages(self, method: str) -> Callable[[Any, Any], Iterator[Any]]:
        def answer(request: Any, context: Any) -> Iterator[Any]:
            asked, data = request
            headers = sorted(context.invocation_metadata())
            for message in self.take(method, asked, method, headers, data):
                if isinstance(message, Refusal):
                    context.abort(grpc.StatusCode[message.status], message.message)
                yield message

        return answer


class _Server(ThreadingHTTPServer):
    """Serves without a word about readers that hang up."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Rest(BaseHTTPRequestHandler):
    """One REST connection."""

    fake: Fake
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer one call."""
        body = self.rfile.read(int(self.headers["content-length"]))
        called = self.path.partition("?")[0].rpartition(":")[2]
        method = called[0].upper() + called[1:]
        taken, _ = PAIRS[method]
        request = taken.from_json(body, ignore_unknown_fields=True)
        messages = self.fake.take(method, request, self.path, sorted(self.headers.items()), body)
        if isinstance(messages[0], Refusal):
            self._send(messages[0].code, json.dumps({"error": messages[0]._asdict()}))
        elif isinstance(messages[0], Raw):
            self._send_raw(messages[0])
        elif method.startswith("Stream"):
            self._send_array(messages)
        else:
            self._send(200, type(messages[0]).to_json(messages[0]))

    def _send(self, status: int, text: str) -> None:
        self._send_raw(Raw(text.encode(), status))

    def _send_raw(self, raw: Raw) -> None:
        self.close_connection = raw.cut
        self.send_response(raw.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw.data) + raw.cut))
        self.end_headers()
        self.wfile.write(raw.data)

    def _send_array(self, messages: list[Any]) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for position, message in enumerate(messages):
            if isinstance(message, Refusal):
                # The status has been sent: all that is left is to hang up.
                self.close_connection = True
                return
            text = _text_of(message)
            self._send_chunk(f"{',' if position else '['}{text}")
        self._send_chunk("]")
        self.wfile.write(b"0\r\n\r\n")

    def _send_chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


def _text_of(message: Any) -> str:
    if isinstance(message, Raw):
        return message.data.decode()
    return str(type(message).to_json(message))
