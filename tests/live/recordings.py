"""Recorded Live sessions, read from the folder beside the repository, and what they must become."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fake_gemini.live import Hear, Json, Say, Step

FOLDER = Path(__file__).parents[3] / "shared" / "traffic" / "live"


@dataclass
class Turn:
    """What the recording says about one turn."""

    sent: list[str] = field(default_factory=list)
    heard: str = ""
    thought: str = ""
    answer: str = ""
    calls: list[str] = field(default_factory=list)
    responses: list[str] = field(default_factory=list)
    audio_in: int = 0
    audio_out: int = 0
    interrupted: bool = False
    usage: Json = field(default_factory=dict)

    @property
    def tokens(self) -> tuple[int | None, int | None]:
        """Returns input, and output with its thoughts."""
        usage = self.usage
        response = usage.get("responseTokenCount", usage.get("candidatesTokenCount"))
        output = None if response is None else response + usage.get("thoughtsTokenCount", 0)
        return usage.get("promptTokenCount"), output


@dataclass(frozen=True)
class Recording:
    """One session."""

    name: str
    messages: tuple[Json, ...]

    @property
    def setup(self) -> Json:
        """Returns what the client asked for."""
        setup: Json = self.messages[0]["data"]["setup"]
        return setup

    @property
    def setup_complete(self) -> Json:
        """Returns what the service said to that."""
        complete: Json = self.messages[1]["data"]["setupComplete"]
        return complete

    @property
    def vertex(self) -> bool:
        """Returns whether it was Vertex AI that spoke, through a gateway."""
        return self.setup["model"].startswith("publishers/")

    @property
    def exchange(self) -> tuple[Json, ...]:
        """Returns what came after the setup, in order."""
        return self.messages[2:]

    @property
    def sent(self) -> list[Json]:
        """Returns what the client sent after its setup."""
        return [one["data"] for one in self.exchange if one["direction"] == "sent"]

    @property
    def script(self) -> tuple[Step, ...]:
        """Returns the service's part for the fake."""
        return tuple(
            Hear() if one["direction"] == "sent" else Say(one["data"]) for one in self.exchange
        )

    @property
    def turns(self) -> list[Turn]:
        """Returns the turns, each up to the message that calls it complete."""
        turns = [Turn()]
        replies: list[str] = []
        for message in self.exchange:
            data = message["data"]
            if message["direction"] == "sent":
                _add_sent(turns[-1], data, replies)
                continue
            if "modelTurn" in data.get("serverContent", {}):
                turns[-1].responses += replies
                replies.clear()
            _add_received(turns[-1], data)
            if data.get("serverContent", {}).get("turnComplete"):
                turns.append(Turn(responses=replies))
                replies = []
        return turns[:-1]


def _add_sent(turn: Turn, data: Json, replies: list[str]) -> None:
    for content in data.get("client_content", {}).get("turns", ()):
        turn.sent += [part["text"] for part in content["parts"]]
    audio = data.get("realtime_input", {}).get("audio")
    if audio:
        turn.audio_in += len(base64.b64decode(audio["data"]))
    responses = data.get("tool_response", {}).get("functionResponses", ())
    replies.extend(response["id"] for response in responses)


def _add_received(turn: Turn, data: Json) -> None:
    content = data.get("serverContent", {})
    for part in content.get("modelTurn", {}).get("parts", ()):
        if part.get("thought"):
            turn.thought += part["text"]
        elif "inlineData" in part:
            turn.audio_out += len(base64.b64decode(part["inlineData"]["data"]))
    turn.heard += content.get("inputTranscription", {}).get("text", "")
    turn.answer += content.get("outputTranscription", {}).get("text", "")
    turn.interrupted = turn.interrupted or bool(content.get("interrupted"))
    turn.calls += [call["id"] for call in data.get("toolCall", {}).get("functionCalls", ())]
    turn.usage = data.get("usageMetadata") or turn.usage


def recordings() -> list[Recording]:
    """Returns all of them; none where the folder is not there."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        messages = json.loads(path.read_text())["messages"]
        found.append(Recording(path.stem.rpartition("realtime.")[2], tuple(messages)))
    return found


def config_of(recording: Recording) -> dict[str, Any]:
    """Returns the setup as the config of the SDK's `connect`."""
    setup = recording.setup
    config: dict[str, Any] = {
        "response_modalities": setup["generationConfig"]["responseModalities"],
        "system_instruction": setup["systemInstruction"],
        "input_audio_transcription": setup["inputAudioTranscription"],
        "output_audio_transcription": setup["outputAudioTranscription"],
    }
    if "tools" in setup:
        config["tools"] = setup["tools"]
    return config
