"""One inference span for each turn: where it begins and ends, what it says, what it cost."""

from __future__ import annotations

import asyncio
from time import time_ns
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from fake_gemini.live import (
    MODEL,
    Hear,
    Say,
    complete,
    content,
    heard,
    spoken,
    text,
    usage,
)
from live.talking import AUDIO_IN, ask, connect, listen, speak, tell
from live.watching import (
    FINISH,
    FIRST,
    answered,
    parts,
    said,
    seconds,
    session_of,
    tokens,
    turn_of,
    turns_of,
)

if TYPE_CHECKING:
    from fake_gemini.live import FakeLive
    from promises.watching import Telemetry

pytestmark = pytest.mark.asyncio
PAUSE = 0.05
CLOCK_STEP = 5_000_000
"""How far two clocks may be apart, in nanoseconds."""


@pytest.mark.parametrize("vertex", [False, True])
async def test_a_written_turn_is_one_inference(live: FakeLive, telemetry: Telemetry, vertex: bool):
    """Model, parameters, words and tokens of a turn stand on its span, under its session's."""
    handle = live.play(Hear(), Say(*text("Hel", "lo."), *complete(12, 3)))
    config = {"response_modalities": ["TEXT"], "temperature": 0.5, "system_instruction": "Be kind."}
    async with connect(handle, vertex=vertex, **config) as session:
        await ask(session, "Hi!")

    turn = turn_of(telemetry)
    assert turn.name == f"generate_content {MODEL}"
    assert turn.kind is SpanKind.CLIENT
    assert turn.status.status_code is StatusCode.UNSET
    assert turn.attributes["gen_ai.provider.name"] == ("gcp.vertex_ai" if vertex else "gcp.gemini")
    assert turn.attributes["gen_ai.request.stream"] is True
    assert turn.attributes["gen_ai.request.temperature"] == 0.5
    assert turn.attributes["gen_ai.output.type"] == "text"
    assert turn.attributes["server.address"] == "localhost"
    assert turn.attributes["server.port"] == live.port
    assert turn.attributes[FINISH] == ("stop",)
    assert '"Be kind."' in turn.attributes["gen_ai.system_instructions"]
    assert (said(turn), answered(turn)) == ([("user", "Hi!")], "Hello.")
    assert tokens(turn) == (12, 3)
    assert turn.attributes["mlflow.spanType"] == "LLM"
    assert '"total_tokens": 15' in turn.attributes["mlflow.chat.tokenUsage"]


async def test_a_spoken_turn_has_its_transcripts_and_its_length(
    live: FakeLive, telemetry: Telemetry
):
    """What was heard is input, what was spoken is output, and of the audio only the amount."""
    answer = spoken("Hello", ", you.", audio="A" * 6400)
    handle = live.play(Hear(2), Say(*heard(" My", " name."), *answer, *complete(20, 8)))
    async with connect(handle) as session:
        await speak(session, 2)
        await listen(session)

    turn = turn_of(telemetry)
    assert (said(turn), answered(turn)) == ([("user", " My name.")], "Hello, you.")
    live_attributes = {
        name.removeprefix("gcp.gen_ai.live."): value
        for name, value in turn.attributes.items()
        if name.startswith("gcp.gen_ai.live.")
    }
    assert live_attributes == {
        "input.audio.bytes": 6400,
        "input.audio.milliseconds": 200,
        "output.audio.bytes": 9600,
        "output.audio.milliseconds": 200,
    }
    assert (
        live_attributes.items()
        <= {
            name.removeprefix("gcp.gen_ai.live."): value
            for name, value in session_of(telemetry).attributes.items()
        }.items()
    )


async def test_thoughts_are_reasoning_and_count_as_output(live: FakeLive, telemetry: Telemetry):
    """Thoughts stand outside the response's count, and may stand outside the total."""
    thought = content(modelTurn={"parts": [{"text": "Hm.", "thought": True}]})
    counts = complete(100, 20, thoughtsTokenCount=30)
    handle = live.play(Hear(), Say(thought, *spoken("Hello."), *counts))
    async with connect(handle) as session:
        await ask(session, "Hi!")

    turn = turn_of(telemetry)
    assert [part["type"] for part in parts(turn)] == ["reasoning", "text"]
    assert tokens(turn) == (100, 50)
    assert turn.attributes["gen_ai.usage.reasoning.output_tokens"] == 30


