"""Prompts and answers that Google holds back: promptFeedback, finish reasons without content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_gemini.script import Round, Scenario, Tokens
from fake_gemini.wire import answer, candidate, response, stream, usage, without

if TYPE_CHECKING:
    from fake_gemini.script import Json

RATINGS = [
    {"category": "HARM_CATEGORY_HATE_SPEECH", "probability": "NEGLIGIBLE"},
    {
        "category": "HARM_CATEGORY_DANGEROUS_CONTENT",
        "probability": "HIGH",
        "blocked": True,
    },
]


def _held_back(finish: str, content: Json | None, **more: object) -> Json:
    """Builds a candidate that ends without parts: no content, an empty one, or only a role."""
    bare = without(candidate(finish=finish, **more), "content")
    return bare if content is None else {"content": content, **bare}


BLOCKED_PROMPT = Scenario(
    name="blocked_prompt",
    steps=(
        answer(
            response(
                usage=usage(11),
                promptFeedback={"blockReason": "PROHIBITED_CONTENT", "safetyRatings": RATINGS},
            )
        ),
    ),
    rounds=(Round(tokens=Tokens(input=11), block_reason="PROHIBITED_CONTENT"),),
)

BLOCKED_BY_ARMOR = Scenario(
    name="blocked_by_armor",
    apis=("vertex",),
    steps=(
        answer(
            response(
                usage={"trafficType": "ON_DEMAND"},
                promptFeedback={
                    "blockReason": "MODEL_ARMOR",
                    "blockReasonMessage": "The prompt looks like an injection.",
                },
                createTime="2026-05-04T10:11:12.131415Z",
            )
        ),
    ),
    rounds=(Round(block_reason="MODEL_ARMOR"),),
)

SAFETY_WITHOUT_CONTENT = Scenario(
    name="safety_without_content",
    steps=(
        answer(
            response(
                _held_back("SAFETY", {}, safetyRatings=RATINGS),
                usage=usage(11),
            )
        ),
    ),
    rounds=(Round(tokens=Tokens(input=11), finish_reasons=("SAFETY",)),),
)

SAFETY_IN_MID_STREAM = Scenario(
    name="safety_in_mid_stream",
    steps=(
        stream(
            response(candidate("First, take ", finish=None), usage=usage(11, 3)),
            response(_held_back("SAFETY", None, safetyRatings=RATINGS), usage=usage(11, 3)),
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=11, output=3),
            text="First, take ",
            finish_reasons=("SAFETY",),
        ),
    ),
)

ARMOR_WITHOUT_CONTENT = Scenario(
    name="armor_without_content",
    apis=("vertex",),
    steps=(
        answer(
            response(
                _held_back("MODEL_ARMOR", None, finishMessage="The answer was filtered."),
                usage=usage(11, trafficType="ON_DEMAND"),
            )
        ),
    ),
    rounds=(Round(tokens=Tokens(input=11), finish_reasons=("MODEL_ARMOR",)),),
)

MAX_TOKENS_WITHOUT_PARTS = Scenario(
    name="max_tokens_without_parts",
    config={"max_output_tokens": 4},
    steps=(
        answer(
            response(
                _held_back("MAX_TOKENS", {"role": "model"}),
                usage=usage(6, thoughts=4),
            )
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=6, output=4, reasoning=4),
            finish_reasons=("MAX_TOKENS",),
        ),
    ),
)

UNEXPECTED_TOOL_CALL = Scenario(
    name="unexpected_tool_call",
    steps=(
        answer(
            response(
                _held_back(
                    "UNEXPECTED_TOOL_CALL",
                    {},
                    finishMessage="The model called a tool that was not declared.",
                ),
                usage=usage(9, thoughts=21),
            )
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=9, output=21, reasoning=21),
            finish_reasons=("UNEXPECTED_TOOL_CALL",),
        ),
    ),
)

RECITATION = Scenario(
    name="recitation",
    steps=(answer(response(_held_back("RECITATION", None), usage=usage(8))),),
    rounds=(Round(tokens=Tokens(input=8), finish_reasons=("RECITATION",)),),
)

FAILED_WITH_MESSAGE = Scenario(
    name="failed_with_message",
    steps=(
        answer(
            without(
                response(
                    without(_held_back("OTHER", None, finishMessage="The model gave up."), "index")
                ),
                "modelVersion",
                "responseId",
            )
        ),
    ),
    rounds=(Round(finish_reasons=("OTHER",)),),
)
