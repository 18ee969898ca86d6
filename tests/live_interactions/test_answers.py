"""The answers of a live interaction: what belongs to each, when it ends, what it costs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import FakeGemini
from fake_gemini.interaction_wire import event, thought
from fake_gemini.live_interactions import Hear, Say, completed, failed, spoken, step, usage
from interactions.watching import INPUT, OUTPUT, parts_of, text_of
from live_interactions.talking import (
    asked,
    connect,
    messages,
    parted,
    read,
    tokens,
    totals,
    unset,
)

if TYPE_CHECKING:
    from fake_gemini.live_interactions import FakeLiveInteractions
    from interactions.watching import Watched

pytestmark = pytest.mark.asyncio


async def test_an_answer_is_one_span_under_its_session(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """What was sent, what came, and the tokens that the interaction's end tells."""
    handle = socket.play(Hear(), Say(*spoken("Air ", "scatters."), completed(usage(9, 13))))
    async with connect(handle) as connection:
        await connection.send("Why is the sky blue?")
        assert (await read(connection))[-1] == "interaction.completed"
    session, (answer,) = parted(telemetry)
    assert asked(answer) == "Why is the sky blue?"
    assert text_of(answer) == "Air scatters."
    assert tokens(answer) == (9, 13)
    assert tokens(session) == (None, None)
    assert answer.attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert answer.attributes["gen_ai.request.stream"] is True
    assert answer.attributes["gen_ai.response.time_to_first_chunk"] >= 0
    assert unset(answer)
    assert unset(session)
    assert session.start_time < answer.start_time < answer.end_time <= session.end_time