async def test_tokens_are_counted_for_each_turn(live: FakeLive, telemetry: Telemetry):
    """The second turn's prompt holds the first one: both are billed, neither is cumulative."""
    script = (
        Hear(),
        Say(*text("One."), *complete(10, 2)),
        Hear(),
        Say(*text("Two."), *complete(15, 3)),
    )
    async with connect(live.play(*script)) as session:
        await ask(session, "First")
        await ask(session, "Second")

    first, second = turns_of(telemetry)
    assert (tokens(first), tokens(second)) == ((10, 2), (15, 3))
    assert (said(first), said(second)) == ([("user", "First")], [("user", "Second")])
    assert first.end_time <= second.start_time
    assert tokens(session_of(telemetry)) == (None, None)
    assert "mlflow.chat.tokenUsage" not in session_of(telemetry).attributes


async def test_of_several_counts_in_a_turn_the_last_ones_count(
    live: FakeLive, telemetry: Telemetry
):
    """Nothing is counted twice when a turn reports its tokens more than once."""
    so_far = {**text("One")[0], **usage(10, 2, thoughtsTokenCount=5)}
    handle = live.play(Hear(), Say(so_far, *text(" two."), *complete(10, 6)))
    async with connect(handle) as session:
        await ask(session, "Count!")

    turn = turn_of(telemetry)
    assert tokens(turn) == (10, 11)
    assert telemetry.counts()["gen_ai.client.inference.operation.input_tokens"] == 1


async def test_tokens_in_a_message_of_their_own_belong_to_the_turn(
    live: FakeLive, telemetry: Telemetry
):
    """Counts may follow the message that calls the turn complete; the turn waits for them."""
    end = (content(generationComplete=True), content(turnComplete=True))
    nothing = {"sessionResumptionUpdate": {"resumable": True, "newHandle": "h"}}
    second = (*text("Two."), *complete(15, 3))
    handle = live.play(
        Hear(), Say(*text("One."), *end), Say(nothing, usage(10, 2)), Hear(), Say(*second)
    )
    async with connect(handle) as session:
        await ask(session, "First")
        await tell(session, "Second")
        await listen(session)

    assert [tokens(turn) for turn in turns_of(telemetry)] == [(10, 2), (15, 3)]


async def test_a_turn_without_counts_has_none(live: FakeLive, telemetry: Telemetry):
    """Nothing reported, nothing written; the turn ends when the next one begins."""
    end = content(turnComplete=True)
    handle = live.play(Hear(), Say(*text("One."), end), Hear(), Say(*text("Two."), end))
    async with connect(handle) as session:
        await ask(session, "First")
        await ask(session, "Second")

    assert [tokens(turn) for turn in turns_of(telemetry)] == [(None, None)] * 2
    assert [answered(turn) for turn in turns_of(telemetry)] == ["One.", "Two."]


async def test_counts_by_modality_are_told(live: FakeLive, telemetry: Telemetry):
    """Text and audio are billed differently, so each has its count."""
    details = [{"modality": "TEXT", "tokenCount": 5}, {"modality": "AUDIO", "tokenCount": 7}]
    counts = complete(12, 12, promptTokensDetails=details, responseTokensDetails=details)
    handle = live.play(Hear(), Say(*spoken("Hello."), *counts))
    for vertex in (False, True):
        async with connect(handle, vertex=vertex) as session:
            await ask(session, "Hi!")

    for turn in turns_of(telemetry):
        for direction in ("input", "output"):
            assert turn.attributes[f"gen_ai.usage.text.{direction}_tokens"] == 5
            assert turn.attributes[f"gen_ai.usage.audio.{direction}_tokens"] == 7


async def test_a_gateway_that_says_candidates_is_understood(live: FakeLive, telemetry: Telemetry):
    """The SDK drops that count, but what is left of the total says the same; never a guess."""
    counts = {"promptTokenCount": 12, "candidatesTokenCount": 3, "totalTokenCount": 15}
    plain = {**content(turnComplete=True), "usageMetadata": counts}
    unclear = {**plain, "usageMetadata": {**counts, "thoughtsTokenCount": 2}}
    handle = live.play(Hear(), Say(*text("One."), plain), Hear(), Say(*text("Two."), unclear))
    async with connect(handle) as session:
        await ask(session, "First")
        await ask(session, "Second")

    assert [tokens(turn) for turn in turns_of(telemetry)] == [(12, 3), (12, None)]


