"""What of a session's content leaves, by the settings."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from conformance import Options, assert_conformant
from fake_gemini.live import (
    Close,
    FakeLive,
    Hear,
    LiveHandle,
    Say,
    complete,
    content,
    heard,
    spoken,
    tool_call,
)
from live.talking import AUDIO_IN, connect, listen, speak
from live.watching import of, records, turns_of
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.asyncio
SECRET = "mockingbird"
MODES = ("NO_CONTENT", "SPAN_ONLY", "EVENT_ONLY", "SPAN_AND_EVENT")
DETAILS = "gen_ai.client.inference.operation.details"


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """Providers that each test attaches with settings of its own."""
    return Telemetry()


def secretive(live: FakeLive, *end: Any) -> LiveHandle:
    """Returns a session in which every text is secret."""
    grounding = {
        "webSearchQueries": [SECRET],
        "groundingChunks": [{"web": {"uri": f"https://{SECRET}.example", "title": SECRET}}],
    }
    return live.play(
        Hear(2),
        Say(*heard(SECRET), tool_call("look_up", what=SECRET)),
        Hear(),
        Say(
            content(modelTurn={"parts": [{"text": SECRET, "thought": True}]}),
            *spoken(SECRET),
            content(groundingMetadata=grounding),
            *complete(30, 9),
        ),
        *end,
    )


CONFIG = {
    "system_instruction": SECRET,
    "tools": [{"function_declarations": [{"name": "look_up", "description": SECRET}]}],
}


async def tell_secrets(session: Any, **result: Any) -> None:
    """Send, receive and respond nothing but secrets."""
    await speak(session)
    await session.send_client_content(turns={"role": "user", "parts": [{"text": SECRET}]})
    async for message in session.receive():
        if message.tool_call:
            given = {"id": "call-1", "name": "look_up", "response": result or {"output": SECRET}}
            await session.send_tool_response(function_responses=given)


def spans_text(telemetry: Telemetry) -> str:
    """Returns all that the spans say."""
    return "\n".join(span.to_json() for span in telemetry.ended)


def events_text(telemetry: Telemetry) -> str:
    """Returns all that the events say."""
    return "\n".join(one.to_json() for one in records(telemetry))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("vertex", [False, True])
async def test_content_goes_where_it_may(
    live: FakeLive, telemetry: Telemetry, mode: str, vertex: bool
):
    """On spans, on events, on both, or nowhere at all; what is counted is always told."""
    with telemetry.attached(capture_message_content=mode):
        async with connect(secretive(live), vertex=vertex, **CONFIG) as session:
            await tell_secrets(session)

    assert (SECRET in spans_text(telemetry)) is (mode in {"SPAN_ONLY", "SPAN_AND_EVENT"})
    assert (SECRET in events_text(telemetry)) is (mode in {"EVENT_ONLY", "SPAN_AND_EVENT"})
    (turn,) = turns_of(telemetry)
    assert turn.attributes["gen_ai.usage.input_tokens"] == 30
    assert turn.attributes["gcp.gen_ai.grounding.query_count"] == 1
    assert turn.attributes["gcp.gen_ai.live.output.audio.bytes"] == 10
    assert_conformant(spans=telemetry.ended, logs=records(telemetry))


@pytest.mark.parametrize("mode", MODES)
async def test_a_tools_own_error_is_content(live: FakeLive, telemetry: Telemetry, mode: str):
    """That it failed is always told; in which words only where content may leave."""
    with telemetry.attached(capture_message_content=mode):
        async with connect(secretive(live), **CONFIG) as session:
            await tell_secrets(session, error=SECRET)

    (tool,) = of(telemetry, "execute_tool")
    assert tool.attributes["error.type"] == "tool_error"
    assert (SECRET in spans_text(telemetry)) is (mode in {"SPAN_ONLY", "SPAN_AND_EVENT"})


async def test_a_completion_hook_gets_each_turn(live: FakeLive, telemetry: Telemetry):
    """What is read for the hook alone stands nowhere else, a tool's own error included."""
    pytest.importorskip("opentelemetry.util.genai", reason="the extra `upload` is not installed")
    given: list[dict[str, Any]] = []
    hook = SimpleNamespace(on_completion=lambda **told: given.append(told))
    with telemetry.attached(capture_message_content="NO_CONTENT", completion_hook=hook):
        async with connect(secretive(live), **CONFIG) as session:
            await tell_secrets(session, error=SECRET)

    (turn,) = [told for told in given if told["span"].name.startswith("generate_content")]
    assert SECRET in str(turn["inputs"])
    assert SECRET in str(turn["outputs"])
    assert SECRET not in spans_text(telemetry) + events_text(telemetry)


