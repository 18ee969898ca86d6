"""How live interactions end: completed, cancelled, left, lost."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import trace

from fake_gemini.interaction_wire import event
from fake_gemini.live_interactions import (
    Close,
    Drop,
    Hear,
    Say,
    completed,
    spoken,
    usage,
)
from interactions.watching import text_of
from live_interactions.talking import STATUS, connect, parted, read, tokens, unset

if TYPE_CHECKING:
    from fake_gemini.live_interactions import FakeLiveInteractions
    from interactions.watching import Watched

pytestmark = pytest.mark.asyncio

BEGUN, SAID, STOPPED = spoken("Air scatters ")
SECRET = "The peer's own secret reason."
CODE = "gcp.gen_ai.live.close_code"


async def ask(handle: Any, after: float = 0.0) -> None:
    """Ask, and read to the end."""
    async with connect(handle) as connection:
        await asyncio.sleep(after)
        await connection.send("Sky?")
        await read(connection)


@pytest.mark.parametrize(("ending", "code"), [(Close(1011, SECRET), 1011), (Drop(), 1006)])
async def test_a_loss_in_mid_answer_is_an_error_of_both(
    ending: Any, code: int, socket: FakeLiveInteractions, telemetry: Watched
):
    """Session and answer are errors with the close code; the partial text is kept."""
    handle = socket.play(Hear(), Say(BEGUN, SAID), ending)
    with pytest.raises(Exception, match="connection closed") as caught:
        await ask(handle)
    assert caught.value.close_code == code
    session, (answer,) = parted(telemetry)
    for span in (session, answer):
        assert not unset(span)
        assert span.attributes["error.type"] == str(code)
        assert str(code) in span.status.description
    assert session.attributes[CODE] == code
    assert text_of(answer) == "Air scatters "
    assert answer.attributes["gen_ai.response.finish_reasons"] == ("error",)
    assert SECRET not in everything(telemetry)


def everything(telemetry: Watched) -> str:
    """Returns whatever left the process."""
    spans = [span.to_json() for span in telemetry.ended]
    logs = [str(one.log_record.attributes) for one in telemetry.logs()]
    return "".join([*spans, *logs])


async def test_a_loss_while_idle_spoils_no_answer(socket: FakeLiveInteractions, telemetry: Watched):
    """What was answered whole stays well, though the connection is lost later."""
    handle = socket.play(Hear(), Say(*spoken("Blue.")), Close(1011))
    with pytest.raises(Exception, match="connection closed"):
        await ask(handle)
    session, (answer,) = parted(telemetry)
    assert (unset(session), unset(answer)) == (False, True)


async def test_a_loss_before_the_answer_is_its_error(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """A question whose answer can never come has failed."""
    handle = socket.play(Hear(), Close(1000))
    with pytest.raises(Exception, match="1000"):
        await ask(handle)
    session, (answer,) = parted(telemetry)
    assert (unset(session), unset(answer)) == (False, False)


async def test_a_loss_while_sending_is_one(socket: FakeLiveInteractions, telemetry: Watched):
    """It makes no difference who notices first that the connection is gone."""
    handle = socket.play(Close(1011))
    with pytest.raises(Exception, match="1011"):
        await ask(handle, after=0.1)
    session, answers = parted(telemetry)
    assert session.attributes["error.type"] == "1011"
    assert answers == []


async def test_a_refused_handshake_is_an_error(socket: FakeLiveInteractions, telemetry: Watched):
    """The HTTP status is readable; there was no session, and there are no answers."""
    handle = socket.play(status=403)
    with pytest.raises(Exception, match="setup failed"):
        await connect(handle)
    session, answers = parted(telemetry)
    assert session.attributes["error.type"] == "403"
    assert answers == []
    assert SECRET not in everything(telemetry)


async def test_a_frame_that_is_no_event_is_a_loss(socket: FakeLiveInteractions, telemetry: Watched):
    """The SDK closes a connection whose frames it cannot read."""
    handle = socket.play(Hear(), Say(BEGUN, SAID, {"nothing": 1}))
    with pytest.raises(Exception, match="event_type"):
        await ask(handle)
    session, (answer,) = parted(telemetry)
    assert (unset(session), unset(answer)) == (False, False)
    assert session.attributes["error.type"].endswith("APIWebSocketError")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("interaction.completed", "completed"),
        ("interaction.cancelled", "cancelled"),
        ("interaction.canceled", "cancelled"),
        ("reconnection_required", "reconnection_required"),
    ],
)
async def test_the_interactions_own_end_is_readable(
    kind: str, status: str, socket: FakeLiveInteractions, telemetry: Watched
):
    """What became of the interaction stands on its session, and is no error."""
    handle = socket.play(Hear(), Say(*spoken("Blue."), event(kind, usage=usage(9, 13))))
    async with connect(handle) as connection:
        await connection.send("Sky?")
        await read(connection)
        await asyncio.sleep(0.1)
    session, (answer,) = parted(telemetry)
    assert session.attributes[STATUS] == status
    assert (unset(session), unset(answer)) == (True, True)
    assert tokens(answer) == (9, 13)


async def test_a_session_ends_with_its_interaction(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """What the program does afterwards in its block is none of the session's time."""
    handle = socket.play(Say(completed()))
    async with connect(handle) as connection:
        await read(connection)
        session, _ = parted(telemetry)
        assert session.end_time is not None


