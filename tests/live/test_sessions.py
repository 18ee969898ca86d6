"""The session's own span: how it begins, what happens to it, how it ends."""

from __future__ import annotations

import asyncio
import gc
from time import time_ns
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.trace import SpanKind, StatusCode
from websockets.exceptions import ConnectionClosed

from fake_gemini.live import (
    MODEL,
    Close,
    Drop,
    Hear,
    Say,
    complete,
    content,
    heard,
    live_client,
    spoken,
    text,
    tool_call,
)
from live.talking import ask, connect, listen, speak, tell
from live.watching import FINISH, answered, of, seconds, session_of, turn_of, turns_of
from opentelemetry_instrumentation_gemini import _guard

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from fake_gemini.live import FakeLive, LiveHandle, Step
    from promises.watching import Telemetry

pytestmark = pytest.mark.asyncio
PAUSE = 0.05
ANSWER = Say(*text("Hello."), *complete(5, 1))
CLOSE_CODE = "gcp.gen_ai.live.close_code"


def failed(span: ReadableSpan) -> tuple[Any, Any]:
    """Returns status and type of error."""
    return span.status.status_code, span.attributes.get("error.type")


UNSET = (StatusCode.UNSET, None)


@pytest.mark.parametrize("vertex", [False, True])
async def test_a_session_is_one_trace(live: FakeLive, telemetry: Telemetry, vertex: bool):
    """From connecting to closing, as a client's span with an operation of our own."""
    handle = live.play(Hear(), ANSWER, setup_complete={"sessionId": "session-1"})
    async with connect(handle, vertex=vertex) as session:
        await ask(session, "Hi!")
        await asyncio.sleep(PAUSE)

    span = session_of(telemetry)
    assert (span.name, span.kind, span.parent) == (f"live_session {MODEL}", SpanKind.CLIENT, None)
    assert failed(span) == UNSET
    assert seconds(span) >= PAUSE
    assert span.attributes["gen_ai.provider.name"] == ("gcp.vertex_ai" if vertex else "gcp.gemini")
    assert span.attributes["gcp.gen_ai.live.turn_count"] == 1
    assert not [name for name in span.attributes if name.startswith("gen_ai.usage")]
    assert not [name for name in span.attributes if name.endswith("messages")]
    if "gcp.gen_ai.live.session.id" in span.attributes:
        assert span.attributes["gcp.gen_ai.live.session.id"] == "session-1"
        assert turn_of(telemetry).attributes["gen_ai.conversation.id"] == "session-1"
    else:
        assert not hasattr(session, "session_id")


async def test_a_session_belongs_to_its_caller(live: FakeLive, telemetry: Telemetry):
    """Under the caller's span, wherever the turns are spoken."""
    handle = live.play(Hear(), ANSWER)
    with telemetry.user.start_as_current_span("caller") as caller:
        manager = connect(handle)
        async with manager as session:
            with telemetry.user.start_as_current_span("inside"):
                await ask(session, "Hi!")

    assert session_of(telemetry).parent.span_id == caller.get_span_context().span_id
    assert turn_of(telemetry).parent.span_id == session_of(telemetry).context.span_id


async def test_leaving_in_mid_turn_is_no_error(live: FakeLive, telemetry: Telemetry):
    """The part of the answer that came is kept; what finished it is unknown."""
    handle = live.play(Hear(), Say(*spoken("I was")), Hear())
    async with connect(handle) as session:
        await tell(session, "Tell me a story.")
        async for message in session.receive():
            if message.data:
                break

    turn = turn_of(telemetry)
    assert answered(turn) == "I was"
    assert turn.attributes[FINISH] == ("error",)
    assert failed(turn) == failed(session_of(telemetry)) == UNSET
    assert "exception" not in [event.name for event in turn.events]


async def test_leaving_before_the_answer_is_no_error(live: FakeLive, telemetry: Telemetry):
    """A question that nobody waited for was asked all the same."""
    async with connect(live.play(Hear())) as session:
        await tell(session, "Hi!")

    assert failed(turn_of(telemetry)) == UNSET
    assert answered(turn_of(telemetry)) == ""


async def test_an_exception_of_the_programs_own_is_not_the_sessions(
    live: FakeLive, telemetry: Telemetry
):
    """It leaves the block as it was thrown, and the session was left."""
    error = KeyError("mine")
    with pytest.raises(KeyError) as caught:
        async with connect(live.play(Hear())):
            raise error

    assert caught.value is error
    assert failed(session_of(telemetry)) == UNSET


