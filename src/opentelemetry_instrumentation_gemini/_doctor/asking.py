"""Asking a receiver whether it takes a signal, by a request with nothing in it."""

import http.client
import socket
import ssl
from importlib import import_module
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from .destinations import Destination

_SECONDS = 3
_SERVICES = {"traces": "trace", "metrics": "metrics", "logs": "logs"}
_MOST_TEXT = 200


class Answer(NamedTuple):
    """What a receiver said.

    Attributes:
        status: The HTTP status, or gRPC's by its name; `None` where nothing was said.
        text: What it said, or why nothing came.
    """

    status: int | str | None
    text: str = ""


def ask_http(destination: Destination) -> Answer:
    """Send nothing by OTLP/HTTP."""
    headers = {**destination.headers, "Content-Type": "application/x-protobuf"}
    return _request(Request(destination.url, b"", headers), destination.certificate)  # noqa: S310


def is_mlflow(destination: Destination) -> bool:
    """Return whether an MLflow server is at that address."""
    parts = urlsplit(destination.url)
    answer = _request(
        Request(f"{parts.scheme}://{parts.netloc}/version"),  # noqa: S310 - the user's own address
        destination.certificate,
    )
    words = answer.text.strip().split(".")
    return answer.status == http.client.OK and len(words) > 1 and words[0].isdigit()


def _request(request: Request, certificate: str | None) -> Answer:
    try:
        context = ssl.create_default_context(cafile=certificate)
        with urlopen(request, timeout=_SECONDS, context=context) as response:  # noqa: S310
            return Answer(response.status, _read(response))
    except HTTPError as error:
        return Answer(error.code, _read(error))
    except URLError as error:
        return Answer(None, str(error.reason))
    except (http.client.HTTPException, OSError, ValueError) as error:
        return Answer(None, f"{type(error).__name__}: {error}")


def _read(response: Any) -> str:
    return str(response.read(_MOST_TEXT).decode("utf-8", "replace"))


def ask_grpc(destination: Destination) -> Answer:
    """Send nothing by OTLP/gRPC; raises ImportError where grpcio is not installed."""
    grpc: Any = import_module("grpc")
    address = urlsplit(destination.url).netloc or destination.url
    if destination.insecure:
        channel = grpc.insecure_channel(address)
    else:
        channel = grpc.secure_channel(address, _credentials(grpc, destination.certificate))
    kind = _SERVICES[destination.signal]
    path = f"/opentelemetry.proto.collector.{kind}.v1.{kind.capitalize()}Service/Export"
    metadata = [(name.lower(), value) for name, value in destination.headers.items()]
    with channel:
        try:
            channel.unary_unary(path)(b"", timeout=_SECONDS, metadata=metadata)
        except grpc.RpcError as error:
            return Answer(error.code().name, error.details() or "")
    return Answer("OK")


def _credentials(grpc: Any, certificate: str | None) -> Any:
    if certificate is None:
        return grpc.ssl_channel_credentials()
    with open(certificate, "rb") as file:  # noqa: PTH123 - read as the exporter does
        return grpc.ssl_channel_credentials(file.read())


def spoken_at(url: str) -> str | None:
    """Return what a port without TLS speaks, `http` or `grpc`; `None` where nothing listens."""
    parts = urlsplit(url if "://" in url else f"//{url}")
    address = (parts.hostname or "localhost", parts.port or 80)
    try:
        with socket.create_connection(address, timeout=_SECONDS) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: doctor\r\nConnection: close\r\n\r\n")
            first = connection.recv(5)
    except TimeoutError:
        return "something else"
    except ConnectionResetError:
        return "grpc"
    except OSError:
        return None
    # A gRPC server sends its HTTP/2 settings, or hangs up.
    return "http" if first == b"HTTP/" else "grpc"
