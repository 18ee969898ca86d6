"""Interactions and decisions in free play; nothing is stored, so nothing is found again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fake_gemini import interaction_wire as wire
from fake_gemini.freeplay import talking
from fake_gemini.freeplay.counting import tokens_in
from fake_gemini.wire import answer, error_body, refusal

if TYPE_CHECKING:
    from fake_gemini.recording import Request
    from fake_gemini.script import Json, Step


def interact(request: Request) -> Step:
    """Answers with text, whole or word by word."""
    asked = request.json
    prompt = _text(asked.get("input"))
    said = talking.answer_parts({"contents": [{}]}, prompt)[0]["text"]
    usage = wire.usage(tokens_in(prompt), tokens_in(said))
    named = {key: asked[key] for key in ("model", "agent") if asked.get(key)}
    pieces = [f"{word} " for word in said.split(" ")]
    return wire.interaction(wire.output(said.strip()), usage=usage, pieces={0: pieces}, **named)


def no_interaction(request: Request) -> Step:
    """Finds no interaction."""
    message = f"Interaction {request.path_params['id']} not found."
    return refusal(404, error_body(404, message))


def not_kept(request: Request) -> Step:
    """Finds no resource of any kind."""
    return refusal(404, error_body(404, f"{request.path} not found."))


def decide(request: Request) -> Step:
    """Takes the first choice, and half of every score."""
    asked = request.json
    answers = {name: _decision(question) for name, question in asked["questions"].items()}
    return answer({"answers": answers, "usage": wire.usage(12, 0)})


def _decision(question: Json) -> Json:
    kind = question["type"]
    if kind == "choice":
        first = next(iter(question["criteria"]))
        return {"type": kind, "choice": first, "confidence": 1.0, "probabilities": {first: 1.0}}
    return {"type": kind, kind: 0.5, "confidence": 0.5, "probabilities": {}}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(map(_text, value))
    if isinstance(value, dict):
        return _text(value.get("text") or value.get("content") or "")
    return ""
