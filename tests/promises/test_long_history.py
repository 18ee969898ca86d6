"""A long history is read while it is written, and nobody can tell by what is told of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from google.genai import types

if TYPE_CHECKING:
    from promises.watching import Telemetry

LENGTH = 300


def _history(text: str = "What next?") -> list[types.Content]:
    roles = ("user", "model")
    return [
        types.Content(role=roles[turn % 2], parts=[types.Part(text=f"{text} {turn}")])
        for turn in range(LENGTH)
    ]


def _told(genai: Any, telemetry: Telemetry, contents: Any, **settings: Any) -> list[Any]:
    with telemetry.attached(**settings):
        genai.models.generate_content(model="gemini-2.5-flash", contents=contents)
    told: list[Any] = json.loads((telemetry.the_round().attributes or {})["gen_ai.input.messages"])
    return told


def _message(turn: int, text: str = "What next?") -> dict[str, Any]:
    return {
        "role": "assistant" if turn % 2 else "user",
        "parts": [{"type": "text", "content": f"{text} {turn}"}],
    }


def _plain(message: dict[str, Any]) -> dict[str, Any]:
    (part,) = message["parts"]
    return {"role": message["role"], "content": part["content"]}


@pytest.mark.parametrize("mlflow", [False, True])
def test_every_message_is_told(genai: Any, telemetry: Telemetry, mlflow: bool):
    """Messages come in their order, and none is lost between two helpings."""
    told = _told(genai, telemetry, _history(), mlflow=mlflow)
    assert told == [_message(turn) for turn in range(LENGTH)]


def test_a_lone_surrogate_far_inside_is_replaced(genai: Any, telemetry: Telemetry):
    """What cannot be encoded costs one character and not the history."""
    told = _told(genai, telemetry, [*_history(), types.Content(parts=[types.Part(text="\ud800")])])
    assert told[:-1] == [_message(turn) for turn in range(LENGTH)]
    assert told[-1]["parts"] == [{"type": "text", "content": "?"}]


@pytest.mark.parametrize("last", ["What now?", "\ud800"])
def test_mlflow_is_told_the_same(genai: Any, telemetry: Telemetry, last: str):
    """MLflow's form has every message too, after the instructions."""
    contents = [*_history(), types.Content(role="user", parts=[types.Part(text=last)])]
    with telemetry.attached(mlflow=True):
        genai.models.generate_content(
            model="gemini-2.5-flash", contents=contents, config={"system_instruction": "Be brief."}
        )
    inputs = json.loads((telemetry.the_round().attributes or {})["mlflow.spanInputs"])
    assert inputs == {
        "model": "gemini-2.5-flash",
        "messages": [
            {"role": "system", "content": "Be brief."},
            *(_plain(_message(turn)) for turn in range(LENGTH)),
            {"role": "user", "content": last.encode(errors="replace").decode()},
        ],
    }


def test_mlflow_is_told_within_the_limit(genai: Any, telemetry: Telemetry):
    """MLflow's form of a history that is too long is shortened and stays whole JSON."""
    _told(genai, telemetry, _history(), mlflow=True, max_content_bytes=20_000)
    text = (telemetry.the_round().attributes or {})["mlflow.spanInputs"]
    assert len(text.encode()) <= 20_000
    assert len(json.loads(text)["messages"]) == LENGTH


def test_mlflow_is_told_the_roles_at_any_limit(genai: Any, telemetry: Telemetry):
    """The words of the schema are no texts to shorten, or no page could draw the rest."""
    history = [types.Content(role="user", parts=[types.Part(text="word " * 40)])] * 8
    _told(genai, telemetry, history, mlflow=True, max_content_bytes=290)
    messages = json.loads((telemetry.the_round().attributes or {})["mlflow.spanInputs"])["messages"]
    assert [message["role"] for message in messages] == ["user"] * 8


def test_the_limit_keeps_the_last_messages(genai: Any, telemetry: Telemetry):
    """Beyond the limit the oldest messages go, as in a short history."""
    told = _told(genai, telemetry, _history(), max_content_bytes=4000)
    assert 0 < len(told) < LENGTH
    assert len(json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()) <= 4000
    assert told[-1]["role"] == _message(LENGTH - 1)["role"]


def test_redaction_sees_every_text(genai: Any, telemetry: Telemetry):
    """The user's own look at content misses nothing."""
    told = _told(genai, telemetry, _history(), redact=lambda text, _where: text.upper())
    assert told == [_message(turn, "WHAT NEXT?") for turn in range(LENGTH)]


def test_neighbouring_parts_stay_one_message(genai: Any, telemetry: Telemetry):
    """Loose parts are grouped as the SDK groups them, however many there are."""
    told = _told(genai, telemetry, [f"Part {turn}" for turn in range(LENGTH)])
    assert [len(message["parts"]) for message in told] == [LENGTH]


@pytest.mark.parametrize("mlflow", [False, True])
def test_a_content_that_cannot_be_read_costs_the_messages_only(
    genai: Any, telemetry: Telemetry, mlflow: bool
):
    """Instructions are told whatever the history holds, as with a short one."""

    class Unreadable(types.Part):
        def __getattribute__(self, name: str) -> Any:
            if name == "text" and reading:
                raise RuntimeError(name)
            return super().__getattribute__(name)

    reading: list[bool] = []
    history = [*_history(), types.Content(role="user", parts=[Unreadable(text="Now?")])]
    with telemetry.attached(mlflow=mlflow, on_request=lambda _span, _arguments: reading.clear()):
        reading.append(True)
        genai.models.generate_content(
            model="gemini-2.5-flash", contents=history, config={"system_instruction": "Be brief."}
        )
    attributes = dict(telemetry.the_round().attributes or {})
    assert "gen_ai.input.messages" not in attributes
    instructions = json.loads(str(attributes["gen_ai.system_instructions"]))
    assert instructions == [{"type": "text", "content": "Be brief."}]
