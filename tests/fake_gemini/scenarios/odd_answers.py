"""Answers as they really come: parts, finish reasons, ids and enum values out of the ordinary."""

from __future__ import annotations

from fake_gemini.scenarios.odd_usage import LAST, MORE, PIECES, SOME, said
from fake_gemini.scenarios.text import SIGNATURE, SKY
from fake_gemini.script import SSE_TYPE, Reply, Round, Scenario, Step, Tokens
from fake_gemini.wire import answer, candidate, modalities, response, stream, usage, without

SIGNATURE_ALONE = Scenario(
    name="signature_alone",
    steps=(
        stream(
            response(candidate(SOME + MORE, finish=None), usage=usage(6, 9, thoughts=12)),
            response(candidate(LAST, finish=None), usage=usage(6, 15, thoughts=12)),
            response(
                candidate({"text": "", "thoughtSignature": SIGNATURE}),
                usage=usage(6, 15, thoughts=12),
            ),
        ),
    ),
    rounds=said(Tokens(input=6, output=27, reasoning=12)),
)

EMPTY_PART = Scenario(
    name="empty_part",
    steps=(answer(response(candidate(SOME, {}, MORE + LAST), usage=usage(6, 15))),),
    rounds=said(Tokens(input=6, output=15)),
)

EMPTY_CONTENT_CHUNK = Scenario(
    name="empty_content_chunk",
    steps=(
        stream(
            response({"content": {}, "index": 0}, usage=usage(6)),
            response(candidate(SKY, finish=None), usage=usage(6, 15)),
            response({"finishReason": "STOP", "index": 0}, usage=usage(6, 15)),
        ),
    ),
    rounds=said(Tokens(input=6, output=15)),
)

STOP_IN_EVERY_CHUNK = Scenario(
    name="stop_in_every_chunk",
    steps=(
        stream(
            *(
                response(candidate(piece), usage=usage(6, 5 * number))
                for number, piece in enumerate(PIECES, start=1)
            )
        ),
    ),
    rounds=said(Tokens(input=6, output=15)),
)

FINISH_REASON_CHANGES = Scenario(
    name="finish_reason_changes",
    steps=(
        stream(
            response(candidate(SOME), usage=usage(6, 5)),
            response(candidate(MORE, finish="MAX_TOKENS"), usage=usage(6, 9)),
        ),
    ),
    rounds=said(Tokens(input=6, output=9), "MAX_TOKENS", text=SOME + MORE),
)

NO_FINISH_REASON = Scenario(
    name="no_finish_reason",
    steps=(answer(response(candidate(SKY, finish=None), usage=usage(6, 15))),),
    rounds=(Round(tokens=Tokens(input=6, output=15), text=SKY),),
)

UNKNOWN_ENUM_VALUES = Scenario(
    name="unknown_enum_values",
    steps=(
        answer(
            response(
                candidate(
                    SKY,
                    finish="OUT_OF_INK",
                    safetyRatings=[
                        {"category": "HARM_CATEGORY_BAD_PUNS", "probability": "LAUGHABLE"}
                    ],
                ),
                usage=usage(
                    6,
                    15,
                    promptTokensDetails=modalities(SMELL=6),
                    trafficType="BY_PIGEON",
                ),
            )
        ),
    ),
    rounds=said(
        Tokens(input=6, output=15, by_modality={"input.SMELL": 6}),
        "OUT_OF_INK",
    ),
)

UNKNOWN_BLOCK_REASON = Scenario(
    name="unknown_block_reason",
    steps=(answer(response(usage=usage(6), promptFeedback={"blockReason": "FULL_MOON"})),),
    rounds=(Round(tokens=Tokens(input=6), block_reason="FULL_MOON"),),
)

BARE_RESPONSE = Scenario(
    name="bare_response",
    steps=(
        answer(
            {
                "candidates": [{"content": {"parts": [{"text": SKY}]}, "finishReason": "STOP"}],
                "promptFeedback": {},
                "usageMetadata": usage(6, 15),
            }
        ),
    ),
    rounds=said(Tokens(input=6, output=15)),
)

OTHER_MODEL_VERSION = Scenario(
    name="other_model_version",
    steps=(
        answer(
            response(candidate(SKY), usage=usage(6, 15), modelVersion="gemini-2.5-flash-preview-09")
        ),
    ),
    rounds=said(Tokens(input=6, output=15)),
)

PREFIXED_MODEL_VERSION = Scenario(
    name="prefixed_model_version",
    steps=(
        answer(
            response(candidate(SKY), usage=usage(6, 15), modelVersion="models/gemini-2.5-flash-001")
        ),
    ),
    rounds=said(Tokens(input=6, output=15)),
)

LONE_SURROGATE = Scenario(
    name="lone_surrogate",
    steps=(answer(response(candidate("half a face: \ud83d"), usage=usage(6, 7))),),
    rounds=said(Tokens(input=6, output=7), text="half a face: \ud83d"),
)

EMPTY_ANSWER = Scenario(
    name="empty_answer",
    steps=(
        Step(
            unary=Reply(body={}),
            stream=Reply(raw=b"", content_type=SSE_TYPE),
        ),
    ),
    rounds=(Round(),),
)

ERROR_IN_OK_BODY = Scenario(
    name="error_in_ok_body",
    shapes=("unary",),
    steps=(
        answer({"error": {"code": 499, "message": "Cancelled on the way.", "status": "CANCELLED"}}),
    ),
    rounds=(Round(),),
)

NO_CANDIDATES = Scenario(
    name="no_candidates",
    steps=(answer(without(response(usage=usage(6)), "modelVersion")),),
    rounds=(Round(tokens=Tokens(input=6)),),
)
