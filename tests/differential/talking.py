"""Conversations over a socket: what a program sends, what the service says to it, how it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from google.genai import types
from hypothesis import strategies as st

from differential import leaves
from differential.contents import made
from differential.exported import IN, OUT
from differential.models import UNKNOWN_VALUE, Recipe
from fake_gemini import live
from fake_gemini import live_interactions as stepped
from fake_gemini.live import Close, Drop, Frame, Hear, Json, Say, Step
from fake_gemini.wire import base64_text


@dataclass(frozen=True)
class Exchange:
    """What is sent, by which method and with what, and what comes back."""

    sent: tuple[tuple[str, Any], ...]
    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class Talk:
    """A conversation as recipes; the program reads every frame that it is sent."""

    exchanges: tuple[Exchange, ...]
    end: Step | None
    """What the service does after the last frame; the program asks for more then."""
    told: dict[str, int]
    """What the spans must say of it: attributes, and what their values add up to."""
    vertex: bool = False
    asked: dict[str, Any] = field(default_factory=dict)
    """The arguments of the call that connects, beside those that all have."""

    @property
    def script(self) -> tuple[Step, ...]:
        """Returns what the service does."""
        steps: list[Step] = []
        for exchange in self.exchanges:
            steps += [Hear(len(exchange.sent)), Say(*exchange.frames)]
        # Whoever breaks the line in the middle of a frame makes it chance what arrives.
        last = [Hear(), self.end] if isinstance(self.end, Drop) else [self.end]
        return (*steps, *(last if self.end else []))


ends = st.sampled_from((None, None, Close(1000), Close(1011, "Full."), Close(1008), Drop()))
_counts = st.sampled_from((0, 7, 40, 5000))


# The Live API

_SILENCE = ("send_realtime_input", {"audio_stream_end": True})
_said = st.one_of(
    leaves.texts.map(lambda text: {"role": "user", "parts": [{"text": text}]}),
    made(
        types.Content,
        role=st.just("user"),
        parts=st.tuples(made(types.Part, text=leaves.texts)).map(list),
    ),
)
_sound = leaves.binaries.map(lambda data: {"data": data, "mime_type": "audio/pcm;rate=16000"})
_result = st.builds(
    lambda told: {"id": "call-1", "name": "get_weather", "response": told},
    st.builds(lambda text: {"output": text}, leaves.texts),
)
_sent = st.one_of(
    st.builds(lambda turn: ("send_client_content", {"turns": turn}), _said),
    st.builds(lambda turn: ("send_client_content", {"turns": turn, "turn_complete": False}), _said),
    st.builds(lambda text: ("send_realtime_input", {"text": text}), leaves.texts),
    st.builds(lambda sound: ("send_realtime_input", {"audio": sound}), _sound),
    st.sampled_from((("send_realtime_input", {"activity_start": {}}), _SILENCE)),
    st.builds(lambda told: ("send_tool_response", {"function_responses": told}), _result),
)
_frames = st.one_of(
    leaves.texts.map(lambda text: live.text(text)[0]),
    leaves.texts.map(lambda text: live.text(text)[0]),
    leaves.texts.map(
        lambda text: live.content(modelTurn={"parts": [{"text": text, "thought": True}]})
    ),
    leaves.texts.map(lambda text: live.heard(text)[0]),
    leaves.binaries.map(lambda data: live.spoken("", audio=base64_text(data))[1]),
    leaves.texts.map(lambda text: live.content(outputTranscription={"text": text})),
    leaves.texts.map(lambda text: live.tool_call("get_weather", city=text)),
    st.sampled_from(
        (
            live.content(interrupted=True),
            live.content(generationComplete=True),
            live.tool_call("book", None),
            {"toolCallCancellation": {"ids": ["call-1"]}},
            {"goAway": {"timeLeft": "10s"}},
            {"sessionResumptionUpdate": {"newHandle": leaves.SECRET, "resumable": True}},
            {"setupComplete": {}},
            # Alone it is one that the SDK fails to read, and the program sees no tokens after it.
            {"setupComplete": {}, UNKNOWN_VALUE: leaves.MARK},
        )
    ),
)
_configs = st.one_of(
    st.none(),
    st.builds(lambda text: {"system_instruction": text}, leaves.clean_texts),
    made(types.LiveConnectConfig, temperature=leaves.floats, seed=leaves.numbers),
    st.just({"tools": [{"function_declarations": [{"name": "get_weather"}]}]}),
)


@st.composite
def live_talks(draw: Any) -> Talk:
    """Draws a session of the Live API."""
    exchanges, tokens = [], [0, 0]
    for _ in range(draw(st.sampled_from((1, 1, 2, 3)))):
        frames = draw(st.lists(_frames, max_size=4))
        if draw(st.sampled_from((True, True, True, False))):
            prompt, response = draw(_counts), draw(_counts)
            frames += live.complete(prompt, response)
            tokens = [tokens[0] + prompt, tokens[1] + response]
        sent = draw(st.lists(_sent, min_size=1, max_size=3))
        exchanges.append(Exchange(tuple(sent), tuple(frames)))
    told, vertex = dict(zip((IN, OUT), tokens, strict=True)), draw(st.booleans())
    return Talk(tuple(exchanges), draw(ends), told, vertex, {"config": draw(_configs)})


# Live Interactions

_begun = st.one_of(
    st.just(({"type": "model_output"}, {"type": "text", "text": leaves.MARK})),
    leaves.texts.map(lambda text: ({"type": "model_output"}, {"type": "text", "text": text})),
    leaves.texts.map(
        lambda text: (
            {"type": "thought"},
            {"type": "thought_summary", "content": {"type": "text", "text": text}},
        )
    ),
    leaves.texts.map(
        lambda text: ({"type": "user_input"}, {"type": "text", "text": text}),
    ),
    st.just(
        (
            {"type": "function_call", "id": "call-1", "name": "book", "arguments": {}},
            {"type": "arguments_delta", "arguments": "{}"},
        )
    ),
)


@st.composite
def interaction_talks(draw: Any) -> Talk:
    """Draws a connection to an interaction, whose tokens stand in its last event."""
    exchanges = []
    for _ in range(draw(st.sampled_from((1, 1, 2, 3)))):
        frames: list[Json] = []
        for number, (step, delta) in enumerate(draw(st.lists(_begun, min_size=1, max_size=3))):
            frames += stepped.step(number, step, delta)
        sent = [("send", {"input": draw(leaves.clean_texts)})]
        exchanges.append(Exchange(tuple(sent), tuple(frames)))
    tokens = (0, 0)
    if draw(st.booleans()):
        tokens = (draw(_counts), draw(_counts))
        last = exchanges[-1]
        told = stepped.completed(stepped.usage(*tokens))
        exchanges[-1] = Exchange(last.sent, (*last.frames, told))
    return Talk(tuple(exchanges), draw(ends), dict(zip((IN, OUT), tokens, strict=True)))


TALKS: dict[str, Recipe] = {
    "aio.live.connect": live_talks(),
    "aio.interactions.connect": interaction_talks(),
}
"""What is connected → conversations."""

FOUND: dict[str, tuple[str, Talk]] = {
    "tokens of a turn in which nobody said a word": (
        "aio.live.connect",
        Talk(
            (
                Exchange((_SILENCE,), live.complete(40, 7)),
                Exchange((_SILENCE,), live.complete(7, 5)),
            ),
            None,
            {IN: 47, OUT: 12},
        ),
    ),
}
"""Conversations in which the plugin once told what was not so; each stays a test."""
