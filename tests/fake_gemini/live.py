"""A fake Live API: a WebSocket over TLS on a loopback port, and scripted sessions.

    with FakeLive() as fake:
        handle = fake.play(Hear(), Say(*spoken("Hello"), turn_complete(12, 3)))
        async with live_client(handle).aio.live.connect(model=MODEL) as session:
            ...

A script starts after the setup: ``Hear`` waits for frames of the client, ``Say`` sends frames,
``Close`` and ``Drop`` end the connection. After the script the server listens until the client
leaves.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import ssl
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TypeAlias

import trustme
from typing_extensions import Self
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

if TYPE_CHECKING:
    from types import TracebackType

    from google.genai import Client

Json: TypeAlias = dict[str, Any]
Frame: TypeAlias = Json | str | bytes
"""What is sent as JSON, or as it is."""

MODEL = "gemini-live-2.5-flash-preview"
AUDIO = "audio/pcm;rate=24000"


@dataclass(frozen=True)
class Hear:
    """Waits for frames of the client."""

    frames: int = 1


class Say:
    """Sends frames, after a pause before each."""

    def __init__(self, *frames: Frame, pace: float = 0.0) -> None:
        self.frames = frames
        self.pace = pace


@dataclass(frozen=True)
class Close:
    """Closes the connection as a server does."""

    code: int = 1000
    reason: str = ""


@dataclass(frozen=True)
class Drop:
    """Breaks the connection, as a network does."""


Step: TypeAlias = Hear | Say | Close | Drop


@dataclass
class LiveHandle:
    """An address of its own, what happens there, and what has happened so far."""

    url: str
    script: tuple[Step, ...]
    setup_complete: Json
    paths: list[str] = field(default_factory=list)
    setups: list[Json] = field(default_factory=list)
    frames: list[Json] = field(default_factory=list)
    """What the client sent after its setup."""
    close_codes: list[int | None] = field(default_factory=list)
    """How the client closed each connection."""

    def wait_for_ends(self) -> None:
        """Waits until the server has noticed the end of every connection."""
        until = monotonic() + 5
        while len(self.close_codes) < len(self.paths) and monotonic() < until:
            sleep(0.005)


class FakeLive:
    """Serves the Live API's routes, of Gemini and of Vertex AI, while it is entered.

    The certificate is made for it, and trusted by way of ``SSL_CERT_FILE``.
    """

    def __init__(self) -> None:
        self._handles: dict[str, LiveHandle] = {}
        self._numbers = itertools.count(1)
        self._folder = tempfile.TemporaryDirectory()
        self._trusted = os.environ.get("SSL_CERT_FILE")
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fake-live", daemon=True)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()
        if self._trusted is None:
            os.environ.pop("SSL_CERT_FILE", None)
        else:
            os.environ["SSL_CERT_FILE"] = self._trusted
        self._folder.cleanup()

    def play(self, *script: Step, setup_complete: Json | None = None) -> LiveHandle:
        """Returns an address where each connection meets the script from its start."""
        number = str(next(self._numbers))
        url = f"https://localhost:{self.port}/s/{number}"
        handle = LiveHandle(url, script, setup_complete or {})
        self._handles[number] = handle
        return handle

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._listening.set()
            self._loop.close()

    async def _serve(self) -> None:
        tls = self._certified()
        serving = serve(
            self._connected,
            "localhost",
            0,
            process_request=self._refused,
            ssl=tls,
            max_size=None,
        )
        async with serving as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            self._listening.set()
            await self._stopped.wait()

    def _certified(self) -> ssl.SSLContext:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        certificate = Path(self._folder.name) / "authority.pem"
        authority.cert_pem.write_to_path(str(certificate))
        os.environ["SSL_CERT_FILE"] = str(certificate)
        return context

    def _refused(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.path.split("/")[2] in self._handles:
            return None
        return connection.respond(404, "Nothing is played here.")

    async def _connected(self, connection: ServerConnection) -> None:
        path = connection.request.path if connection.request else ""
        handle = self._handles[path.split("/")[2]]
        handle.paths.append(path)
        try:
            handle.setups.append(json.loads(await connection.recv()))
            if not (handle.script and isinstance(handle.script[0], (Close, Drop))):
                await connection.send(json.dumps({"setupComplete": handle.setup_complete}))
            for step in handle.script:
                await _perform(step, connection, handle)
            while True:
                handle.frames.append(json.loads(await connection.recv()))
        except ConnectionClosed as closed:
            handle.close_codes.append(closed.rcvd.code if closed.rcvd else None)


async def _perform(step: Step, connection: ServerConnection, handle: LiveHandle) -> None:
    if isinstance(step, Hear):
        for _ in range(step.frames):
            handle.frames.append(json.loads(await connection.recv()))
    elif isinstance(step, Say):
        for frame in step.frames:
            await asyncio.sleep(step.pace)
            await connection.send(_sent(frame, handle.paths[-1]))
    elif isinstance(step, Close):
        await connection.close(step.code, step.reason)
    else:
        connection.transport.abort()
        await connection.wait_closed()


def _sent(frame: Frame, path: str) -> str | bytes:
    return json.dumps(_worded(frame, path)) if isinstance(frame, dict) else frame


def _worded(frame: Json, path: str) -> Json:
    """Returns a frame in the words of the service: Vertex AI's answers are candidates."""
    if "aiplatform" not in path or "usageMetadata" not in frame:
        return frame
    counts = frame["usageMetadata"].items()
    worded = {name.replace("response", "candidates"): count for name, count in counts}
    return {**frame, "usageMetadata": worded}


