"""What is measured: one entry for each scenario."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from google.genai import types
from opentelemetry.instrumentation.utils import suppress_instrumentation

from . import providers
from .frames import answer_frames, live_frames

MODEL = "gemini-2.5-flash"
EMBEDDING_MODEL = "gemini-embedding-001"
QUESTION = "Why is the sky blue? Answer in one sentence."
ANSWER = "Air scatters blue light more than red light, so blue reaches us from everywhere."
IMAGE = bytes(range(256)) * 4096
"""One mebibyte that no compression and no cache makes smaller."""

SHORT = "short call"
CONTENT = {"capture_message_content": "SPAN_ONLY", "cost": False}
NO_CONTENT = {**CONTENT, "capture_message_content": "NO_CONTENT"}
PRICED = {**CONTENT, "cost": True}
MLFLOW = {**CONTENT, "mlflow": True}

_CONFIG = types.GenerateContentConfig(
    system_instruction="You are a patient teacher.", temperature=0.2, max_output_tokens=256
)


@dataclass(frozen=True)
class Scenario:
    """One thing that programs do, and how much it may cost.

    Attributes:
        name: Its name.
        replies: What the service answers, in turn; in a session the frames of one answer.
        arguments: The keywords of the SDK's public method.
        method: Which method; what it streams is read to its end.
        resource: What of a client has that method.
        session: The keywords of what opens a session, in which each call is one turn.
        asynchronous: Whether it is the async twin.
        settings: The plugin's settings.
        providers: Makes the OpenTelemetry providers.
        around: What each call stands in.
        removed: Whether the plugin has been taken off again.
        media: The bytes whose base64 form stands in the content.
        floored: Whether it is compared with a floor; what emits nothing has none.
        most_ratio: The mark: added CPU over the floor's.
        most_micros: The mark: added microseconds.
        most_frames: The mark: added Python functions.
    """

    name: str
    replies: Sequence[bytes]
    arguments: Mapping[str, Any]
    method: str = "generate_content"
    resource: str = "models"
    session: Mapping[str, Any] = field(default_factory=dict)
    asynchronous: bool = False
    settings: Mapping[str, Any] = field(default_factory=lambda: CONTENT)
    providers: Callable[[], dict[str, Any]] = providers.dropping
    around: Callable[[], AbstractContextManager[Any]] = nullcontext
    removed: bool = False
    media: bytes = b""
    floored: bool = True
    most_ratio: float | None = None
    most_micros: float | None = None
    most_frames: int | None = None

    @property
    def streamed(self) -> bool:
        """Whether the answer comes in chunks."""
        return self.method.endswith("_stream") or "stream" in self.arguments


def short(name: str, **changes: Any) -> Scenario:
    """Return a variation of the short call."""
    arguments = {"model": MODEL, "contents": QUESTION, "config": _CONFIG}
    return Scenario(name, (reply(text(ANSWER), "STOP"),), arguments, **changes)


def history(messages: int, **changes: Any) -> Scenario:
    """Return a call with *messages* messages and then a question."""
    turns = [
        types.Content(
            role="model" if number % 2 else "user",
            parts=[types.Part(text=f"Message {number}: {ANSWER}")],
        )
        for number in range(messages)
    ]
    contents = [*turns, types.Content(role="user", parts=[types.Part(text=QUESTION)])]
    arguments = {"model": MODEL, "contents": contents, "config": _CONFIG}
    replies = (reply(text(ANSWER), "STOP"),)
    return Scenario(f"history of {messages}", replies, arguments, **changes)


def image(name: str, data: bytes, **changes: Any) -> Scenario:
    """Return a call with an inline image."""
    part = types.Part.from_bytes(data=data, mime_type="image/png")
    arguments = {"model": MODEL, "contents": [part, "What is this?"], "config": _CONFIG}
    return Scenario(name, (reply(text(ANSWER), "STOP"),), arguments, **changes)


def reply(part: Mapping[str, Any], finish_reason: str | None) -> bytes:
    """Return the service's answer with one part."""
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": [part]}, "index": 0}
    if finish_reason is not None:
        candidate["finishReason"] = finish_reason
    usage = {
        "promptTokenCount": 24,
        "candidatesTokenCount": 18,
        "totalTokenCount": 42,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 24}],
    }
    body = {
        "candidates": [candidate],
        "usageMetadata": usage,
        "modelVersion": MODEL,
        "responseId": "Zq1hadfhN8nGz7IP4pXh6AE",
    }
    return json.dumps(body).encode()


def text(content: str) -> dict[str, str]:
    """Return a part that is text."""
    return {"text": content}


def get_weather(city: str) -> dict[str, Any]:
    """Return the weather of a city."""
    return {"city": city, "celsius": 21, "sky": "clear"}


def _call(city: str) -> dict[str, Any]:
    return {"functionCall": {"name": "get_weather", "args": {"city": city}}}


def _stream(chunks: int) -> bytes:
    replies = [
        reply(text(f" and word {number}"), "STOP" if number == chunks - 1 else None)
        for number in range(chunks)
    ]
    return b"".join(b"data: " + body + b"\r\n\r\n" for body in replies)


