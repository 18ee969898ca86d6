"""A Live session: its turns, its tool, and the ways to lose it."""

import asyncio
from collections.abc import Iterator

import pytest

from fake_gemini.live import (
    MODEL,
    Close,
    FakeLive,
    Hear,
    LiveHandle,
    Say,
    complete,
    live_client,
    spoken,
    tool_call,
)
from matrix.watching import INPUT, OUTPUT, Watched, told

APIS = pytest.mark.parametrize("vertex", [False, True], ids=["gemini", "vertex"])
AUDIO = {"data": b"\0" * 3200, "mime_type": "audio/pcm;rate=16000"}
TURN = {"role": "user", "parts": [{"text": "Weather?"}]}


@pytest.fixture(scope="session")
def live() -> Iterator[FakeLive]:
    """One server for all tests of the session."""
    with FakeLive() as server:
        yield server


async def talk(handle: LiveHandle, *, vertex: bool) -> None:
    """Ask for the weather, by word and by mouth, and serve the model's calls."""
    client = live_client(handle, vertex=vertex)
    async with client.aio.live.connect(model=MODEL, config={"temperature": 0.5}) as session:
        for _ in range(2):
            await session.send_realtime_input(audio=AUDIO)
            await session.send_client_content(turns=TURN)
            async for message in session.receive():
                if message.tool_call:
                    response = {"id": "call-1", "name": "get_weather", "response": {"output": 1}}
                    await session.send_tool_response(function_responses=response)


@APIS
def test_turns_and_tools_stand_under_their_session(
    watched: Watched, live: FakeLive, vertex: bool
) -> None:
    """Tokens stand on the turns, audio is counted, and the tool has a span of its own."""
    answer = Say(*spoken("Sunny."), *complete(30, 9))
    handle = live.play(Hear(2), Say(tool_call("get_weather")), Hear(), answer, Hear(2), answer)
    asyncio.run(talk(handle, vertex=vertex))

    (session,) = watched.of("live_session")
    (tool,) = watched.of("execute_tool")
    turns = watched.of("generate_content")
    assert [(told(turn)[INPUT], told(turn)[OUTPUT]) for turn in turns] == [(30, 9)] * 2
    assert {span.parent.span_id for span in (tool, *turns) if span.parent} == {
        session.context.span_id
    }
    assert all(told(turn)["gcp.gen_ai.live.input.audio.bytes"] == 3200 for turn in turns)
    assert told(turns[0])["gen_ai.request.temperature"] == 0.5


@APIS
def test_a_lost_connection_fails_session_and_turn(
    watched: Watched, live: FakeLive, vertex: bool
) -> None:
    """With its close code, whichever exception the SDK makes of it."""
    handle = live.play(Hear(2), Say(*spoken("Sun")), Close(1011, "Overloaded"))
    with pytest.raises(Exception, match="1011"):
        asyncio.run(talk(handle, vertex=vertex))

    spans = [*watched.of("live_session"), *watched.of("generate_content")]
    assert [told(span)["error.type"] for span in spans] == ["1011"] * 2