async def test_a_seeded_history_belongs_to_the_first_turn(live: FakeLive, telemetry: Telemetry):
    """What is sent without wanting an answer is input of the turn that is asked for next."""
    handle = live.play(Hear(2), Say(*text("Alice."), *complete(30, 2)))
    async with connect(handle) as session:
        history = [
            {"role": "user", "parts": [{"text": "I am Alice."}]},
            {"role": "model", "parts": [{"text": "Nice!"}]},
        ]
        await session.send_client_content(turns=history, turn_complete=False)
        await ask(session, "Who am I?")

    expected = [("user", "I am Alice."), ("assistant", "Nice!"), ("user", "Who am I?")]
    assert said(turn_of(telemetry)) == expected


async def test_every_way_to_send_text_is_input(live: FakeLive, telemetry: Telemetry):
    """Realtime text, contents and the deprecated `send` say the same."""
    answer = Say(*text("Yes."), *complete(5, 1))
    handle = live.play(Hear(), answer, Hear(), answer, Hear(), answer)
    async with connect(handle) as session:
        await session.send_realtime_input(text="One?")
        await listen(session)
        await ask(session, "Two?")
        with pytest.warns(DeprecationWarning, match="send"):
            await session.send(input="Three?", end_of_turn=True)
        await listen(session)

    inputs = [said(turn) for turn in turns_of(telemetry)]
    assert inputs == [[("user", "One?")], [("user", "Two?")], [("user", "Three?")]]


async def test_a_turn_ends_with_its_generation(live: FakeLive, telemetry: Telemetry):
    """The service calls a turn complete when it has been heard; the work was done long before."""
    generated, done = complete(5, 1)
    handle = live.play(Hear(), Say(*spoken("Hello."), generated), Say(done, pace=PAUSE * 2))
    async with connect(handle) as session:
        await ask(session, "Hi!")

    turn, session_span = turn_of(telemetry), session_of(telemetry)
    assert (session_span.end_time - turn.end_time) / 1e9 >= PAUSE
    assert tokens(turn) == (5, 1)


async def test_an_interrupted_answer_says_so(live: FakeLive, telemetry: Telemetry):
    """Interruption is no error: the part that came is recorded, with its tokens."""
    stop = (content(interrupted=True), {**content(turnComplete=True), **usage(9, 4)})
    handle = live.play(
        Hear(), Say(*spoken("I was")), Hear(), Say(*stop, *text("Yes?"), *complete(14, 1))
    )
    async with connect(handle) as session:
        await tell(session, "Tell me a story.")
        async for _message in session.receive():
            await tell(session, "Stop!")
            break
        await listen(session)
        await listen(session)

    first, second = turns_of(telemetry)
    assert first.attributes[FINISH] == ("interrupted",)
    assert first.attributes["gcp.gen_ai.live.interrupted"] is True
    assert first.status.status_code is StatusCode.UNSET
    assert (answered(first), tokens(first)) == ("I was", (9, 4))
    assert (said(second), answered(second)) == ([("user", "Stop!")], "Yes?")
    assert "gcp.gen_ai.live.interrupted" not in second.attributes
    assert session_of(telemetry).attributes["gcp.gen_ai.live.interruption_count"] == 1


async def test_what_is_heard_after_an_interruption_belongs_to_the_next_turn(
    live: FakeLive, telemetry: Telemetry
):
    """The user speaks into the answer: the words are what the next answer is about."""
    stop = (content(interrupted=True), *heard("Stop", " it."))
    end = {**content(turnComplete=True), **usage(9, 4)}
    handle = live.play(Hear(), Say(*spoken("I was"), *stop, end, *text("Fine."), *complete(14, 1)))
    async with connect(handle) as session:
        await ask(session, "Tell me a story.")
        await listen(session)

    first, second = turns_of(telemetry)
    assert said(first) == [("user", "Tell me a story.")]
    assert said(second) == [("user", "Stop it.")]