@pytest.mark.parametrize("end", [Drop(), Close(1011, "Out of order"), Close(1008, "Too long")])
async def test_a_lost_connection_is_an_error(live: FakeLive, telemetry: Telemetry, end: Step):
    """Of the session and of the answer under way, with the code that closed it."""
    handle = live.play(Hear(), ANSWER, Hear(), Say(*spoken("I was")), end)
    error = None
    try:
        async with connect(handle) as session:
            await ask(session, "Hi!")
            await tell(session, "Tell me a story.")
            await listen(session)
    except Exception as raised:  # noqa: BLE001 - older releases let another exception through
        error = raised

    code = 1006 if isinstance(end, Drop) else end.code
    assert error is not None
    first, second = turns_of(telemetry)
    assert failed(first) == UNSET
    assert failed(second) == failed(session_of(telemetry)) == (StatusCode.ERROR, str(code))
    assert answered(second) == "I was"
    assert session_of(telemetry).attributes[CLOSE_CODE] == code
    assert telemetry.events.count("gen_ai.client.operation.exception") == 2


async def test_a_session_ends_when_its_connection_does(live: FakeLive, telemetry: Telemetry):
    """However long the program stays in the block after that."""
    handle = live.play(Hear(), Say(*text("Hm")), Close(1011))
    async with connect(handle) as session:
        await tell(session, "Hi!")
        with pytest.raises(Exception, match="1011"):
            await listen(session)
        lost = time_ns()
        await asyncio.sleep(PAUSE)

    assert session_of(telemetry).end_time < lost + PAUSE * 0.5e9


async def test_a_loss_that_a_sender_finds_is_the_same(live: FakeLive, telemetry: Telemetry):
    """A program that only sends learns of it from sending."""
    handle = live.play(Hear(), Close(1011))
    async with connect(handle) as session:
        await speak(session)
        with pytest.raises(Exception, match="1011"):  # noqa: PT012 - until it is noticed
            for _ in range(100):
                await speak(session)
                await asyncio.sleep(0.01)

    assert failed(session_of(telemetry)) == (StatusCode.ERROR, "1011")
    assert failed(turn_of(telemetry)) == (StatusCode.ERROR, "1011")


async def test_a_loss_is_of_the_session_that_was_lost(live: FakeLive, telemetry: Telemetry):
    """What the SDK refuses while the program handles another session's loss ends nothing."""
    lost = live.play(Hear(), Close(1011, "Bye."))
    handle = live.play(Hear(), ANSWER)
    async with connect(lost) as before:
        try:
            while True:
                await asyncio.sleep(PAUSE)
                await tell(before, "Hi!")
        except ConnectionClosed:
            async with connect(handle) as session:
                with pytest.raises(ValueError, match="one argument"):
                    await session.send_realtime_input()
                await ask(session, "Hi!")

    first, second = of(telemetry, "live_session")
    assert failed(first) == (StatusCode.ERROR, "1011")
    assert failed(second) == UNSET
    assert CLOSE_CODE not in second.attributes
    assert answered(turns_of(telemetry)[-1]) == "Hello."


async def test_a_service_that_closes_in_order_is_no_error_of_the_sessions(
    live: FakeLive, telemetry: Telemetry
):
    """Only the answer that it cut is one."""
    handle = live.play(Hear(), Say(*text("Hm")), Close(1000))
    async with connect(handle) as session:
        await tell(session, "Hi!")
        with pytest.raises(Exception, match="1000"):
            await listen(session)

    assert failed(session_of(telemetry)) == UNSET
    assert session_of(telemetry).attributes[CLOSE_CODE] == 1000
    assert failed(turn_of(telemetry)) == (StatusCode.ERROR, "1000")


async def test_a_program_that_closes_its_session_has_lost_nothing(
    live: FakeLive, telemetry: Telemetry
):
    """The exception that its own receive loop gets then is not the session's."""
    handle = live.play(Hear(), Say(*text("Hm")))

    async def receive(session: Any) -> None:
        while True:
            await listen(session)

    async with connect(handle) as session:
        receiving = asyncio.create_task(receive(session))
        await tell(session, "Hi!")
        await asyncio.sleep(PAUSE)
        await session.close()
        with pytest.raises(Exception, match="1000"):
            await receiving

    assert failed(session_of(telemetry)) == failed(turn_of(telemetry)) == UNSET
    assert CLOSE_CODE not in session_of(telemetry).attributes


async def test_a_receive_that_a_timeout_cancels_ends_nothing(live: FakeLive, telemetry: Telemetry):
    """The program looks for a message now and then, and goes on."""
    handle = live.play(
        Hear(), Say(*text("Hel"), pace=PAUSE), Say(*text("lo."), *complete(5, 1), pace=PAUSE)
    )
    async with connect(handle) as session:
        await tell(session, "Hi!")
        for _ in range(100):
            try:
                message = await asyncio.wait_for(session._receive(), PAUSE / 3)
            except asyncio.TimeoutError:
                continue
            if message.server_content.turn_complete:
                break

    assert answered(turn_of(telemetry)) == "Hello."
    assert failed(turn_of(telemetry)) == failed(session_of(telemetry)) == UNSET


