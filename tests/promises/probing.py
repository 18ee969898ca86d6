"""Transports that look at the current span whenever the SDK works on the wire."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from importlib import import_module
from typing import Any

from opentelemetry import trace

from fake_gemini.clients import sdk_version

# SDKs before 3.0 send through httpx, whose fork may be installed for others.
httpx = import_module("httpx2" if sdk_version() >= (3, 0) else "httpx")

# Loading the system's certificates would take longer than the tests.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class _Stream(httpx.SyncByteStream):
    def __init__(self, stream: Any, look: Callable[[], Any]) -> None:
        self.stream, self.look = stream, look

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.stream:
            self.look()
            yield piece

    def close(self) -> None:
        self.look()
        self.stream.close()


class _AsyncStream(httpx.AsyncByteStream):
    def __init__(self, stream: Any, look: Callable[[], Any]) -> None:
        self.stream, self.look = stream, look

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self.stream:
            self.look()
            yield piece

    async def aclose(self) -> None:
        self.look()
        await self.stream.aclose()


class _Transport(httpx.HTTPTransport):
    def __init__(self, look: Callable[[], Any]) -> None:
        super().__init__(verify=_NO_TLS)
        self.look = look

    def handle_request(self, request: Any) -> Any:
        self.look()
        response = super().handle_request(request)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_Stream(response.stream, self.look),
            extensions=response.extensions,
        )


class _AsyncTransport(httpx.AsyncHTTPTransport):
    def __init__(self, look: Callable[[], Any]) -> None:
        super().__init__(verify=_NO_TLS)
        self.look = look

    async def handle_async_request(self, request: Any) -> Any:
        self.look()
        response = await super().handle_async_request(request)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_AsyncStream(response.stream, self.look),
            extensions=response.extensions,
        )


def wire(look: Callable[[], Any]) -> dict[str, Any]:
    """Returns http_options under which `look` is called at each step on the wire."""
    return {
        "client_args": {"transport": _Transport(look), "verify": _NO_TLS},
        "async_client_args": {"transport": _AsyncTransport(look), "verify": _NO_TLS},
    }


class SpansOnTheWire(list[Any]):
    """The current span at each step on the wire."""

    def options(self) -> dict[str, Any]:
        """Returns the http_options that fill it."""
        return wire(lambda: self.append(trace.get_current_span()))