async def test_a_status_with_a_code_is_an_error(socket: FakeLiveInteractions, telemetry: Watched):
    """An interaction that says why it failed has failed."""
    said = {"code": 8, "message": "Out of tokens."}
    handle = socket.play(Say(*spoken("Bl"), completed(status=said)))
    async with connect(handle) as connection:
        await read(connection)
    session, _ = parted(telemetry)
    assert session.attributes["error.type"] == "8"
    assert session.status.description == "Out of tokens."


async def test_cancelling_is_no_error(socket: FakeLiveInteractions, telemetry: Watched):
    """Who cancels an interaction ends its session and the answer under way."""
    handle = socket.play(Hear(), Say(BEGUN, SAID))
    async with connect(handle) as connection:
        await connection.send("Sky?")
        await read(connection, until="step.delta")
        await connection.cancel()
        session, (answer,) = parted(telemetry)
    assert session.attributes[STATUS] == "cancelled"
    assert (unset(session), unset(answer)) == (True, True)
    assert text_of(answer) == "Air scatters "


async def test_leaving_in_mid_answer_is_no_error(socket: FakeLiveInteractions, telemetry: Watched):
    """Who leaves the block keeps what had come; the interaction lives on."""
    handle = socket.play(Hear(), Say(BEGUN, SAID))
    async with connect(handle) as connection:
        await connection.send("Sky?")
        await read(connection, until="step.delta")
    session, (answer,) = parted(telemetry)
    assert (unset(session), unset(answer)) == (True, True)
    assert text_of(answer) == "Air scatters "
    assert answer.attributes["gen_ai.response.finish_reasons"] == ("error",)
    assert STATUS not in session.attributes
    handle.wait_for_ends()
    assert handle.frames[-1]["event_type"] == "interaction.disconnect"