async def test_a_cancelled_task_leaves_its_session(live: FakeLive, telemetry: Telemetry):
    """Hanging up is how voice calls end."""

    async def call() -> None:
        async with connect(live.play(Hear(), Say(*text("Hm")))) as session:
            await tell(session, "Hi!")
            async for _message in session.receive():
                talking.set()

    talking = asyncio.Event()
    calling = asyncio.create_task(call())
    await talking.wait()
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling

    assert failed(session_of(telemetry)) == failed(turn_of(telemetry)) == UNSET
    assert answered(turn_of(telemetry)) == "Hm"


async def test_a_connection_that_is_refused_is_an_error(live: FakeLive, telemetry: Telemetry):
    """The service says why, and that is kept."""
    handle = live.play(Close(1007, "API key not valid."))
    with pytest.raises(Exception, match="API key"):
        async with connect(handle):
            pass

    span = session_of(telemetry)
    assert failed(span) == (StatusCode.ERROR, "1007")
    assert "API key not valid." in (span.status.description or "")


async def test_a_handshake_that_fails_has_its_http_status(live: FakeLive, telemetry: Telemetry):
    """A proxy that answers with a page is no Live API."""
    handle = live.play(Hear())
    handle.url = handle.url.rpartition("/")[0] + "/nobody"
    with pytest.raises(Exception, match="404"):
        async with connect(handle):
            pass

    assert failed(session_of(telemetry)) == (StatusCode.ERROR, "404")


async def test_a_connection_without_a_server_is_an_error(telemetry: Telemetry):
    """The network's own exception is the type."""
    client = live_client(_nowhere())
    with pytest.raises(OSError):
        async with client.aio.live.connect(model=MODEL):
            pass

    assert failed(session_of(telemetry)) == (StatusCode.ERROR, "ConnectionRefusedError")


def _nowhere() -> LiveHandle:
    from fake_gemini.live import LiveHandle  # noqa: PLC0415 - beside its only use

    return LiveHandle("https://localhost:9", (), {})


