"""Strategies for what the service says: answers in chunks and whole, refusals, broken wires."""

from __future__ import annotations

from typing import Any

from google.generativeai import protos
from hypothesis import strategies as st

from differential import leaves
from legacy.drawn_contents import Recipe, objects
from legacy.fake import Raw, Refusal

Response = protos.GenerateContentResponse
_words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).map(
    lambda tail: leaves.MARK + tail
)


# Parts

_texts = _words.map(lambda text: protos.Part(text=text))
_codes = st.sampled_from(
    (
        protos.Part(executable_code={"language": "PYTHON", "code": leaves.MARK}),
        protos.Part(code_execution_result={"outcome": "OUTCOME_OK", "output": leaves.MARK}),
        protos.Part(inline_data={"mime_type": "image/png", "data": leaves.MARK.encode()}),
        protos.Part(text=""),
        protos.Part(),
    )
)
said = st.one_of(_texts, _texts, _texts, _texts, _codes)
_arguments = st.one_of(
    _words.map(lambda city: {"city": city}),
    _words.map(lambda city: {"city": city, "tags": [city]}),
    _words.map(lambda city: {"city": city, "count": 2}),
    objects,
)


def calls(names: tuple[str, ...]) -> Recipe:
    """Returns calls of these tools, now and then of one that does not exist."""
    return st.builds(
        lambda name, args, call_id: protos.Part(
            function_call=protos.FunctionCall(name=name, args=args, id=call_id)
        ),
        st.sampled_from((*names * 4, leaves.MARK + "tool")),
        _arguments,
        st.sampled_from(("", "call-1")),
    )


# Answers

_reasons = st.sampled_from(("STOP",) * 9 + ("MAX_TOKENS", "SAFETY", "OTHER", 0, 77))
_ratings = st.sampled_from(
    (
        {},
        {},
        {"safety_ratings": [{"category": 7, "probability": "HIGH", "blocked": True}]},
        {"citation_metadata": {"citation_sources": [{"uri": "https://x.invalid", "end_index": 3}]}},
        {"grounding_metadata": {"web_search_queries": [leaves.MARK]}},
        {"token_count": 3, "avg_logprobs": -0.5},
    )
)


def _candidates(parts: Recipe, *, whole: bool) -> Recipe:
    """Returns a candidate; the SDK can put together only chunks that have parts."""
    sizes = (1, 1, 1, 2, 3, 0) if whole else (1, 1, 1, 1, 1, 2, 0)
    return st.builds(
        lambda parts, role, reason, beside: {
            "content": protos.Content(role=role, parts=list(parts)),
            "finish_reason": reason,
            **beside,
        },
        st.one_of(*(st.tuples(*(parts,) * size) for size in sizes)),
        st.sampled_from(("model", "model", "")),
        _reasons if whole else st.sampled_from((0, 0, "STOP")),
        _ratings,
    )


_counts = st.sampled_from((1, 7, 40, 5000))
_versions = st.sampled_from(("gemini-1.5-flash-002", ""))


@st.composite
def usages(draw: Any, chunks: int) -> list[Any]:
    """Draws what each chunk says about tokens: counts that grow, and may be missing."""
    prompt, candidates, thoughts = draw(_counts), draw(_counts) - 1, draw(_counts) - 1
    cached = draw(st.sampled_from((0, 0, prompt // 2)))
    told = []
    for share in range(1, chunks + 1):
        usage = Response.UsageMetadata(
            prompt_token_count=prompt,
            candidates_token_count=candidates * share,
            cached_content_token_count=cached,
            total_token_count=prompt + (candidates + thoughts) * share,
        )
        told.append(None if draw(st.sampled_from((False,) * 5 + (True,))) else usage)
    return told


@st.composite
def answers(draw: Any, parts: Recipe = said, *, streamed: bool = False) -> list[Any]:
    """Draws an answer."""
    chunks = draw(st.sampled_from((1, 2, 2, 3, 4))) if streamed else 1
    told = []
    for usage in draw(usages(chunks)):
        count = draw(st.sampled_from((1,) * 12 + (2, 0)))
        drawn = [draw(_candidates(parts, whole=not streamed)) for _ in range(count)]
        found = [protos.Candidate(index=place, **one) for place, one in enumerate(drawn)]
        told.append(Response(candidates=found, usage_metadata=usage, model_version=draw(_versions)))
    return told


blocked = st.sampled_from(("SAFETY", "OTHER", 77)).map(
    lambda reason: [Response(prompt_feedback={"block_reason": reason})]
)


# Faults

_KINDS = (
    (400, "INVALID_ARGUMENT"),
    (401, "UNAUTHENTICATED"),
    (403, "PERMISSION_DENIED"),
    (404, "NOT_FOUND"),
    (429, "RESOURCE_EXHAUSTED"),
    (500, "INTERNAL"),
    (503, "UNAVAILABLE"),
    (504, "DEADLINE_EXCEEDED"),
)
LAST = Refusal(400, "INVALID_ARGUMENT", "There is nothing more to say.")
"""What answers whoever asks once more than a script has answers."""
refusals = st.builds(
    lambda kind, message: Refusal(*kind, message),
    st.sampled_from(_KINDS),
    st.sampled_from(("Not today.", "Request payload size exceeds the limit: 20 MB")),
)
_garbled = st.builds(
    Raw,
    st.sampled_from(
        (
            b"",
            b"not JSON",
            b"[]",
            b"null",
            b"{",
            b'{"candidates": 3}',
            b'[{"candidates": 3}]',
            b"\xff",
        )
    ),
    st.sampled_from((200, 200, 404, 500)),
    st.booleans(),
)


@st.composite
def _broken_off(draw: Any, end: Recipe) -> list[Any]:
    """Draws a stream with something among its chunks that is none."""
    told = draw(answers(streamed=True))
    return [*told[: draw(st.integers(1, len(told)))], draw(end)]


def faults(*, streamed: bool) -> Recipe:
    """Returns answers that are none."""
    alone = st.one_of(refusals, refusals, _garbled).map(lambda one: [one])
    if not streamed:
        return alone
    garbled = st.sampled_from((b"{", b"not JSON", b'{"candidates": 3}')).map(Raw)
    return st.one_of(alone, _broken_off(refusals), _broken_off(garbled))


_rarely = st.sampled_from((False,) * 5 + (True,))


@st.composite
def scripts(draw: Any, names: list[str], *, streamed: bool, calls_for: int) -> list[list[Any]]:
    """Draws the answers to so many calls: rounds in which tools are called, then the last word."""
    steps: list[list[Any]] = []
    for _ in range(calls_for):
        called = calls(tuple(names))
        rounds = draw(st.sampled_from((1, 2, 1, 3, 0))) if names else 0
        steps += [draw(answers(st.one_of(called, called, said))) for _ in range(rounds)]
        if draw(_rarely):
            steps.append(draw(faults(streamed=streamed) | blocked))
        else:
            steps.append(draw(answers(streamed=streamed)))
    return steps


# Measures

_vector = {"values": [0.25, -0.5]}
single = st.just([protos.EmbedContentResponse(embedding=_vector)])
batches = st.sampled_from((0, 1, 2, 3)).map(
    lambda count: [protos.BatchEmbedContentsResponse(embeddings=[_vector] * count)]
)
counted = st.builds(
    lambda total, cached: [
        protos.CountTokensResponse(total_tokens=total, cached_content_token_count=cached)
    ],
    _counts,
    st.sampled_from((0, 5)),
)