async def test_inputs_before_the_first_step_are_one_answers(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """Several inputs, and several steps, are one answer until there is an input after them."""
    first = (*spoken("Let me see. "), *step(1, thought("Thinking."), {}), *spoken("Blue.", index=2))
    handle = socket.play(
        Hear(2), Say(*first), Hear(), Say(*spoken("Bye."), completed(usage(30, 20)))
    )
    async with connect(handle) as connection:
        await connection.send("Look up. ")
        await connection.send([{"event_type": "input", "content": [{"type": "text", "text": "?"}]}])
        for _ in range(3):
            await read(connection, until="step.stop")
        await connection.send("Thanks!")
        await read(connection)
    _, (one, other) = parted(telemetry)
    assert (asked(one), text_of(one)) == ("Look up. ?", "Let me see. Blue.")
    assert (asked(other), text_of(other)) == ("Thanks!", "Bye.")
    assert one.end_time <= other.start_time
    assert (tokens(one), tokens(other)) == ((None, None), (30, 20))


async def test_an_idle_user_costs_an_answer_no_time(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """An answer ends at its last step, though what it costs is told much later."""
    handle = socket.play(Hear(), Say(*spoken("Hi.")), Hear(), Say(completed(usage(9, 13))))
    async with connect(handle) as connection:
        await connection.send("Hello")
        await read(connection, until="step.stop")
        await asyncio.sleep(0.2)
        await connection.complete()
        await read(connection)
    session, (answer,) = parted(telemetry)
    assert session.end_time - answer.end_time > 150_000_000
    assert tokens(answer) == (9, 13)


async def test_an_input_in_the_middle_begins_no_answer(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """What is sent while the model is at a step belongs to the same answer."""
    begun, said, stopped = spoken("Walking.")
    handle = socket.play(Hear(), Say(begun, said), Hear(), Say(stopped, completed()))
    async with connect(handle) as connection:
        await connection.send({"event_type": "world_setup", "world_prompt": "A forest."})
        await read(connection, until="step.delta")
        await connection.send(
            {"event_type": "user_action", "action": "key_down", "input": "arrow_up"}
        )
        await read(connection)
    _, (answer,) = parted(telemetry)
    assert [part["type"] for part in parts_of(answer, INPUT)] == ["world_setup", "user_action"]
    assert parts_of(answer, INPUT)[1]["input"] == "arrow_up"


async def test_steps_without_an_input_here_are_an_answer(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """Somebody else may have asked, over another connection."""
    handle = socket.play(Say(*spoken("As I said."), completed(usage(9, 13))))
    async with connect(handle) as connection:
        await read(connection)
    _, (answer,) = parted(telemetry)
    assert text_of(answer) == "As I said."
    assert INPUT not in answer.attributes
    assert "gen_ai.response.time_to_first_chunk" not in answer.attributes
    assert tokens(answer) == (9, 13)


async def test_what_steps_tell_of_tokens_is_not_counted_twice(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """The trace costs what the interaction's end says, whatever its steps have said before."""
    one = spoken("One.", step_usage=usage(10, 5), usage=usage(10, 5))
    two = spoken("Two.", step_usage=usage(20, 8), usage=usage(30, 13))
    handle = socket.play(Hear(), Say(*one), Hear(), Say(*two, completed(usage(31, 14, thoughts=2))))
    async with connect(handle) as connection:
        for said in ("1?", "2?"):
            await connection.send(said)
            await read(connection, until="step.stop")
        await read(connection)
    session, answers = parted(telemetry)
    assert totals(telemetry) == (31, 16)
    assert tokens(session) == (None, None)
    assert len(answers) == 2
    assert "gen_ai.client.inference.usage.input_tokens" in telemetry.counts()


async def test_what_steps_tell_counts_where_nothing_else_is_told(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """Whoever leaves before the end has at least what the steps have told."""
    handle = socket.play(Hear(), Say(*spoken("One.", step_usage=usage(10, 5))))
    async with connect(handle) as connection:
        await connection.send("1?")
        await read(connection, until="step.stop")
    assert totals(telemetry) == (10, 5)


@pytest.mark.parametrize("end", [completed(), event("reconnection_required")])
async def test_an_end_without_tokens_leaves_those_of_the_steps(
    socket: FakeLiveInteractions, telemetry: Watched, end: Any
):
    """The steps' tokens are billed also where the end of the connection tells of none."""
    handle = socket.play(Hear(), Say(*spoken("One.", step_usage=usage(10, 5)), end))
    async with connect(handle) as connection:
        await connection.send("1?")
        await read(connection)
    assert totals(telemetry) == (10, 5)


async def test_nothing_reported_is_nothing_written(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """Without a count there is none, and no zero either."""
    handle = socket.play(Hear(), Say(*spoken("Hi."), completed()))
    async with connect(handle) as connection:
        await connection.send("Hello")
        await read(connection)
    for span in telemetry.ended:
        assert [name for name in span.attributes if "usage" in name.lower()] == []


async def test_tokens_stand_on_the_session_if_nothing_was_answered(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """Where there is no answer to carry them, tokens are not lost."""
    handle = socket.play(Say(completed(usage(9, 0))))
    async with connect(handle) as connection:
        await read(connection)
    session, answers = parted(telemetry)
    assert answers == []
    assert tokens(session) == (9, 0)


async def test_a_question_without_an_answer_is_told(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """What was asked and never answered is a span without output, and carries no earlier tokens."""
    handle = socket.play(Hear(), Say(*spoken("One.")), Hear(), Say(completed(usage(9, 13))))
    async with connect(handle) as connection:
        await connection.send("1?")
        await read(connection, until="step.stop")
        await connection.send("2?")
        await read(connection)
    _, (one, other) = parted(telemetry)
    assert (asked(other), OUTPUT in other.attributes) == ("2?", False)
    assert (tokens(one), tokens(other)) == ((9, 13), (None, None))
    assert unset(other)


async def test_an_error_ends_its_answer_only(socket: FakeLiveInteractions, telemetry: Watched):
    """An `error` event makes its answer an error, with the partial text; the next is clean."""
    begun, said, _ = spoken("Let me ")
    refusal = failed("UNAVAILABLE", "The tool is away.")
    handle = socket.play(
        Hear(), Say(begun, said, refusal), Hear(), Say(*spoken("Fine."), completed(usage(9, 13)))
    )
    async with connect(handle) as connection:
        await connection.send("1?")
        await read(connection, until="error")
        await connection.send("2?")
        await read(connection)
    session, (one, other) = parted(telemetry)
    assert one.attributes["error.type"] == "UNAVAILABLE"
    assert one.status.description == "The tool is away."
    assert text_of(one) == "Let me "
    assert (asked(other), text_of(other)) == ("2?", "Fine.")
    assert unset(other)
    assert unset(session)
    assert totals(telemetry) == (9, 13)


async def test_an_error_before_any_step_is_its_questions(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """A question that is refused is an answer that failed."""
    handle = socket.play(Hear(), Say(failed(None, "Not that."), completed()))
    async with connect(handle) as connection:
        await connection.send("1?")
        await read(connection)
    session, (answer,) = parted(telemetry)
    assert answer.attributes["error.type"] == "error"
    assert unset(session)


async def test_steps_after_an_error_are_another_answer(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """What comes after an error without an input is an answer of its own."""
    handle = socket.play(Hear(), Say(failed(None, "No."), *spoken("Well.", index=1), completed()))
    async with connect(handle) as connection:
        await connection.send("1?")
        await read(connection)
    _, (one, other) = parted(telemetry)
    assert (unset(one), unset(other)) == (False, True)
    assert text_of(other) == "Well."


async def test_content_is_text_thoughts_calls_and_transcripts(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """A `user_input` step is what the user said; audio is counted and never kept."""
    sound = "UklGRg" * 100 + "AA=="
    heard = step(0, {"type": "user_input"}, {"type": "text", "text": "What time is it?"})
    thinks = step(
        1,
        {"type": "thought"},
        {"type": "thought_summary", "content": {"type": "text", "text": "Look it up."}},
    )
    calls = step(
        2,
        {"type": "function_call", "id": "c1", "name": "clock", "arguments": {}},
        {"type": "arguments_delta", "arguments": '{"zone": "CET"}'},
    )
    speaks = step(
        3,
        {"type": "model_output"},
        {"type": "audio", "data": sound, "mime_type": "audio/l16;rate=24000"},
        {"type": "text", "text": "It is noon."},
    )
    handle = socket.play(Hear(), Say(*heard, *thinks, *calls, *speaks, completed()))
    async with connect(handle) as connection:
        audio = {"type": "audio", "data": sound, "mime_type": "audio/l16;rate=16000"}
        await connection.send({"event_type": "input", "content": [audio]})
        await read(connection)
    _, (answer,) = parted(telemetry)
    assert [message["role"] for message in messages(answer, INPUT)] == ["user"]
    assert asked(answer) == "What time is it?"
    assert text_of(answer, "reasoning") == "Look it up."
    assert text_of(answer) == "It is noon."
    (called,) = [part for part in parts_of(answer) if part["type"] == "tool_call"]
    assert (called["name"], called["arguments"]) == ("clock", {"zone": "CET"})
    assert answer.attributes["gen_ai.response.finish_reasons"] == ("tool_call",)
    assert answer.attributes["gcp.gen_ai.live.input.audio.bytes"] > 0
    assert answer.attributes["gcp.gen_ai.live.output.audio.bytes"] > 0
    assert "UklGRg" not in str(dict(answer.attributes))


async def test_several_events_in_one_frame_are_read_one_by_one(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """A frame may hold several events, in both directions."""
    handle = socket.play(Hear(), Say({"events": [*spoken("Hi."), completed(usage(9, 13))]}))
    async with connect(handle) as connection:
        await connection.send(
            [
                {"event_type": "input", "content": [{"type": "text", "text": "Hel"}]},
                {"event_type": "input", "content": [{"type": "text", "text": "lo"}]},
            ]
        )
        await read(connection)
    _, (answer,) = parted(telemetry)
    assert (asked(answer), text_of(answer)) == ("Hello", "Hi.")
    assert tokens(answer) == (9, 13)


async def test_content_stays_at_home_without_permission(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """Without content there are spans, tokens and ends, and nothing that was said."""
    from opentelemetry_instrumentation_gemini import GeminiInstrumentor  # noqa: PLC0415

    GeminiInstrumentor().uninstrument()
    handle = socket.play(Hear(), Say(*spoken("Blue."), completed(usage(9, 13))))
    with telemetry.attached(capture_message_content="NO_CONTENT"):
        async with connect(handle) as connection:
            await connection.send("Sky?")
            await read(connection)
    _, (answer,) = parted(telemetry)
    assert tokens(answer) == (9, 13)
    assert answer.attributes["gen_ai.response.finish_reasons"] == ("stop",)
    for said in ("Sky?", "Blue."):
        assert said not in str(dict(answer.attributes))


async def test_the_session_leads_back_to_the_interactions_maker(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """The span that created the interaction is linked to, and names the model of its answers."""
    from fake_gemini import Scenario, client  # noqa: PLC0415
    from fake_gemini.interaction_wire import interaction  # noqa: PLC0415

    with FakeGemini() as fake:
        made = interaction(status="in_progress")
        genai = client(fake.play(Scenario("live", (made,), ())))
        genai.interactions.create(model="gemini-2.5-flash", input="Hello", background=True)
        genai.close()
    handle = socket.play(Hear(), Say(*spoken("Hi."), completed()))
    async with connect(handle) as connection:
        await connection.send("Hello")
        await read(connection)
    created, *rest = telemetry.ended
    (session,) = [span for span in rest if span.name == "live_interaction"]
    (answer,) = [span for span in rest if span is not session]
    assert [link.context for link in session.links] == [created.context]
    assert answer.name == "generate_content gemini-2.5-flash"


async def test_unknown_events_do_no_harm(socket: FakeLiveInteractions, telemetry: Watched):
    """What a later service sends beside the known events is passed on and left alone."""
    handle = socket.play(
        Say(event("interaction.connected"), event("mystery", index=1), *spoken("Hi."), completed())
    )
    async with connect(handle) as connection:
        kinds = await read(connection)
    assert kinds[:2] == ["interaction.connected", "mystery"]
    _, (answer,) = parted(telemetry)
    assert text_of(answer) == "Hi."
