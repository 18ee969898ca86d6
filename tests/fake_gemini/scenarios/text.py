"""Answers in text: plain, streamed, thinking, structured, several candidates, cached."""

from __future__ import annotations

from fake_gemini.script import Json, Round, Scenario, Tokens
from fake_gemini.wire import answer, base64_text, candidate, modalities, response, stream, usage

SKY = "Air scatters blue light more than red, so the sky looks blue."
THOUGHT = "Rayleigh scattering is the reason. Keep it short."
SIGNATURE = base64_text("the model's own notes on scattering")
INVOICE = '{"vendor": "Acme", "total": 12.5}'


def _streamed(final: Json, *pieces: str, prompt: int, per_piece: int) -> list[Json]:
    """Cuts an answer into chunks whose usage grows; the last one carries the final usage."""
    chunks = [
        response(
            candidate(piece, finish=None),
            usage=usage(prompt, per_piece * number),
        )
        for number, piece in enumerate(pieces[:-1], start=1)
    ]
    return [*chunks, response(candidate(pieces[-1]), usage=final)]


_PLAIN_USAGE = usage(6, 15, promptTokensDetails=modalities(TEXT=6))

PLAIN_TEXT = Scenario(
    name="plain_text",
    steps=(
        answer(
            response(candidate(SKY), usage=_PLAIN_USAGE),
            *_streamed(
                _PLAIN_USAGE,
                "Air scatters blue light ",
                "more than red, ",
                "so the sky looks blue.",
                prompt=6,
                per_piece=5,
            ),
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=6, output=15, by_modality={"input.TEXT": 6}),
            text=SKY,
            finish_reasons=("STOP",),
        ),
    ),
)

SLOW_CHUNKS = Scenario(
    name="slow_chunks",
    steps=(
        answer(
            response(candidate(SKY), usage=_PLAIN_USAGE),
            *PLAIN_TEXT.steps[0].stream.chunks,
            delay=0.03,
            pace=0.06,
        ),
    ),
    rounds=PLAIN_TEXT.rounds,
)

THINKING = Scenario(
    name="thinking",
    config={"thinking_config": {"include_thoughts": True}},
    steps=(
        stream(
            response(
                candidate({"text": THOUGHT, "thought": True}, finish=None),
                usage=usage(6, thoughts=30),
            ),
            response(
                candidate("Air scatters blue light more than red, ", finish=None),
                usage=usage(6, 9, thoughts=44),
            ),
            response(
                candidate({"text": "so the sky looks blue.", "thoughtSignature": SIGNATURE}),
                usage=usage(6, 15, thoughts=44),
            ),
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=6, output=59, reasoning=44),
            text=SKY,
            thought=THOUGHT,
            finish_reasons=("STOP",),
        ),
    ),
)

STRUCTURED_OUTPUT = Scenario(
    name="structured_output",
    contents="Invoice of Acme over 12.50",
    config={
        "response_mime_type": "application/json",
        "response_schema": {
            "type": "OBJECT",
            "properties": {"vendor": {"type": "STRING"}, "total": {"type": "NUMBER"}},
        },
    },
    steps=(
        stream(
            response(candidate('{"vendor": "Acme", ', finish=None), usage=usage(9, 7)),
            response(candidate('"total": 12.5}'), usage=usage(9, 14)),
        ),
    ),
    rounds=(Round(tokens=Tokens(input=9, output=14), text=INVOICE, finish_reasons=("STOP",)),),
)

TWO_CANDIDATES = Scenario(
    name="two_candidates",
    config={"candidate_count": 2, "temperature": 1.2},
    steps=(
        answer(
            response(
                candidate(SKY, avgLogprobs=-0.12),
                candidate("Because blue light scatters", finish="MAX_TOKENS", index=1),
                usage=usage(6, 21),
            ),
            response(
                candidate("Air scatters blue light more than red, ", finish=None),
                candidate("Because blue ", finish=None, index=1),
                usage=usage(6, 12),
            ),
            response(
                candidate("so the sky looks blue."),
                candidate("light scatters", finish="MAX_TOKENS", index=1),
                usage=usage(6, 21),
            ),
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=6, output=21),
            text=SKY,
            finish_reasons=("STOP", "MAX_TOKENS"),
        ),
    ),
)

CACHED_TOKENS = Scenario(
    name="cached_tokens",
    config={"cached_content": "cachedContents/manual-7"},
    steps=(
        answer(
            response(
                candidate(SKY),
                usage=usage(
                    2054,
                    15,
                    cached=2048,
                    promptTokensDetails=modalities(TEXT=2054),
                    cacheTokensDetails=modalities(TEXT=2048),
                ),
            )
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(
                input=2054,
                output=15,
                cached=2048,
                by_modality={"input.TEXT": 2054, "cached.TEXT": 2048},
            ),
            text=SKY,
            finish_reasons=("STOP",),
        ),
    ),
)

MAX_TOKENS_TEXT = Scenario(
    name="max_tokens_text",
    config={"max_output_tokens": 5},
    steps=(
        answer(
            response(
                candidate("Air scatters blue light", finish="MAX_TOKENS"),
                usage=usage(6, 5),
            )
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=6, output=5),
            text="Air scatters blue light",
            finish_reasons=("MAX_TOKENS",),
        ),
    ),
)