async def test_a_loss_leaks_no_content(live: FakeLive, telemetry: Telemetry):
    """What the service says is told, and nothing of what the program sent."""
    with telemetry.attached(capture_message_content="NO_CONTENT"):
        async with connect(secretive(live, Hear(), Close(1011, "Overloaded")), **CONFIG) as session:
            await tell_secrets(session)
            await session.send_client_content(turns={"parts": [{"text": SECRET}]})
            with pytest.raises(Exception, match="1011"):
                await listen(session)

    told = spans_text(telemetry) + events_text(telemetry)
    assert SECRET not in told
    assert "Overloaded" in told


@pytest.mark.parametrize("mode", MODES)
async def test_audio_is_never_told(live: FakeLive, telemetry: Telemetry, mode: str):
    """Neither what is streamed nor what stands inline in a content, sent or received."""
    sound = b"\x01\x02\x03\x04" * 50
    inline = {"inline_data": {"data": sound, "mime_type": "audio/wav"}}
    handle = live.play(Hear(2), Say(*spoken("Ah.", audio="AQIDBAECAwQ" * 8), *complete(9, 3)))
    with telemetry.attached(capture_message_content=mode):
        async with connect(handle) as session:
            await session.send_realtime_input(audio={**AUDIO_IN, "data": sound})
            await session.send_client_content(turns={"role": "user", "parts": [inline]})
            await listen(session)

    assert "AQIDBAECAwQ" not in spans_text(telemetry) + events_text(telemetry)
    (turn,) = turns_of(telemetry)
    assert turn.attributes["gcp.gen_ai.live.input.audio.bytes"] == 200


async def test_pictures_in_contents_are_content(live: FakeLive, telemetry: Telemetry):
    """As in every other call: with their bytes, up to the limit for media."""
    picture = {"inline_data": {"data": b"\x89PNG", "mime_type": "image/png"}}
    handle = live.play(Hear(), Say(*spoken("Ah."), *complete(9, 3)))
    with telemetry.attached():
        async with connect(handle) as session:
            await session.send_client_content(turns={"role": "user", "parts": [picture]})
            await listen(session)

    (turn,) = turns_of(telemetry)
    (message,) = json.loads(turn.attributes["gen_ai.input.messages"])
    assert message["parts"][0]["content"] == "iVBORw=="


async def test_each_turn_is_an_event_on_request(live: FakeLive, telemetry: Telemetry):
    """Turns are inferences and have details; sessions and tools have none."""
    with telemetry.attached(capture_message_content="EVENT_ONLY"):
        async with connect(secretive(live), **CONFIG) as session:
            await tell_secrets(session)

    assert telemetry.events == [DETAILS]
    (record,) = records(telemetry)
    assert record.log_record.attributes["gen_ai.output.messages"][0]["role"] == "assistant"


async def test_a_session_that_nobody_records_counts_its_tokens(live: FakeLive):
    """Metrics do not depend on sampling."""
    from opentelemetry.sdk.trace.sampling import ALWAYS_OFF  # noqa: PLC0415 - beside its only use

    telemetry = Telemetry(sampler=ALWAYS_OFF)
    with telemetry.attached():
        async with connect(secretive(live), **CONFIG) as session:
            await tell_secrets(session)

    assert telemetry.ended == []
    counted = telemetry.counts()
    assert counted["gen_ai.client.inference.operation.input_tokens"] == 1
    assert counted["gen_ai.execute_tool.duration"] == 1


async def test_on_the_way_to_mlflow_turns_have_its_shape(live: FakeLive, telemetry: Telemetry):
    """Inputs and outputs that its pages draw, for turns and for tools."""
    with telemetry.attached(mlflow=True):
        async with connect(secretive(live), **CONFIG) as session:
            await tell_secrets(session)

    (turn,) = turns_of(telemetry)
    roles = [one["role"] for one in json.loads(turn.attributes["mlflow.spanInputs"])["messages"]]
    assert roles == ["system", "user", "user", "tool"]
    (choice,) = json.loads(turn.attributes["mlflow.spanOutputs"])["choices"]
    assert choice["message"]["content"] == SECRET
    assert_conformant(spans=telemetry.ended, options=Options(allow_ok=True))


async def test_users_functions_see_a_turn(live: FakeLive, telemetry: Telemetry):
    """`redact` its texts, `on_response` its messages, `on_request` how the session was opened."""
    seen: list[Any] = []
    settings = {
        "redact": lambda text, _where: text.replace(SECRET, "bird"),
        "on_request": lambda span, asked: seen.append((span.name.split()[0], sorted(asked))),
        "on_response": lambda span, message: seen.append((span.name.split()[0], type(message))),
    }
    with telemetry.attached(**settings):
        async with connect(secretive(live), **CONFIG) as session:
            await tell_secrets(session)

    assert SECRET not in spans_text(telemetry)
    assert ("live_session", ["config", "model"]) in seen
    assert ("generate_content", ["config", "model"]) in seen
    assert [kind.__name__ for name, kind in seen if isinstance(kind, type)].count(
        "LiveServerMessage"
    ) >= 5
