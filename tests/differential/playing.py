"""Sessions that play music: prompts in every form, chunks of audio, and frames that are none."""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from typing import Any, TypeAlias

from google.genai import types
from hypothesis import strategies as st

from differential import leaves
from differential.contents import formed, made, pulled
from differential.models import UNKNOWN_VALUE, Recipe, model
from differential.recipes import BY_POSITION, Make
from differential.surface import rarely
from differential.talking import Exchange, Talk, ends
from fake_gemini.live import Close, Drop, Frame, Json
from fake_gemini.wire import base64_text

PROMPTS = "gcp.gen_ai.live.prompt_count"
FILTERED = "gcp.gen_ai.live.filtered_prompt_count"
AUDIO = "gcp.gen_ai.live.output.audio.bytes"
VIDEO = "gcp.gen_ai.live.output.video.frames"

Sent: TypeAlias = tuple[str, dict[str, Any]]
_models = st.sampled_from(("models/lyria-realtime-exp", "lyria-realtime-exp", "é", None))

# What is sent

_prompts = st.lists(
    formed(made(types.WeightedPrompt, text=leaves.texts, weight=leaves.floats)), max_size=3
)
_prompted = st.one_of(
    _prompts,
    _prompts.map(tuple),
    _prompts.map(lambda prompts: Make(pulled, *prompts)),
)
_generation = formed(model(types.LiveMusicGenerationConfig, most=3)) | st.none()


def _asked(method: str, name: str, values: Recipe) -> Recipe:
    """Returns calls of a method with one argument, by its name or by its position."""
    return st.one_of(
        values.map(lambda value: (method, {name: value})),
        values.map(lambda value: (method, {BY_POSITION: (value,)})),
    )


_prompting = _asked("set_weighted_prompts", "prompts", _prompted)
_sent = st.one_of(
    _prompting,
    _prompting,
    _asked("set_music_generation_config", "config", _generation),
    st.sampled_from([(method, {}) for method in ("play", "pause", "stop", "reset_context")]),
)
_last = st.one_of(
    st.just(("close", {})),
    _asked("set_weighted_prompts", "prompts", st.sampled_from((None, 7, [object]))),
    st.just(("set_music_generation_config", {"config": object})),
)
"""After these nothing is sent any more."""

# What is answered

_chunks = st.builds(
    lambda data, kind, source: {
        "data": base64_text(data),
        **({} if kind is None else {"mimeType": kind}),
        **({} if source is None else {"sourceMetadata": source}),
    },
    leaves.binaries,
    st.sampled_from(("audio/l16;rate=48000;channels=2", "audio/l16", "audio/wav", None)),
    st.sampled_from((None, {"clientContent": {"weightedPrompts": [{"text": leaves.MARK}]}})),
)
_frames = st.one_of(
    *(
        st.lists(_chunks, max_size=3).map(lambda some: {"serverContent": {"audioChunks": some}})
        for _ in range(3)
    ),
    st.builds(
        lambda text: {"filteredPrompt": {"text": text, "filteredReason": "Not today."}},
        leaves.texts,
    ),
    st.sampled_from(
        (
            {},
            {"setupComplete": {}},
            {"serverContent": {}},
            {"serverContent": {"audioChunks": None}},
            {"warning": leaves.MARK},
            {UNKNOWN_VALUE: leaves.MARK, "setupComplete": {}},
            {"filteredPrompt": {}},
        )
    ),
)
_garbled = st.sampled_from(
    (
        "",
        "not JSON",
        "{",
        "[]",
        "null",
        "7",
        b"\xff\xfe",
        b'{"setupComplete": {}}',
        {"serverContent": 7},
        {"serverContent": {"audioChunks": 7}},
        {"serverContent": {"audioChunks": [7]}},
        {"serverContent": {"audioChunks": [{"data": "?", "mimeType": "audio/l16"}]}},
        {"filteredPrompt": "?"},
        {"error": {"code": 429, "message": "Not today."}},
        {"code": 429},
    )
)


def _prompts_in(sent: tuple[Sent, ...]) -> int | None:
    """Returns how many prompts are sent, unless one who sends them does not say it beforehand."""
    given = [_one_argument(asked) for method, asked in sent if method == "set_weighted_prompts"]
    unknown = any(isinstance(prompts, Make) for prompts in given)
    return None if unknown else sum(map(len, given))


def _one_argument(asked: dict[str, Any]) -> Any:
    return asked["prompts"] if "prompts" in asked else asked[BY_POSITION][0]


def _heard(told: Counter[str], frame: Json) -> None:
    told[FILTERED] += "filteredPrompt" in frame
    for chunk in frame.get("serverContent", {}).get("audioChunks") or ():
        told[AUDIO] += len(b64decode(chunk["data"]))


@st.composite
def music_talks(draw: Any) -> Talk:
    """Draws a session of the Live music API."""
    exchanges: list[Exchange] = []
    told = Counter(dict.fromkeys((PROMPTS, FILTERED, AUDIO, VIDEO), 0))
    for _ in range(draw(st.sampled_from((1, 1, 2, 3, 0)))):
        sent = tuple(draw(st.lists(_sent, min_size=1, max_size=3)))
        frames: list[Frame] = []
        for _ in range(draw(st.integers(0, 4))):
            if draw(rarely):
                frames.append(draw(_garbled))
                continue
            frames.append(draw(_frames))
            _heard(told, frames[-1])
        exchanges.append(Exchange(sent, tuple(frames)))
    end = draw(ends if exchanges else st.just(Close(1008, "No.")))
    everything = [one for exchange in exchanges for one in exchange.sent]
    # Whether the line is broken is seen once more is sent.
    again = everything[-1:] if isinstance(end, Drop) else []
    told[PROMPTS] = _prompts_in((*everything, *again)) or 0
    if end is None and draw(st.booleans()):
        exchanges.append(Exchange((draw(_last),), ()))
    model, vertex = draw(_models), draw(rarely)
    if model is None or vertex:
        told = Counter(dict.fromkeys(told, 0))
    return Talk(tuple(exchanges), end, dict(told), vertex, {"model": model})
