"""A fake of live interactions: a plain WebSocket on a loopback port, and scripted frames.

    with FakeLiveInteractions() as fake:
        handle = fake.play(Hear(), Say(*spoken("Hello"), completed(usage(12, 3))))
        async with live_interactions_client(handle).aio.interactions.connect(ID) as connection:
            ...

A script starts after the frame in which the client says which interaction it means.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from websockets.exceptions import ConnectionClosed

from fake_gemini.clients import client
from fake_gemini.interaction_wire import ID, call, event, failed, text, usage
from fake_gemini.live import Close, Drop, FakeLive, Hear, LiveHandle, Say, _perform

if TYPE_CHECKING:
    import ssl

    from google.genai import Client
    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request, Response

    from fake_gemini.live import Json, Step

__all__ = [
    "ID",
    "Close",
    "Drop",
    "FakeLiveInteractions",
    "Hear",
    "Say",
    "call",
    "completed",
    "event",
    "failed",
    "live_interactions_client",
    "spoken",
    "step",
    "usage",
]


class FakeLiveInteractions(FakeLive):
    """Serves `interactions/live` while it is entered; without TLS, since none is forced."""

    def __init__(self) -> None:
        super().__init__()
        self._statuses: dict[str, int] = {}

    def play(self, *script: Step, status: int | None = None) -> LiveHandle:  # type: ignore[override]
        """Returns an address that plays the script, or refuses the handshake with *status*."""
        number = str(next(self._numbers))
        handle = LiveHandle(f"http://localhost:{self.port}/s/{number}", script, {})
        self._handles[number] = handle
        if status is not None:
            self._statuses[number] = status
        return handle

    def _certified(self) -> ssl.SSLContext:
        return None  # type: ignore[return-value]

    def _refused(self, connection: ServerConnection, request: Request) -> Response | None:
        number = request.path.split("/")[2]
        if number in self._statuses:
            return connection.respond(self._statuses[number], "The peer's own secret reason.")
        return super()._refused(connection, request)

    async def _connected(self, connection: ServerConnection) -> None:
        path = connection.request.path if connection.request else ""
        handle = self._handles[path.split("/")[2]]
        handle.paths.append(path)
        try:
            handle.setups.append(json.loads(await connection.recv()))
            for one in handle.script:
                await _perform(one, connection, handle)
            while True:
                handle.frames.append(json.loads(await connection.recv()))
        except ConnectionClosed as closed:
            handle.close_codes.append(closed.rcvd.code if closed.rcvd else None)


def live_interactions_client(target: LiveHandle, **options: Any) -> Client:
    """Returns a client of the real SDK whose connections go to the fake."""
    return client(target.url, **options)


def step(index: int, begun: Json, *deltas: Json, **stopped: Any) -> tuple[Json, ...]:
    """Builds the events of one step; *stopped* goes on its last one."""
    return (
        event("step.start", index=index, step=begun),
        *(event("step.delta", index=index, delta=delta) for delta in deltas),
        event("step.stop", index=index, **stopped),
    )


def spoken(*pieces: str, index: int = 0, **stopped: Any) -> tuple[Json, ...]:
    """Builds the events of a step in which the model says something."""
    deltas = [text(piece) for piece in pieces]
    return step(index, {"type": "model_output"}, *deltas, **stopped)


def completed(usage: Json | None = None, **more: Any) -> Json:
    """Builds the event that ends an interaction."""
    reported = {} if usage is None else {"usage": usage}
    return event("interaction.completed", **reported, **more)
