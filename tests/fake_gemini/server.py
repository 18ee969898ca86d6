"""The server: real HTTP on a loopback port, in a thread of its own."""

from __future__ import annotations

import itertools
import socket
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import uvicorn
from typing_extensions import Self

from fake_gemini.app import application
from fake_gemini.handle import Handle, scripted
from fake_gemini.sending import CuttableProtocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from fake_gemini.recording import Request
    from fake_gemini.script import Scenario, Step


class FakeGemini:
    """Serves Gemini's and Vertex AI's routes while it is entered.

    At ``url`` it plays freely, by model name and prompt; ``play`` opens an address of its own for
    a scenario, so that one server serves many tests at once.
    """

    def __init__(self, port: int = 0, *, pace: float = 0.0) -> None:
        self._socket = _listening(port)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.free = Handle(url=self.url, answering=_improvising(pace))
        self._handles: dict[str, Handle] = {}
        self._numbers = itertools.count(1)
        self._server = uvicorn.Server(
            uvicorn.Config(
                application(self._handles, self.free),
                http=CuttableProtocol,
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                timeout_keep_alive=600,
                timeout_graceful_shutdown=1,
            )
        )
        self.thread = threading.Thread(
            target=self._server.run,
            kwargs={"sockets": [self._socket]},
            name="fake-gemini",
            daemon=True,
        )

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self.thread.join()

    def play(self, scenario: Scenario, *, repeat: bool = False) -> Handle:
        """Returns a fresh instance of the scenario; ``repeat`` starts it anew when it is over."""
        number = str(next(self._numbers))
        handle = Handle(
            url=f"{self.url}/s/{number}",
            answering=scripted(scenario, repeat=repeat),
            scenario=scenario,
        )
        self._handles[number] = handle
        return handle


def _improvising(pace: float) -> Callable[[Request, Callable[[Request], Step]], Step]:
    def answer(request: Request, improvise: Callable[[Request], Step]) -> Step:
        step = improvise(request)
        return replace(step, stream=replace(step.stream, pace=pace))

    return answer


def _listening(port: int) -> socket.socket:
    """Returns a socket that already takes connections, so nobody has to wait for the thread."""
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening
