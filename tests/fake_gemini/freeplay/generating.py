"""generateContent and streamGenerateContent in free play."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fake_gemini import wire
from fake_gemini.freeplay import talking
from fake_gemini.freeplay.counting import count_parts, count_prompt, details, texts_of, tokens_in
from fake_gemini.freeplay.reading import body_of
from fake_gemini.freeplay.refusing import refused

if TYPE_CHECKING:
    from fake_gemini.recording import Request
    from fake_gemini.script import Json, Step

WORDS_PER_CHUNK = 5


def generate(request: Request) -> Step:
    """Answers a prompt: a refusal, a blocked prompt, function calls, or text."""
    asked = body_of(request)
    contents = asked.get("contents") or [{}]
    prompt = texts_of(contents[-1])
    refusal = refused(request, prompt)
    if refusal is not None:
        return refusal
    if "simulate blocked" in prompt.lower():
        return wire.answer(_blocked(request, asked))
    thinking = asked.get("generationConfig", {}).get("thinkingConfig", {})
    thought = talking.thought_about(prompt) if thinking.get("thinkingBudget") != 0 else ""
    shown = thought if thinking.get("includeThoughts") else ""
    parts = talking.answer_parts(asked, prompt)
    chunks = [[{"text": shown, "thought": True}]] if shown else []
    chunks += _split(parts)
    return _spoken(request, asked, chunks, tokens_in(thought))


def _spoken(request: Request, asked: Json, pieces: list[list[Json]], thoughts: int) -> Step:
    """Builds both shapes of an answer; usage grows from chunk to chunk as Google's does."""
    prompt = count_prompt(asked)
    chunks = []
    for number in range(1, len(pieces) + 1):
        said = [part for piece in pieces[:number] for part in piece if not part.get("thought")]
        counted = sum(count_parts(said).values())
        usage = wire.usage(
            sum(prompt.values()),
            counted or None,
            thoughts=thoughts or None,
            promptTokensDetails=details(prompt),
        )
        last = number == len(pieces)
        found = wire.candidate(*pieces[number - 1], finish="STOP" if last else None)
        chunks.append(_response(request, found, usage=usage))
    return wire.stream(*chunks)


def _blocked(request: Request, asked: Json) -> Json:
    counted = sum(count_prompt(asked).values())
    return _response(
        request,
        usage=wire.usage(counted),
        promptFeedback={"blockReason": "PROHIBITED_CONTENT"},
    )


def _response(request: Request, *candidates: Json, usage: Json, **more: Any) -> Json:
    """Builds a response that names the model that was asked and has an id of its own."""
    number = sum(request.body) % 100_000
    return wire.response(
        *candidates,
        usage=usage,
        modelVersion=request.model,
        responseId=f"free-{number:05d}",
        **more,
    )


def _split(parts: list[Json]) -> list[list[Json]]:
    """Cuts texts into chunks of a few words; other parts come whole and together."""
    pieces: list[list[Json]] = []
    for part in parts:
        if "text" not in part:
            if pieces and "text" not in pieces[-1][0]:
                pieces[-1].append(part)
            else:
                pieces.append([part])
            continue
        words = part["text"].split(" ")
        for start in range(0, len(words), WORDS_PER_CHUNK):
            lead = " " if start else ""
            pieces.append([{"text": lead + " ".join(words[start : start + WORDS_PER_CHUNK])}])
    return pieces
