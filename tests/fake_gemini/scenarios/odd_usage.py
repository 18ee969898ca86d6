"""Usage as it really comes: partial, changing, vanishing, absent."""

from __future__ import annotations

from fake_gemini.scenarios.text import SKY
from fake_gemini.script import Round, Scenario, Tokens
from fake_gemini.wire import answer, candidate, modalities, response, stream, usage

PIECES = ("Air scatters blue light ", "more than red, ", "so the sky looks blue.")
SOME, MORE, LAST = PIECES


def said(tokens: Tokens, *finish: str, text: str = SKY) -> tuple[Round, ...]:
    return (Round(tokens=tokens, text=text, finish_reasons=finish or ("STOP",)),)


TRAFFIC_TYPE_CHUNKS = Scenario(
    name="traffic_type_chunks",
    apis=("vertex",),
    steps=(
        stream(
            response(candidate(SOME, finish=None), usage={"trafficType": "ON_DEMAND"}),
            response(candidate(MORE, finish=None), usage={"trafficType": "ON_DEMAND"}),
            response(
                candidate(LAST),
                usage=usage(
                    6,
                    15,
                    promptTokensDetails=modalities(TEXT=6),
                    candidatesTokensDetails=modalities(TEXT=15),
                    trafficType="ON_DEMAND",
                ),
            ),
        ),
    ),
    rounds=said(Tokens(input=6, output=15, by_modality={"input.TEXT": 6, "output.TEXT": 15})),
)

PROMPT_COUNT_CHANGES = Scenario(
    name="prompt_count_changes",
    config={"tools": [{"google_search": {}}]},
    steps=(
        stream(
            response(candidate(SOME, finish=None), usage=usage(52, 5)),
            response(candidate(MORE, finish=None), usage=usage(52, 9)),
            response(
                candidate(LAST),
                usage=usage(163, 15, promptTokensDetails=modalities(TEXT=163)),
            ),
        ),
    ),
    rounds=said(Tokens(input=163, output=15, by_modality={"input.TEXT": 163})),
)

CANDIDATES_COUNT_VANISHES = Scenario(
    name="candidates_count_vanishes",
    steps=(
        stream(
            response(candidate(SOME, finish=None), usage=usage(6)),
            response(candidate(MORE, finish=None), usage=usage(6, 15, thoughts=8)),
            response(
                candidate(LAST),
                usage={"promptTokenCount": 6, "thoughtsTokenCount": 8, "totalTokenCount": 29},
            ),
        ),
    ),
    rounds=said(Tokens(input=6, output=23, reasoning=8)),
)

USAGE_VANISHES = Scenario(
    name="usage_vanishes",
    steps=(
        stream(
            response(candidate(SOME + MORE, finish=None), usage=usage(6, 15)),
            response(candidate(LAST)),
        ),
    ),
    rounds=said(Tokens(input=6, output=15)),
)

TOTAL_BEYOND_BOTH = Scenario(
    name="total_beyond_both",
    config={"tools": [{"code_execution": {}}]},
    steps=(
        answer(
            response(
                candidate(SKY),
                usage=usage(
                    31,
                    15,
                    thoughts=102,
                    tool_use=240,
                    promptTokensDetails=modalities(TEXT=31),
                    toolUsePromptTokensDetails=modalities(TEXT=240),
                ),
            )
        ),
    ),
    rounds=said(
        Tokens(input=271, output=117, reasoning=102, by_modality={"input.TEXT": 271}),
    ),
)

ONLY_OUTPUT_COUNTS = Scenario(
    name="only_output_counts",
    steps=(
        answer(
            response(
                candidate(SKY),
                usage={"candidatesTokenCount": 15, "thoughtsTokenCount": 61},
            )
        ),
    ),
    rounds=said(Tokens(output=76, reasoning=61)),
)

NO_USAGE = Scenario(
    name="no_usage",
    steps=(
        stream(
            response(candidate(SOME + MORE, finish=None)),
            response(candidate(LAST)),
        ),
    ),
    rounds=said(Tokens()),
)

USAGE_IN_A_CHUNK_OF_ITS_OWN = Scenario(
    name="usage_in_a_chunk_of_its_own",
    steps=(
        stream(
            response(candidate(SKY)),
            response(usage=usage(6, 15)),
        ),
    ),
    rounds=said(Tokens(input=6, output=15)),
)

NULL_FIELDS = Scenario(
    name="null_fields",
    steps=(
        stream(
            response(candidate(SOME + MORE, finish=None), usage=usage(6, 9)),
            response(
                {**candidate(LAST), "citationMetadata": None, "safetyRatings": None},
                usage={"promptTokenCount": None, **usage(None, 15), "totalTokenCount": 21},
            ),
        ),
    ),
    rounds=said(Tokens(input=6, output=15)),
)