_STREAM = Scenario(
    "stream of 100 chunks",
    (_stream(100),),
    {"model": MODEL, "contents": QUESTION, "config": _CONFIG},
    "generate_content_stream",
    most_ratio=1.5,
)
_LOOP = Scenario(
    "tool loop of 3 rounds",
    (
        reply(_call("Paris"), "STOP"),
        reply(_call("Oslo"), "STOP"),
        reply(text(ANSWER), "STOP"),
    ),
    {
        "model": MODEL,
        "contents": "Is it warmer in Paris or in Oslo?",
        "config": types.GenerateContentConfig(tools=[get_weather], temperature=0.2),
    },
)
_EMBEDDING = Scenario(
    "embedding",
    (
        json.dumps(
            {
                "embeddings": [{"values": [number / 1000 for number in range(768)]}],
                "usageMetadata": {"promptTokenCount": 11},
            }
        ).encode(),
    ),
    {"model": EMBEDDING_MODEL, "contents": QUESTION},
    "embed_content",
    most_ratio=1.4,
)

_INTERACTION = {
    "id": "v1_ChdkZjE2YWQ4ZS1jN2E",
    "object": "interaction",
    "model": MODEL,
    "status": "completed",
    "usage": {
        "total_input_tokens": 24,
        "total_output_tokens": 18,
        "total_thought_tokens": 0,
        "total_tokens": 42,
        "input_tokens_by_modality": [{"modality": "text", "tokens": 24}],
    },
}
_ASKED = {
    "model": MODEL,
    "input": QUESTION,
    "system_instruction": "You are a patient teacher.",
    "generation_config": {"max_output_tokens": 256},
}


def _interaction_stream(chunks: int) -> bytes:
    named = {key: _INTERACTION[key] for key in ("id", "object", "model")}
    deltas = [{"type": "text", "text": f" and word {number}"} for number in range(chunks)]
    events = [
        {
            "event_type": "interaction.created",
            "interaction": {**named, "status": "in_progress"},
        },
        {"event_type": "step.start", "index": 0, "step": {"type": "model_output"}},
        *({"event_type": "step.delta", "index": 0, "delta": delta} for delta in deltas),
        {"event_type": "step.stop", "index": 0},
        {"event_type": "interaction.completed", "interaction": _INTERACTION},
    ]
    framed = [f"event: {one['event_type']}\ndata: {json.dumps(one)}\n\n" for one in events]
    return "".join([*framed, "event: done\ndata: [DONE]\n\n"]).encode()


_CREATED = Scenario(
    "interaction",
    (
        json.dumps(
            {
                **_INTERACTION,
                "steps": [{"type": "model_output", "content": [{"type": "text", **text(ANSWER)}]}],
            }
        ).encode(),
    ),
    _ASKED,
    "create",
    "interactions",
)

LIVE, LIVE_INTERACTIONS = "live", "live interactions"
"""The resources whose calls are turns of a session."""
_TURN = Scenario(
    "Live turn",
    live_frames(10),
    {"turns": {"role": "user", "parts": [text(QUESTION)]}, "turn_complete": True},
    resource=LIVE,
    session={
        "model": "gemini-live-2.5-flash-preview",
        "config": types.LiveConnectConfig(
            response_modalities=[types.Modality.TEXT],
            system_instruction="You are a patient teacher.",
            temperature=0.2,
        ),
    },
    asynchronous=True,
)
_HEARD = Scenario(
    "Live interaction answer",
    answer_frames(10),
    {"input": QUESTION},
    resource=LIVE_INTERACTIONS,
    # Not the one above, whose model the plugin remembers.
    session={"id": "v1_ChdMaXZlLTEyMzQ1Njc"},
    asynchronous=True,
)

SCENARIOS: tuple[Scenario, ...] = (
    short(SHORT, most_ratio=1.4),
    short("short call, no content", settings=NO_CONTENT, most_ratio=1.4),
    # genai-prices finds a price by its own general rules; whoever does not want it has a setting.
    short("short call, priced", settings=PRICED),
    short("short call, async", asynchronous=True, most_ratio=1.4),
    history(100, most_ratio=1.4),
    image("1 MB image", IMAGE, media=IMAGE, most_ratio=1.5),
    _STREAM,
    replace(_STREAM, name=f"{_STREAM.name}, async", asynchronous=True),
    _LOOP,
    _EMBEDDING,
    _CREATED,
    replace(
        _CREATED,
        # The SDK takes milliseconds to parse each event.
        name="interaction, 10 chunks",
        replies=(_interaction_stream(10),),
        arguments={**_ASKED, "stream": True},
    ),
    _TURN,
    _HEARD,
    short("not sampled", providers=providers.unsampled, most_ratio=1.6),
    short(
        "not sampled, no metrics",
        providers=providers.unsampled_without_metrics,
        floored=False,
        most_micros=10,
    ),
    short("no SDK", providers=providers.none, floored=False, most_micros=10),
    short("suppressed", around=suppress_instrumentation, floored=False, most_micros=10),
    short("taken off again", removed=True, floored=False, most_frames=0),
)
