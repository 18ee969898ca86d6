"""A reply on its way to the client: bytes, pauses, broken connections."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from fake_gemini.script import JSON_TYPE, SSE_TYPE, Json, Reply

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest
    from starlette.types import Receive, Scope, Send

EVENT_TYPE = "event_type"
HERE = "{here}"
"""Stands in a reply's headers for the address that was asked."""
Sent = Callable[[Json], None]


class CuttableProtocol(H11Protocol):
    """HTTP/1.1 whose requests know their connection, so that a reply can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class ScriptedResponse(Response):
    """Sends one reply; tells ``sent`` each JSON document that has left whole."""

    def __init__(self, request: HttpRequest, reply: Reply, sent: Sent) -> None:
        self.request = request
        self.reply = reply
        self.sent = sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self.reply.delay)
        if self.reply.chunks:
            await self._send_stream(send)
        else:
            await self._send_body(send)

    async def _send_stream(self, send: Send) -> None:
        await send(self._start(SSE_TYPE, None))
        for number, chunk in enumerate(self.reply.chunks):
            if number:
                await asyncio.sleep(self.reply.pace)
            if number == self.reply.cut_after or self.request.state.transport.is_closing():
                break
            self.sent(chunk)
            await send(_body(_event(chunk), more=True))
        if self.reply.cut_after is None:
            end = b"event: done\ndata: [DONE]\n\n" if EVENT_TYPE in self.reply.chunks[0] else b""
            await send(_body(end, more=False))
        else:
            self._break_connection()

    async def _send_body(self, send: Send) -> None:
        reply = self.reply
        data = json.dumps(reply.body).encode() if reply.raw is None else reply.raw
        if reply.cut_after is None:
            if isinstance(reply.body, dict):
                self.sent(reply.body)
            await send(self._start(JSON_TYPE, len(data)))
            await send(_body(data, more=False))
            return
        if reply.cut_after:
            await send(self._start(JSON_TYPE, len(data)))
            await send(_body(data[: reply.cut_after], more=True))
        self._break_connection()

    def _start(self, content_type: str, length: int | None) -> dict[str, Any]:
        url = self.request.url
        here = f"{url.scheme}://{url.netloc}{self.request.scope['root_path']}"
        own = [(name, value.replace(HERE, here)) for name, value in self.reply.headers]
        headers = [("content-type", self.reply.content_type or content_type), *own]
        if length is not None:
            headers.append(("content-length", str(length)))
        return {
            "type": "http.response.start",
            "status": self.reply.status,
            "headers": [(name.encode(), value.encode()) for name, value in headers],
        }

    def _break_connection(self) -> None:
        self.request.state.transport.close()


def _event(chunk: Json) -> bytes:
    """Frames a chunk as its API does: the Interactions API names its events."""
    data = json.dumps(chunk).encode()
    if EVENT_TYPE not in chunk:
        return b"data: %s\r\n\r\n" % data
    return b"event: %s\ndata: %s\n\n" % (chunk[EVENT_TYPE].encode(), data)


def _body(data: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}