def live_client(target: LiveHandle, *, vertex: bool = False, **options: Any) -> Client:
    """Returns a client of the real SDK whose sessions go to the fake."""
    from google.genai import Client  # noqa: PLC0415 - only who asks for a client loads the SDK
    from google.oauth2.credentials import Credentials  # noqa: PLC0415

    http_options: Any = {"base_url": target.url, **options}
    if not vertex:
        return Client(vertexai=False, api_key="fake-key", http_options=http_options)
    return Client(
        vertexai=True,
        project="fake-project",
        location="us-central1",
        credentials=Credentials(token="fake-token"),  # type: ignore[no-untyped-call]
        http_options=http_options,
    )


def content(**fields: Any) -> Json:
    """Returns a frame with server content."""
    return {"serverContent": fields}


def text(*pieces: str) -> tuple[Json, ...]:
    """Returns the frames of a written answer."""
    return tuple(content(modelTurn={"parts": [{"text": piece}]}) for piece in pieces)


def spoken(*pieces: str, audio: str = "AAECAwQFBgcICQ==") -> tuple[Json, ...]:
    """Returns the frames of a spoken answer: for each piece its transcript, and ten bytes."""
    blob = {"inlineData": {"mimeType": AUDIO, "data": audio}}
    return tuple(
        frame
        for piece in pieces
        for frame in (
            content(outputTranscription={"text": piece}),
            content(modelTurn={"parts": [blob]}),
        )
    )


def heard(*pieces: str) -> tuple[Json, ...]:
    """Returns the frames of what the service understood."""
    return tuple(content(inputTranscription={"text": piece}) for piece in pieces)


def usage(prompt: int, response: int, **more: Any) -> Json:
    """Returns token counts that add up; thoughts stand outside the total."""
    counts = {"promptTokenCount": prompt, "responseTokenCount": response}
    return {"usageMetadata": {**counts, "totalTokenCount": prompt + response, **more}}


def complete(prompt: int, response: int, **more: Any) -> tuple[Json, Json]:
    """Returns the two frames that end a turn, the second with its tokens."""
    return (
        content(generationComplete=True),
        {**content(turnComplete=True), **usage(prompt, response, **more)},
    )


def tool_call(name: str, call_id: str | None = "call-1", **arguments: Any) -> Json:
    """Returns a frame that wants a function called."""
    call: Json = {"name": name, "args": arguments}
    if call_id is not None:
        call["id"] = call_id
    return {"toolCall": {"functionCalls": [call]}}