async def test_an_exception_of_the_programs_own_is_no_error(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """What goes wrong in the block is the program's."""
    handle = socket.play(Hear(), Say(BEGUN, SAID))

    async def fail() -> None:
        async with connect(handle) as connection:
            await connection.send("Sky?")
            await read(connection, until="step.delta")
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        await fail()
    session, (answer,) = parted(telemetry)
    assert (unset(session), unset(answer)) == (True, True)


async def test_a_receive_that_times_out_ends_nothing(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """Who waits only so long goes on with the same session and the same answer."""
    handle = socket.play(Hear(), Say(BEGUN), Hear(), Say(SAID, STOPPED, completed(usage(9, 13))))
    async with connect(handle) as connection:
        await connection.send("Sky?")
        await read(connection, until="step.start")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(anext(connection.receive()), 0.05)
        assert telemetry.ended == []
        await connection.complete()
        await read(connection)
    _, (answer,) = parted(telemetry)
    assert text_of(answer) == "Air scatters "
    assert tokens(answer) == (9, 13)


async def test_a_connection_can_be_awaited(socket: FakeLiveInteractions, telemetry: Watched):
    """Without a block the session lasts until it is detached."""
    handle = socket.play(Hear(), Say(*spoken("Blue.")))
    connection = await connect(handle)
    await connection.send("Sky?")
    await read(connection, until="step.stop")
    assert telemetry.ended == []
    await connection.detach()
    await connection.detach()
    _, (answer,) = parted(telemetry)
    assert text_of(answer) == "Blue."


async def test_awaited_and_entered_is_one_session(socket: FakeLiveInteractions, telemetry: Watched):
    """Both in a row give the same connection, and one session."""
    handle = socket.play(Hear(), Say(*spoken("Blue.")))
    context = connect(handle)
    connection = await context
    async with context as same:
        assert same is connection
        await same.send("Sky?")
        await read(same, until="step.stop")
    session, answers = parted(telemetry)
    assert len(answers) == 1
    assert len(handle.paths) == 1
    assert unset(session)


async def test_what_is_never_entered_leaves_nothing(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """`connect` alone opens no connection, and no span."""
    connect(socket.play())
    gc.collect()
    assert telemetry.ended == []
    assert telemetry.open == []


async def test_a_connection_that_is_dropped_ends_its_session(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """Whoever forgets to leave has a span as soon as the connection is gone."""
    handle = socket.play(Hear(), Say(*spoken("Blue.")))
    context = connect(handle)
    connection = await context
    await connection.send("Sky?")
    await read(connection, until="step.stop")
    await connection._websocket.close()
    del connection, context
    for _ in range(5):
        await asyncio.sleep(0)
        gc.collect()
    session, (answer,) = parted(telemetry)
    assert (unset(session), unset(answer)) == (True, True)


async def test_the_callers_span_stays_current(socket: FakeLiveInteractions, telemetry: Watched):
    """The session is a child of the caller's span, and what the program does is none of its own."""
    handle = socket.play(Hear(), Say(*spoken("Blue."), completed()))
    with telemetry.user.start_as_current_span("caller") as caller:
        async with connect(handle) as connection:
            assert trace.get_current_span() is caller
            await connection.send("Sky?")
            async for _ in connection.receive():
                assert trace.get_current_span() is caller
        assert trace.get_current_span() is caller
    session, _ = parted(telemetry)
    assert session.parent == caller.get_span_context()


async def test_a_receive_loop_may_run_in_another_task(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """Answers belong to their session, whichever task reads them."""
    handle = socket.play(Hear(), Say(*spoken("One.")), Hear(), Say(*spoken("Two."), completed()))

    async def listen(connection: Any) -> None:
        with telemetry.user.start_as_current_span("listener"):
            await read(connection)

    async with connect(handle) as connection:
        listening = asyncio.create_task(listen(connection))
        await connection.send("1?")
        await asyncio.sleep(0.2)
        await connection.send("2?")
        await listening
    _, answers = parted(telemetry)
    assert [text_of(answer) for answer in answers] == ["One.", "Two."]


async def test_two_connections_at_once(socket: FakeLiveInteractions, telemetry: Watched):
    """Each has its own session and its own answers."""

    async def talk(said: str) -> None:
        handle = socket.play(Hear(), Say(*spoken(said), pace=0.01), Say(completed()))
        async with connect(handle) as connection:
            await connection.send(f"Say {said}")
            await read(connection)

    await asyncio.gather(talk("one"), talk("two"))
    sessions = [span for span in telemetry.ended if span.name == "live_interaction"]
    answers = [span for span in telemetry.ended if span not in sessions]
    texts = {span.parent.span_id: text_of(span) for span in answers}
    assert set(texts) == {span.context.span_id for span in sessions}
    assert sorted(texts.values()) == ["one", "two"]
