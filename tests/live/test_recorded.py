"""Recorded sessions, played again: turns, transcripts, tools and tokens are the recording's."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import sdk_version
from fake_gemini.live import live_client
from live.recordings import FOLDER, Recording, config_of, recordings
from live.watching import answered, of, parts, said, session_of, tokens, turns_of

if TYPE_CHECKING:
    from fake_gemini.live import FakeLive
    from promises.watching import Telemetry

FOUND = recordings()
pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(not FOUND, reason=f"the recordings are not at hand in {FOLDER}"),
]
EACH = pytest.mark.parametrize("recording", FOUND, ids=lambda one: one.name)


async def replay(live: FakeLive, recording: Recording, *, vertex: bool) -> None:
    """Send what was sent when it was sent, and receive what comes in between."""
    if vertex and sdk_version() < (1, 60) and "tools" in recording.setup:
        pytest.skip("this google-genai keeps the ids of calls to itself, on Vertex AI")
    handle = live.play(*recording.script, setup_complete=recording.setup_complete)
    client = live_client(handle, vertex=vertex)
    manager = client.aio.live.connect(model=recording.setup["model"], config=config_of(recording))
    async with manager as session:
        for message in recording.exchange:
            if message["direction"] == "sent":
                await send(session, message["data"])
            else:
                await session._receive()
    await asyncio.to_thread(handle.wait_for_ends)
    # The SDK's releases do not agree on the one name.
    sent = json.loads(json.dumps(handle.frames).replace('"mime_type"', '"mimeType"'))
    assert sent == recording.sent


async def send(session: Any, data: Any) -> None:
    """Send a recorded frame by the method of the SDK that makes it."""
    if "client_content" in data:
        content = data["client_content"]
        await session.send_client_content(
            turns=content["turns"], turn_complete=content["turnComplete"]
        )
    elif "realtime_input" in data:
        audio = data["realtime_input"]["audio"]
        blob = {"data": base64.b64decode(audio["data"]), "mime_type": audio["mimeType"]}
        await session.send_realtime_input(audio=blob)
    else:
        responses = data["tool_response"]["functionResponses"]
        await session.send_tool_response(function_responses=responses)


def texts(span: Any, kind: str) -> str:
    """Returns what the parts of a kind say."""
    return "".join(part["content"] for part in parts(span) if part["type"] == kind)


@EACH
async def test_the_trace_tells_what_was_recorded(
    live: FakeLive, telemetry: Telemetry, recording: Recording
):
    """Turn by turn: what was sent, heard, thought, answered, called and billed."""
    await replay(live, recording, vertex=recording.vertex)

    expected = recording.turns
    turns = turns_of(telemetry)
    assert (
        len(turns)
        == len(expected)
        == session_of(telemetry).attributes["gcp.gen_ai.live.turn_count"]
    )
    for span, turn in zip(turns, expected, strict=True):
        words = [*turn.sent, turn.heard] if turn.heard else turn.sent
        assert [text for _, text in said(span)] == words
        assert (texts(span, "reasoning"), answered(span)) == (turn.thought, turn.answer)
        assert [part["id"] for part in parts(span) if part["type"] == "tool_call"] == turn.calls
        assert _responses(span) == turn.responses
        assert tokens(span) == turn.tokens
        assert span.attributes.get("gcp.gen_ai.live.input.audio.bytes", 0) == turn.audio_in
        assert span.attributes.get("gcp.gen_ai.live.output.audio.bytes", 0) == turn.audio_out
        assert span.attributes.get("gcp.gen_ai.live.interrupted", False) is turn.interrupted


def _responses(span: Any) -> list[str]:
    sent = parts(span, "gen_ai.input.messages")
    return [part["id"] for part in sent if part["type"] == "tool_call_response"]


@EACH
async def test_each_recorded_call_is_a_tools_span(
    live: FakeLive, telemetry: Telemetry, recording: Recording
):
    """With the recorded id, arguments and result."""
    await replay(live, recording, vertex=recording.vertex)

    frames = [one["data"] for one in recording.exchange]
    calls = {
        call["id"]: call
        for frame in frames
        for call in frame.get("toolCall", {}).get("functionCalls", ())
    }
    results = {
        response["id"]: response["response"]
        for frame in frames
        for response in frame.get("tool_response", {}).get("functionResponses", ())
    }
    spans = {span.attributes["gen_ai.tool.call.id"]: span for span in of(telemetry, "execute_tool")}
    assert spans.keys() == calls.keys()
    for call_id, span in spans.items():
        attributes = span.attributes
        assert attributes["gen_ai.tool.name"] == calls[call_id]["name"]
        assert json.loads(attributes["gen_ai.tool.call.arguments"]) == calls[call_id]["args"]
        assert json.loads(attributes["gen_ai.tool.call.result"]) == results[call_id]


@EACH
async def test_the_other_service_tells_the_same_tokens(
    live: FakeLive, telemetry: Telemetry, recording: Recording
):
    """Also where the SDK does not know the service's name for what was answered."""
    if any("thoughtsTokenCount" in turn.usage for turn in recording.turns):
        pytest.skip("whether thoughts stand inside the total is not certain")
    if "behavior" in str(recording.setup) and sdk_version() < (2, 34):
        pytest.skip("this google-genai refuses tools with a behaviour, on Vertex AI")
    await replay(live, recording, vertex=not recording.vertex)

    assert [tokens(span) for span in turns_of(telemetry)] == [
        turn.tokens for turn in recording.turns
    ]


async def test_no_recorded_count_is_cumulative():
    """Each stands in the last message of its turn, and totals leave thoughts out."""
    for recording in FOUND:
        counted = [one["data"] for one in recording.exchange if "usageMetadata" in one["data"]]
        assert len(counted) == len(recording.turns)
        assert all(one["serverContent"]["turnComplete"] for one in counted)
        for one in counted:
            usage = one["usageMetadata"]
            answer = usage.get("responseTokenCount", usage.get("candidatesTokenCount"))
            assert usage["totalTokenCount"] == usage["promptTokenCount"] + answer
