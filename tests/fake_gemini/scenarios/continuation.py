"""Answers that reach a request's token limit and go on in further requests, called hops."""

from __future__ import annotations

from dataclasses import replace

from fake_gemini.scenarios.failures import QUOTA_BODY
from fake_gemini.script import Failure, Json, Reply, Round, Scenario, Step, Tokens
from fake_gemini.wire import (
    answer,
    base64_text,
    candidate,
    error_body,
    modalities,
    refusal,
    response,
    usage,
)

FIRST, SECOND, THIRD = "Once upon a time ", "there was a trace ", "that told the truth."
SINCE = (2, 30)


def token(number: int) -> str:
    """Returns the continuation token that follows this hop."""
    return base64_text(f"hop-{number}-ends-here")


def _open(text: str, counted: Json, number: int, finish: str | None = "CONTINUATION") -> Json:
    """Builds a response after which the model can go on."""
    found = candidate(text, finish=finish, continuationToken=token(number))
    return response(found, usage=counted, responseId=f"fake-hop-{number}")


def _hop(text: str, counted: Json, number: int) -> Step:
    """One hop in both shapes; its stream has a chunk before the one that ends it."""
    head, tail = text[:5], text[5:]
    begun = usage(counted["promptTokenCount"], 2)
    return answer(
        _open(text, counted, number),
        response(candidate(head, finish=None), usage=begun, responseId=f"fake-hop-{number}"),
        _open(tail, counted, number),
    )


def _end(text: str, counted: Json) -> Step:
    head, tail = text[:5], text[5:]
    begun = usage(counted["promptTokenCount"], 2)
    return answer(
        response(candidate(text), usage=counted, responseId="fake-hop-last"),
        response(candidate(head, finish=None), usage=begun, responseId="fake-hop-last"),
        response(candidate(tail), usage=counted, responseId="fake-hop-last"),
    )


def _broken(cut_after: int, *chunks: Json) -> Step:
    """A streamed hop whose connection breaks; there is nothing like it for a unary call."""
    reply = Reply(chunks=chunks, cut_after=cut_after)
    return Step(unary=Reply(cut_after=0), stream=reply)


_FIRST_USAGE = usage(10, 40, promptTokensDetails=modalities(TEXT=10))
_SECOND_USAGE = usage(50, 30, promptTokensDetails=modalities(TEXT=50))
_THIRD_USAGE = usage(80, 9, thoughts=5, promptTokensDetails=modalities(TEXT=80))

TWO_HOPS = Scenario(
    name="two_hops",
    since=SINCE,
    contents="Tell a long story.",
    steps=(_hop(FIRST, _FIRST_USAGE, 1), _end(SECOND, _SECOND_USAGE)),
    rounds=(
        Round(
            tokens=Tokens(input=60, output=70, by_modality={"input.TEXT": 60}),
            text=FIRST + SECOND,
            finish_reasons=("STOP",),
            hops=2,
        ),
    ),
)

THREE_HOPS = Scenario(
    name="three_hops",
    since=SINCE,
    contents="Tell a longer story.",
    steps=(
        _hop(FIRST, _FIRST_USAGE, 1),
        _hop(SECOND, _SECOND_USAGE, 2),
        _end(THIRD, _THIRD_USAGE),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=140, output=84, reasoning=5, by_modality={"input.TEXT": 140}),
            text=FIRST + SECOND + THIRD,
            finish_reasons=("STOP",),
            hops=3,
        ),
    ),
)

CONTINUATION_OFF = Scenario(
    name="continuation_off",
    since=SINCE,
    contents="Tell a long story.",
    config={"automatic_continuation": False},
    steps=(_hop(FIRST, _FIRST_USAGE, 1),),
    rounds=(
        Round(
            tokens=Tokens(input=10, output=40, by_modality={"input.TEXT": 10}),
            text=FIRST,
            finish_reasons=("CONTINUATION",),
        ),
    ),
)

_CHECKPOINT = _open(FIRST, usage(10, 40), 1, finish=None)
_RESUMED = Round(
    tokens=Tokens(input=60, output=70, by_modality={"input.TEXT": 50}),
    text=FIRST + SECOND,
    finish_reasons=("STOP",),
    hops=2,
)

BROKEN_HOP_RESUMED = Scenario(
    name="broken_hop_resumed",
    since=SINCE,
    shapes=("stream",),
    contents="Tell a long story.",
    steps=(_broken(1, _CHECKPOINT), _end(SECOND, _SECOND_USAGE)),
    rounds=(_RESUMED,),
)

FAILED_HOP_RESUMED = Scenario(
    name="failed_hop_resumed",
    since=SINCE,
    shapes=("stream",),
    contents="Tell a long story.",
    steps=(
        answer({}, _CHECKPOINT, error_body(503, "The model went away.")),
        _end(SECOND, _SECOND_USAGE),
    ),
    rounds=(_RESUMED,),
)

_PARTIAL = Round(tokens=Tokens(input=10, output=40), text=FIRST, hops=5)

RESUMING_GIVEN_UP = Scenario(
    name="resuming_given_up",
    since=SINCE,
    shapes=("stream",),
    contents="Tell a long story.",
    steps=(_broken(1, _CHECKPOINT), *(_broken(0, _CHECKPOINT),) * 4),
    rounds=(replace(_PARTIAL, failure=Failure("transport")),),
)

SECOND_HOP_REFUSED = Scenario(
    name="second_hop_refused",
    since=SINCE,
    contents="Tell a long story.",
    steps=(_hop(FIRST, _FIRST_USAGE, 1), refusal(429, QUOTA_BODY)),
    rounds=(Round(hops=2, failure=Failure("ClientError", 429, "RESOURCE_EXHAUSTED")),),
    stream_rounds=(
        Round(
            tokens=Tokens(input=10, output=40, by_modality={"input.TEXT": 10}),
            text=FIRST,
            hops=2,
            failure=Failure("ClientError", 429, "RESOURCE_EXHAUSTED"),
        ),
    ),
)
