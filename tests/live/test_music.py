"""Live music: one span for each session, with what passed counted on it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest
from google.genai import types
from opentelemetry.trace import SpanKind, StatusCode

from fake_gemini.live import Close, FakeLive, Hear, LiveHandle, Say, live_client
from live.watching import of

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from promises.watching import Telemetry

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("ignore:Realtime music generation is experimental"),
]
MODEL = "models/lyria-realtime-exp"
MUSIC = {
    "serverContent": {
        "audioChunks": [
            {"data": "A" * 25600, "mimeType": "audio/l16;rate=48000;channels=2"},
            {"data": "A" * 25600, "mimeType": "audio/l16;rate=48000;channels=2"},
        ]
    }
}


def music(handle: LiveHandle) -> Any:
    """Returns the manager of a session, and keeps its client."""
    client = live_client(handle)
    manager = client.aio.live.music.connect(model=MODEL)
    manager.client = client
    return manager


def session_of(telemetry: Telemetry) -> ReadableSpan:
    """Returns the span of the one session, which must be the only span."""
    (span,) = telemetry.ended
    assert of(telemetry, "live_music_session") == [span]
    return span


async def play(session: Any, messages: int) -> None:
    """Prompt, play, and receive so many messages."""
    prompts = [types.WeightedPrompt(text=word, weight=1.0) for word in ("secret", "jazz")]
    await session.set_weighted_prompts(prompts=prompts)
    await session.set_weighted_prompts(prompts[:1])
    await session.set_music_generation_config(config=types.LiveMusicGenerationConfig(bpm=90))
    await session.play()
    for _ in range(messages):
        await session._receive()


async def test_a_session_counts_prompts_and_music(live: FakeLive, telemetry: Telemetry):
    """How many prompts, how much music; neither of them is kept."""
    filtered = {"filteredPrompt": {"text": "secret", "filteredReason": "no"}}
    async with music(live.play(Hear(4), Say(filtered, MUSIC, MUSIC))) as session:
        await play(session, 3)

    span = session_of(telemetry)
    assert (span.name, span.kind) == (f"live_music_session {MODEL}", SpanKind.CLIENT)
    assert span.status.status_code is StatusCode.UNSET
    counted = {
        name.removeprefix("gcp.gen_ai.live."): value
        for name, value in span.attributes.items()
        if name.startswith("gcp.gen_ai.live.")
    }
    assert counted == {
        "prompt_count": 3,
        "filtered_prompt_count": 1,
        "output.audio.bytes": 4 * 19200,
        "output.audio.milliseconds": 400,
    }
    assert "secret" not in span.to_json()


async def test_prompts_that_say_no_number_are_not_counted(live: FakeLive, telemetry: Telemetry):
    """A generator is the SDK's to read; what is known of the others would not be the sum."""
    async with music(live.play(Hear(2))) as session:
        await session.set_weighted_prompts([{"text": "jazz", "weight": 1.0}])
        await session.set_weighted_prompts(prompt for prompt in [{"text": "piano", "weight": 0.5}])

    assert "gcp.gen_ai.live.prompt_count" not in session_of(telemetry).attributes


async def test_a_chunk_that_does_not_say_its_kind_is_music(live: FakeLive, telemetry: Telemetry):
    """The service sends nothing else."""
    chunk = {"data": MUSIC["serverContent"]["audioChunks"][0]["data"]}
    async with music(live.play(Say({"serverContent": {"audioChunks": [chunk]}}))) as session:
        await session._receive()

    attributes = session_of(telemetry).attributes
    assert attributes["gcp.gen_ai.live.output.audio.milliseconds"] == 100
    assert not [name for name in attributes if "video" in name]


async def test_a_lost_session_is_an_error(live: FakeLive, telemetry: Telemetry):
    """With the code that closed it, as in every session."""
    async with music(live.play(Hear(4), Say(MUSIC), Close(1011, "Full"))) as session:
        with pytest.raises(Exception, match="1011"):
            await play(session, 2)

    span = session_of(telemetry)
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes["error.type"] == "1011"
    assert span.attributes["gcp.gen_ai.live.close_code"] == 1011


async def test_an_exception_of_the_programs_own_is_not_the_sessions(
    live: FakeLive, telemetry: Telemetry
):
    """It leaves the block as it was thrown."""
    error = ValueError("mine")
    with pytest.raises(ValueError, match="mine") as caught:
        async with music(live.play(Hear())):
            raise error

    assert caught.value is error
    assert session_of(telemetry).status.status_code is StatusCode.UNSET


async def test_a_connection_that_is_refused_is_an_error(live: FakeLive, telemetry: Telemetry):
    """Before there is a session at all."""
    with pytest.raises(Exception, match="1008"):
        async with music(live.play(Close(1008, "No."))):
            pass

    assert session_of(telemetry).attributes["error.type"] == "1008"


@pytest.mark.filterwarnings("default:Realtime music generation is experimental")
async def test_the_sdks_warning_names_the_programs_file(
    live: FakeLive, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """It comes once for each process, and looks for its caller one frame up."""
    _forget_the_warning(monkeypatch)
    handle = live.play(Hear())
    client = live_client(handle)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        manager = client.aio.live.music.connect(model=MODEL)
    (warning,) = [one for one in caught if "experimental" in str(one.message)]
    assert warning.filename == __file__
    async with manager:
        pass
    assert session_of(telemetry).attributes["gcp.gen_ai.live.prompt_count"] == 0


def _forget_the_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    from google.genai.live_music import AsyncLiveMusic  # noqa: PLC0415 - beside its only use

    function = AsyncLiveMusic.connect
    names = function.__code__.co_freevars
    cell = function.__closure__[names.index("warning_done")]
    monkeypatch.setattr(cell, "cell_contents", False)
