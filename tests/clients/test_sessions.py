"""Sessions over a socket belong to the client that opened them."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from clients.asking import names_of, trace

if TYPE_CHECKING:
    from interactions.watching import Watched

ANSWER = "generate_content"
WITHOUT = find_spec("google.genai._interactions_websocket") is None


def test_a_live_session(telemetry: Watched):
    """The sessions of the client are traced with all that passes, and another's are not."""
    from fake_gemini import live  # noqa: PLC0415 - not every environment has its server
    from live.talking import ask  # noqa: PLC0415

    async def talk(genai: Any) -> None:
        async with genai.aio.live.connect(model=live.MODEL) as session:
            await ask(session, "Why is the sky blue?")

    script = (live.Hear(), live.Say(*live.text("Blue."), *live.complete(12, 3)))
    with live.FakeLive() as server:
        ours, other = (live.live_client(server.play(*script)) for _ in range(2))
        trace(ours, telemetry)
        for one in (other, ours):
            asyncio.run(talk(one))
    assert names_of(telemetry) == [ANSWER, "live_session"]


@pytest.mark.skipif(WITHOUT, reason="this google-genai has no live interactions")
def test_a_live_interaction(telemetry: Watched):
    """So are its connections to live interactions."""
    from fake_gemini import live_interactions as live  # noqa: PLC0415 - as above

    async def talk(genai: Any) -> None:
        async with genai.aio.interactions.connect(live.ID) as connection:
            await connection.send("Why is the sky blue?")
            assert [event async for event in connection.receive()]

    script = (live.Hear(), live.Say(*live.spoken("Blue."), live.completed()))
    with live.FakeLiveInteractions() as server:
        ours, other = (live.live_interactions_client(server.play(*script)) for _ in range(2))
        trace(ours, telemetry)
        for one in (other, ours):
            asyncio.run(talk(one))
    assert names_of(telemetry) == [ANSWER, "live_interaction"]