async def test_an_answer_that_nobody_asked_for_is_a_turn(live: FakeLive, telemetry: Telemetry):
    """The model may go on by itself, such as with the result of a tool."""
    script = (Say(*text("One."), *complete(5, 1)), Say(*text("Two."), *complete(6, 1)))
    async with connect(live.play(Hear(), *script)) as session:
        await ask(session, "Count!")
        await listen(session)

    first, second = turns_of(telemetry)
    assert [answered(first), answered(second)] == ["One.", "Two."]
    assert said(second) == []
    assert FIRST not in second.attributes


async def test_the_first_sign_of_an_answer_is_timed(live: FakeLive, telemetry: Telemetry):
    """From what ended the user's part, not from the first thing that was sent."""
    handle = live.play(Hear(2), Say(*text("Yes."), *complete(5, 1), pace=PAUSE))
    async with connect(handle) as session:
        await session.send_client_content(
            turns={"role": "user", "parts": [{"text": "Well."}]}, turn_complete=False
        )
        await asyncio.sleep(PAUSE)
        await ask(session, "Yes?")

    turn = turn_of(telemetry)
    assert PAUSE * 0.9 <= turn.attributes[FIRST] <= seconds(turn) - PAUSE * 0.9
    assert telemetry.counts()["gen_ai.client.inference.time_to_first_chunk"] == 1
    assert telemetry.counts()["gen_ai.client.inference.duration"] == 1


async def test_without_a_signal_the_last_audio_ends_the_users_part(
    live: FakeLive, telemetry: Telemetry
):
    """The service decides when the user has ended; the program sends nothing more by then."""
    handle = live.play(Hear(2), Say(*spoken("Yes."), *complete(5, 1), pace=PAUSE))
    async with connect(handle) as session:
        await speak(session)
        await asyncio.sleep(PAUSE)
        await speak(session)
        await listen(session)

    turn = turn_of(telemetry)
    assert PAUSE * 0.9 <= turn.attributes[FIRST] <= seconds(turn) - PAUSE * 0.9


async def test_an_open_microphone_times_nothing(live: FakeLive, telemetry: Telemetry):
    """Audio that goes on while the model speaks does not say when the user spoke."""
    slow = Say(*heard("Hi"), *spoken("Hel"), pace=0)
    rest = Say(*spoken("lo."), *complete(5, 1))
    handle = live.play(
        Hear(), slow, Hear(3), rest, Hear(), Say(*heard("Bye"), *spoken("Bye."), *complete(6, 1))
    )
    async with connect(handle) as session:
        await speak(session)
        async for message in session.receive():
            if message.data:
                await speak(session, 3)
                break
        await listen(session)
        await asyncio.sleep(PAUSE)
        await speak(session)
        await listen(session)

    first, second = turns_of(telemetry)
    assert FIRST not in first.attributes
    assert FIRST not in second.attributes
    # Its user was heard only after the pause.
    assert (second.start_time - first.end_time) / 1e9 >= PAUSE * 0.9
    assert second.attributes["gcp.gen_ai.live.input.audio.bytes"] == 4 * 3200


async def test_activity_signals_mark_the_users_part(live: FakeLive, telemetry: Telemetry):
    """Where the program says when its user speaks, that is what counts."""
    handle = live.play(Hear(4), Say(*spoken("Yes."), *complete(5, 1), pace=PAUSE))
    async with connect(handle) as session:
        await speak(session)
        await asyncio.sleep(PAUSE)
        before = time_ns()
        await session.send_realtime_input(activity_start={})
        await speak(session)
        await session.send_realtime_input(activity_end={})
        await listen(session)

    turn = turn_of(telemetry)
    assert turn.attributes[FIRST] >= PAUSE * 0.9
    assert turn.start_time >= before - CLOCK_STEP
    assert turn.attributes["gcp.gen_ai.live.input.audio.bytes"] == 6400