async def test_a_manager_that_is_never_entered_leaves_nothing(
    live: FakeLive,
    telemetry: Telemetry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    """Nothing begins before the SDK's work does, and so nothing fails when it never does."""
    monkeypatch.setattr(_guard, "_reported", set())
    connect(live.play(Hear()))
    gc.collect()
    assert telemetry.ended == []
    assert caplog.records == []


async def test_a_session_that_is_let_go_of_ends(live: FakeLive, telemetry: Telemetry):
    """Without ever leaving the block: the garbage collector ends it."""
    manager = connect(live.play(Hear(), Say(*text("Hm"))))
    session = await manager.__aenter__()
    await tell(session, "Hi!")
    async for _message in session.receive():
        break
    assert telemetry.ended == []
    del manager, session, _message
    gc.collect()
    await asyncio.sleep(0)

    assert failed(session_of(telemetry)) == failed(turn_of(telemetry)) == UNSET


async def test_what_happens_to_a_session_stands_on_it(live: FakeLive, telemetry: Telemetry):
    """That the service will go away, and whether the session can be taken up again."""
    update = {"sessionResumptionUpdate": {"newHandle": "secret-handle", "resumable": True}}
    lost = {"sessionResumptionUpdate": {"resumable": False}}
    away = {"goAway": {"timeLeft": "9.5s"}}
    handle = live.play(Say(update, update, lost, update, away), Hear(), ANSWER)
    async with connect(handle, session_resumption={}) as session:
        await ask(session, "Hi!")

    span = session_of(telemetry)
    happened = [(event.name.rpartition(".")[2], dict(event.attributes)) for event in span.events]
    assert happened == [
        ("session_resumption", {"gcp.gen_ai.live.resumable": True}),
        ("session_resumption", {"gcp.gen_ai.live.resumable": False}),
        ("session_resumption", {"gcp.gen_ai.live.resumable": True}),
        ("go_away", {"gcp.gen_ai.live.time_left": "9.5s"}),
    ]
    assert span.attributes["gcp.gen_ai.live.resumable"] is True
    assert "secret-handle" not in str(span.to_json())
    assert failed(turn_of(telemetry)) == UNSET


async def test_a_session_that_goes_on_is_linked_to_the_one_before(
    live: FakeLive, telemetry: Telemetry
):
    """By the handle that the first one was given, which stands nowhere."""
    update = {"sessionResumptionUpdate": {"newHandle": "handle-7", "resumable": True}}
    async with connect(live.play(Say(update), Hear(), ANSWER), session_resumption={}) as session:
        await ask(session, "Hi!")
    async with connect(
        live.play(Hear(), ANSWER), session_resumption={"handle": "handle-7"}
    ) as session:
        await ask(session, "Again!")

    first, second = of(telemetry, "live_session")
    assert [link.context.span_id for link in second.links] == [first.context.span_id]
    assert second.attributes["gcp.gen_ai.live.resumed"] is True
    assert "gcp.gen_ai.live.resumed" not in first.attributes
    assert "handle-7" not in str(second.to_json())


async def test_sessions_beside_each_other_do_not_mix(live: FakeLive, telemetry: Telemetry):
    """Each has its own trace and its own turns."""

    async def talk(name: str) -> None:
        script = (Hear(), Say(*text(name), *complete(len(name), 1), pace=0.005)) * 2
        async with connect(live.play(*script)) as session:
            await ask(session, name)
            await ask(session, name)

    names = ["a", "bb", "ccc", "dddd"]
    await asyncio.gather(*map(talk, names))

    sessions = of(telemetry, "live_session")
    assert len({span.context.trace_id for span in sessions}) == len(names)
    for turn in turns_of(telemetry):
        (session,) = [one for one in sessions if one.context.trace_id == turn.context.trace_id]
        assert turn.parent.span_id == session.context.span_id
        assert turn.attributes["gen_ai.usage.input_tokens"] == len(answered(turn))


async def test_senders_and_a_receiver_of_their_own(live: FakeLive, telemetry: Telemetry):
    """Three tasks share a session: two speak, one listens; nobody's context changes."""
    script = (
        Hear(6),
        Say(*heard("Weather", "?"), tool_call("get_weather")),
        Hear(1),
        Say(*spoken("Sunny."), *complete(30, 9)),
    )
    current: list[Any] = []

    async def listening(session: Any) -> None:
        with telemetry.user.start_as_current_span("listener") as own:
            async for message in session.receive():
                current.append(_is_current(own))
                if message.tool_call:
                    responses = {"id": "call-1", "name": "get_weather", "response": {"output": 1}}
                    await session.send_tool_response(function_responses=responses)

    async def speaking(session: Any) -> None:
        with telemetry.user.start_as_current_span("speaker") as own:
            for _ in range(3):
                await speak(session)
                current.append(_is_current(own))
                await asyncio.sleep(0)

    async with connect(live.play(*script)) as session:
        await asyncio.gather(listening(session), speaking(session), speaking(session))

    assert len(current) > 6
    assert all(current)
    turn = turn_of(telemetry)
    assert turn.attributes["gcp.gen_ai.live.input.audio.bytes"] == 6 * 3200
    assert answered(turn) == "Sunny."
    assert len(of(telemetry, "execute_tool")) == 1


def _is_current(span: Any) -> bool:
    from opentelemetry import trace  # noqa: PLC0415 - beside its only use

    return trace.get_current_span() is span


async def test_an_odd_message_does_no_harm(live: FakeLive, telemetry: Telemetry):
    """Messages for no turn, of no known kind or without content change nothing."""
    odd = ({}, content(), content(turnComplete=True), content(interrupted=True))
    handle = live.play(Say(*odd), Hear(), ANSWER)
    async with connect(handle) as session:
        for _ in odd:
            await session._receive()
        await ask(session, "Hi!")

    assert answered(turn_of(telemetry)) == "Hello."


async def test_an_error_in_place_of_a_message_is_the_turns(live: FakeLive, telemetry: Telemetry):
    """The connection stays; the next turn is clean."""
    error = {"code": 429, "message": "Too much.", "status": "RESOURCE_EXHAUSTED"}
    handle = live.play(Hear(), Say(*text("Hm"), error), Hear(), ANSWER)
    async with connect(handle) as session:
        await tell(session, "Hi!")
        try:
            await session._receive()
            await session._receive()
        except Exception as raised:  # noqa: BLE001 - the SDK's own
            assert getattr(raised, "code", None) == 429  # noqa: PT017
        else:
            pytest.skip("this google-genai takes an error for an empty message")
        await ask(session, "Again!")

    first, second = turns_of(telemetry)
    assert failed(first) == (StatusCode.ERROR, "429")
    assert failed(second) == failed(session_of(telemetry)) == UNSET
    assert [answered(first), answered(second)] == ["Hm", "Hello."]


async def test_uninstrumenting_in_mid_session_ends_it_in_order(
    live: FakeLive, telemetry: Telemetry
):
    """What is open then ends when the program leaves."""
    from opentelemetry_instrumentation_gemini import GeminiInstrumentor  # noqa: PLC0415

    async with connect(live.play(Hear(), ANSWER)) as session:
        await tell(session, "Hi!")
        GeminiInstrumentor().uninstrument()
        await listen(session)

    assert failed(session_of(telemetry)) == failed(turn_of(telemetry)) == UNSET
