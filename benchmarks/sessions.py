"""Sessions over a socket that stands in the same process and never waits.

A sample is one turn of a session that is open already: what is sent, and all that comes until the
answer is over. A `SessionStand` holds four sessions of the kinds that a `Stand` has, two of them
connected while the instrumentation is on, and two while it is off. What is played are the messages
that the SDK has received in the frames; in the other two it reads them from the socket.

How an answer ends may be known only when the next one begins. So what one turn emits is taken from
where its span starts to where that of the next one does.
"""

import asyncio
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import repeat
from types import SimpleNamespace
from typing import Any

from typing_extensions import Self

from .scenarios import LIVE, LIVE_INTERACTIONS, Scenario
from .sdk import Gates, Stand
from .transport import make_client

_SETUP_COMPLETE = b'{"setupComplete": {}}'


@dataclass(frozen=True)
class Session:
    """A kind of session.

    Attributes:
        module: Where the SDK has it.
        owner: The class of an open session.
        round_trips: Its methods that send and receive, below the hooks.
        opening: What the service answers to the first frame.
        connect: Returns what opens a session of a client.
        turn: Has one turn.
    """

    module: str
    owner: str
    round_trips: Sequence[Sequence[str]]
    opening: Sequence[bytes]
    connect: Callable[[Any, Scenario], Any]
    turn: Callable[[Any, Scenario], Any]


async def _take_turn(session: Any, scenario: Scenario) -> None:
    await session.send_client_content(**scenario.arguments)
    async for _ in session.receive():
        pass


async def _hear_answer(connection: Any, scenario: Scenario) -> None:
    await connection.send(**scenario.arguments)
    if not hasattr(connection, "events"):
        # One for the whole session, as a program has it.
        connection.events = connection.receive()
    while (await anext(connection.events)).event_type != "step.stop":
        pass


SESSIONS = {
    LIVE: Session(
        "google.genai.live",
        "AsyncSession",
        (("send_client_content",), ("_receive",)),
        (_SETUP_COMPLETE,),
        lambda client, scenario: client.aio.live.connect(**scenario.session),
        _take_turn,
    ),
    LIVE_INTERACTIONS: Session(
        "google.genai._interactions_websocket",
        "InteractionWebSocketConnection",
        (("_send_payload",), ("_fill_pending_events",)),
        (),
        lambda client, scenario: client.aio.interactions.connect(**scenario.session),
        _hear_answer,
    ),
}
"""The kinds of sessions, by the resource of their scenarios."""


class _Socket:
    """Stands in for a connection: to each frame that it is sent it answers at once."""

    def __init__(self, opening: Sequence[bytes], answer: Sequence[bytes]) -> None:
        self._frames: deque[bytes] = deque()
        self._next, self._answer = opening, answer

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    async def send(self, _frame: str) -> None:
        """Take a frame."""
        self._frames.extend(self._next)
        self._next = self._answer

    async def recv(self, *, decode: bool | None = None) -> bytes:
        """Return the next frame."""
        del decode
        return self._frames.popleft()

    async def close(self) -> None:
        """Do nothing."""


class SessionGates(Gates):
    """The gates in the class of an open session."""

    def layers(self, resource: str) -> Iterator[tuple[bool, type, Sequence[Sequence[str]]]]:
        """Yield the one class, which is asynchronous."""
        kind = SESSIONS[resource]
        yield True, getattr(import_module(kind.module), kind.owner), kind.round_trips

    def stand_ins(self, original: Any, below: str) -> tuple[Any, Any]:
        """Return what stands above *original*, and what plays it."""
        return _fills(below) if original.__name__ == "_fill_pending_events" else _passes(below)


def _passes(below: str) -> tuple[Any, Any]:
    async def gate(self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = await getattr(self, below)(*args, **kwargs)
        self.heard.append(answer)
        return answer

    async def play(self: Any, *_args: Any, **_kwargs: Any) -> Any:
        return next(self.answers)

    return gate, play


def _fills(below: str) -> tuple[Any, Any]:
    async def gate(self: Any) -> Any:
        filled = await getattr(self, below)()
        self.heard.append(tuple(self._pending_events))
        return filled

    async def play(self: Any) -> bool:
        self._pending_events.extend(next(self.answers))
        return True

    return gate, play


def _parse(event: dict[str, Any]) -> Any:
    return SimpleNamespace(**event)


class SessionStand(Stand):
    """Four sessions of one client.

    Args:
        gates: Where their kinds come from.
        scenario: How they are opened, and what the service answers.
        loop: Where they are opened and closed.
    """

    def __init__(
        self, gates: SessionGates, scenario: Scenario, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._client = make_client((), streamed=False)
        self._kinds: dict[str, Any] = gates.kinds(asynchronous=True)
        self._scenario = scenario
        self._loop = loop
        self._session = SESSIONS[scenario.resource]
        # Imported by now, so that nothing is hooked later on.
        _ = self._client.aio.interactions

    @contextmanager
    def opened(self, put_on: Callable[[bool], None]) -> Iterator[None]:
        """Keep the sessions open, those that are traced as those that are not."""
        with ExitStack() as stack:
            for name, kind in self._kinds.items():
                instrumented = not name.startswith("plain")
                put_on(instrumented)
                # Nothing was answered so far, and opening a session sends already.
                kind.heard, kind.answers = [], repeat(None)
                with self._made_of(kind), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    manager = self._session.connect(self._client, self._scenario)
                    setattr(self, name, self._loop.run_until_complete(manager.__aenter__()))
                stack.callback(self._close, manager, put_on, instrumented)
                kind.heard.clear()
                if name.endswith("played") and hasattr(kind, "_fill_pending_events"):
                    # The SDK takes milliseconds to parse an event, above the hooks.
                    getattr(self, name)._event_parser = _parse
            yield

    @contextmanager
    def _made_of(self, kind: type) -> Iterator[None]:
        """Have the SDK make a session of this *kind*, on a socket of ours."""
        module: Any = import_module(self._session.module)
        own = {name: getattr(module, name) for name in ("ws_connect", self._session.owner)}
        socket = _Socket(self._session.opening, self._scenario.replies)
        module.ws_connect = lambda *_args, **_kwargs: socket
        setattr(module, self._session.owner, kind)
        try:
            yield
        finally:
            vars(module).update(own)

    def _close(self, manager: Any, put_on: Callable[[bool], None], instrumented: bool) -> None:
        put_on(instrumented)
        self._loop.run_until_complete(manager.__aexit__(None, None, None))

    def work(self, models: Any, scenario: Scenario) -> Any:
        """Return the coroutine of one turn."""
        return self._session.turn(models, scenario)

    def record(self, play: Callable[[], None], journal: list[Any]) -> list[Any]:
        """Return what one turn emits among others."""
        for _ in range(3):
            play()
        starts = [place for place, (kind, *_) in enumerate(journal) if kind == "start"]
        return journal[starts[-2] : starts[-1]]
