"""A real HTTP server on loopback that answers with recordings."""

import itertools
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from recorded.traffic import Exchange

_EVENT_END = re.compile(rb"(?<=\n\n)|(?<=\r\n\r\n)")


@dataclass(frozen=True)
class Seen:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass
class Lane:
    """An URL prefix of its own: what is asked under it sees one recording only."""

    url: str
    playing: Exchange | None = None
    then: tuple[Exchange, ...] = ()
    seen: list[Seen] = field(default_factory=list)

    def play(self, exchange: Exchange, *then: Exchange) -> None:
        """Answer with these in order, from then on with the last, and forget earlier requests."""
        self.playing = exchange
        self.then = then
        self.seen = []

    def answer(self) -> Exchange | None:
        """Return what is answered now."""
        playing = self.playing
        if self.then:
            self.playing, *then = self.then
            self.then = tuple(then)
        return playing


class ReplayServer:
    """Lanes under one address; each answers every request with what it plays."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._lanes: dict[str, Lane] = {}
        self._numbers = itertools.count(1)

    def open_lane(self) -> Lane:
        """Return a new lane, apart from all others."""
        name = f"lane-{next(self._numbers)}"
        lane = self._lanes[name] = Lane(f"http://127.0.0.1:{self.port}/{name}")
        return lane

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request (ASGI)."""
        body = await _read_body(receive)
        name, _, target = scope["path"].removeprefix("/").partition("/")
        lane = self._lanes.get(name)
        exchange = None if lane is None else lane.answer()
        if lane is None or exchange is None:
            await _answer(send, 599, [(b"content-type", b"text/plain")], b"nothing plays here")
            return
        query = scope["query_string"].decode()
        headers = tuple(sorted((key, value) for key, value in scope["headers"]))
        target = f"/{target}?{query}" if query else f"/{target}"
        lane.seen.append(Seen(scope["method"], target, headers, body))
        answer_headers = [
            (b"content-type", exchange.content_type.encode()),
            *((key.encode(), value.encode()) for key, value in exchange.headers),
        ]
        await _answer(send, exchange.status, answer_headers, exchange.body)


async def _read_body(receive: Any) -> bytes:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _answer(send: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for piece in _EVENT_END.split(body):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body"})


@contextmanager
def serve() -> Iterator[ReplayServer]:
    """Run a replay server in a thread for as long as the block lasts."""
    # asyncio switches Nagle's delay off only where the protocol is named.
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        app = ReplayServer(listener.getsockname()[1])
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            log_level="critical",
            server_header=False,
            date_header=False,
            timeout_keep_alive=600,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield app
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(timeout=10)
