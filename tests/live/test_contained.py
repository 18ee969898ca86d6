"""Whatever breaks in the plugin, the program talks on, and every span that began ends."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini.live import MODEL, Close, Hear, Say, complete, live_client, spoken, tool_call
from live.talking import ask, speak, tell
from live.watching import of
from opentelemetry_instrumentation_gemini import _guard
from opentelemetry_instrumentation_gemini._emit import spans
from opentelemetry_instrumentation_gemini._reading import live_answer, live_tool, live_turn
from opentelemetry_instrumentation_gemini._reading.live_turns import LiveTurns
from opentelemetry_instrumentation_gemini._surfaces.live import LiveConversation
from opentelemetry_instrumentation_gemini._surfaces.live_music import MusicConversation
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini.live import FakeLive

SECRET = "content that must not be logged"
PLACES = [
    (LiveConversation, "__init__"),
    (LiveConversation, "start"),
    (LiveConversation, "opened"),
    (LiveConversation, "sent"),
    (LiveConversation, "received"),
    (LiveConversation, "left"),
    (LiveConversation, "lost"),
    (LiveConversation, "answer"),
    (LiveTurns, "ask"),
    (LiveTurns, "stream"),
    (LiveTurns, "take"),
    (LiveTurns, "close"),
    (LiveTurns, "finish"),
    (live_turn.Turn, "inputs"),
    (live_turn.Turn, "answer"),
    (live_answer.LiveAnswer, "add"),
    (live_answer.LiveAnswer, "content"),
    (live_tool.LiveToolCall, "__init__"),
    (live_tool.LiveToolCall, "respond"),
    (spans, "start"),
    (MusicConversation, "__init__"),
]


def break_down(*_args: Any, **_kwargs: Any) -> Any:
    """Fail as our own code could."""
    raise RuntimeError(SECRET)


async def talk(live: FakeLive) -> list[Any]:
    """Converse in every way, lose the connection, and return what was seen."""
    answer = (*spoken("Sunny."), *complete(30, 9))
    handle = live.play(
        Hear(2),
        Say(tool_call("get_weather")),
        Hear(),
        Say(*answer),
        Hear(),
        Say(*answer),
        Hear(),
        Close(1011),
    )
    seen: list[Any] = []
    client = live_client(handle)
    async with client.aio.live.connect(model=MODEL) as session:
        await speak(session)
        await tell(session, "Weather?")
        async for message in session.receive():
            seen.append(message.model_dump())
            if message.tool_call:
                response = {"id": "call-1", "name": "get_weather", "response": {"output": 1}}
                await session.send_tool_response(function_responses=response)
        seen += [message.model_dump() for message in await ask(session, "Again?")]
        await tell(session, "Once more?")
        try:
            await session._receive()
        except Exception as error:  # noqa: BLE001 - what the program sees
            seen.append((type(error), str(error)))
    with_music = client.aio.live.music.connect(model=MODEL)
    seen.append(type(with_music).__name__)
    return seen


@pytest.mark.filterwarnings("ignore:Realtime music generation is experimental")
@pytest.mark.parametrize(
    ("owner", "name"), PLACES, ids=lambda one: getattr(one, "__name__", one).rpartition(".")[2]
)
def test_a_fault_of_ours_stays_ours(
    live: FakeLive,
    owner: Any,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    """The same is seen, spans end, and one line for each place says what broke."""
    telemetry = Telemetry()
    expected = asyncio.run(talk(live))
    monkeypatch.setattr(_guard, "_reported", set())
    monkeypatch.setattr(owner, name, break_down)
    caplog.set_level(logging.WARNING)
    with telemetry.attached():
        assert asyncio.run(talk(live)) == expected

    assert telemetry.open == []
    assert SECRET not in caplog.text
    ours = [one for one in caplog.records if one.name.startswith("opentelemetry_instrument")]
    assert len({one.getMessage() for one in ours}) == len(ours)
    # Nobody leaves a session that is lost.
    assert ours or name == "left"
    if owner is not spans and name != "__init__":
        assert len(of(telemetry, "live_session")) == 1