async def test_a_turn_that_the_service_refuses_says_why(live: FakeLive, telemetry: Telemetry):
    """The reason for which a turn is complete is its finish reason."""
    google_genai = pytest.importorskip("google.genai.types")
    if not hasattr(google_genai, "TurnCompleteReason"):
        pytest.skip("this google-genai has no reasons for which turns are complete")
    reasons = ("PROHIBITED_INPUT_CONTENT", "NEED_MORE_INPUT", "TURN_COMPLETE_REASON_UNSPECIFIED")
    script: list[Any] = []
    for reason in reasons:
        end = content(turnComplete=True, turnCompleteReason=reason)
        script += [Hear(), Say(*text("Hm."), {**end, **usage(5, 1)})]
    async with connect(live.play(*script)) as session:
        for _ in reasons:
            await ask(session, "Hi!")

    finished = [turn.attributes[FINISH] for turn in turns_of(telemetry)]
    assert finished == [("content_filter",), ("need_more_input",), ("stop",)]


async def test_grounding_is_told(live: FakeLive, telemetry: Telemetry):
    """Queries are billed, so they are counted; what they say is content."""
    chunk = {"web": {"uri": "https://example.org", "title": "Example"}}
    grounding = {"webSearchQueries": ["sky", "blue"], "groundingChunks": [chunk]}
    grounded = content(groundingMetadata=grounding)
    handle = live.play(Hear(), Say(*text("Blue."), grounded, *complete(5, 1)))
    async with connect(handle) as session:
        await ask(session, "Why?")

    turn = turn_of(telemetry)
    assert turn.attributes["gcp.gen_ai.grounding.query_count"] == 2
    assert turn.attributes["gcp.gen_ai.grounding.queries"] == ("sky", "blue")
    assert turn.attributes["gcp.gen_ai.grounding.source_uris"] == ("https://example.org",)


async def test_video_frames_are_counted(live: FakeLive, telemetry: Telemetry):
    """Frames belong to the turn before whose answer they are sent."""
    handle = live.play(Hear(3), Say(*text("A cat."), *complete(300, 3)))
    frame = {"data": b"\xff\xd8" + b"\0" * 98, "mime_type": "image/jpeg"}
    async with connect(handle) as session:
        await session.send_realtime_input(video=frame)
        await session.send_realtime_input(media=frame)
        await ask(session, "What is it?")

    turn = turn_of(telemetry)
    assert turn.attributes["gcp.gen_ai.live.input.video.frames"] == 2
    assert turn.attributes["gcp.gen_ai.live.input.video.bytes"] == 200


@pytest.mark.parametrize("kind", [bytes, bytearray])
async def test_audio_is_counted_whatever_holds_it(live: FakeLive, telemetry: Telemetry, kind: type):
    """A microphone's buffer can be changed, and is as long as what cannot."""
    handle = live.play(Hear(), Say(*text("I hear."), *complete(5, 1)))
    audio = {"data": kind(3200), "mime_type": "audio/pcm;rate=16000"}
    async with connect(handle) as session:
        await session.send_realtime_input(audio=audio)
        await listen(session)
    attributes = turn_of(telemetry).attributes
    assert attributes["gcp.gen_ai.live.input.audio.bytes"] == 3200
    assert attributes["gcp.gen_ai.live.input.audio.milliseconds"] == 100


async def test_audio_that_nobody_answers_is_no_turn(live: FakeLive, telemetry: Telemetry):
    """An open microphone in a quiet room asks for nothing; the session counts what was sent."""
    async with connect(live.play(Hear(2))) as session:
        await speak(session, 2)

    assert turns_of(telemetry) == []
    counted = session_of(telemetry).attributes
    assert counted["gcp.gen_ai.live.input.audio.bytes"] == 2 * len(AUDIO_IN["data"])
    assert counted["gcp.gen_ai.live.turn_count"] == 0


async def test_new_instructions_hold_from_the_next_turn_on(live: FakeLive, telemetry: Telemetry):
    """What a session updates in mid-conversation stands on the turns after that."""
    answer = Say(*text("Yes."), *complete(5, 1))
    async with connect(
        live.play(Hear(), answer, Hear(2), answer), system_instruction="Be kind."
    ) as session:
        if not hasattr(session, "send_context_update"):
            pytest.skip("this google-genai cannot update a session")
        await ask(session, "One?")
        await session.send_context_update(system_instruction="Be terse.")
        await ask(session, "Two?")

    first, second = (turn.attributes["gen_ai.system_instructions"] for turn in turns_of(telemetry))
    assert "Be kind." in first
    assert "Be terse." in second
