"""Programs that talk to the Live API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fake_gemini.live import MODEL, live_client

if TYPE_CHECKING:
    from fake_gemini.live import LiveHandle

AUDIO_IN = {"data": b"\0" * 3200, "mime_type": "audio/pcm;rate=16000"}
"""A tenth of a second of silence."""


def connect(handle: LiveHandle, *, vertex: bool = False, **config: Any) -> Any:
    """Returns the manager of a new session; nothing is connected yet."""
    client = live_client(handle, vertex=vertex)
    manager = client.aio.live.connect(model=MODEL, config=config or None)
    # A client that is gone closes its transports.
    manager.client = client
    return manager


async def tell(session: Any, text: str) -> None:
    """Say something, and want an answer."""
    turn = {"role": "user", "parts": [{"text": text}]}
    await session.send_client_content(turns=turn, turn_complete=True)


async def listen(session: Any) -> list[Any]:
    """Receive until the turn is complete."""
    return [message async for message in session.receive()]


async def ask(session: Any, text: str) -> list[Any]:
    """Say something and receive the answer."""
    await tell(session, text)
    return await listen(session)


async def speak(session: Any, chunks: int = 1) -> None:
    """Send some audio."""
    for _ in range(chunks):
        await session.send_realtime_input(audio=AUDIO_IN)
