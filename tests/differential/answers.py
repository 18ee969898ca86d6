"""Strategies for what the service says: answers in chunks and whole, refusals, broken wires."""

from __future__ import annotations

from typing import Any

from google.genai import types
from hypothesis import strategies as st

from differential import leaves
from differential.contents import made
from differential.models import UNKNOWN_VALUE, Recipe, model
from differential.recipes import on_the_wire
from fake_gemini.script import SSE_TYPE, Json, Reply, Step
from fake_gemini.wire import STATUS_NAMES, error_body

_STOP = [one for one in types.FinishReason if one.value != "CONTINUATION"]
_MODALITIES = ("TEXT", "IMAGE", "AUDIO", "VIDEO", UNKNOWN_VALUE)
_GARBLED = (
    b"",
    b"not JSON",
    b"[]",
    b"null",
    b"{",
    b"{}",
    b'{"candidates": 3}',
    b'{"candidates": [{"content": 7}]}',
    b'{"usageMetadata": {"promptTokenCount": "many"}}',
)
_GARBLED_STREAMS = (
    b"",
    b"data: not JSON\r\n\r\n",
    b"no data at all\r\n\r\n",
    b"data: {}\r\n\r\n",
    b'data: {"candidates": 3}\r\n\r\n',
)
_ERROR_PAGES = (b"", b"<!DOCTYPE html><p>Not here.", b"upstream said no", b'{"error": "forbidden"}')


def step_of(reply: Reply) -> Step:
    """Returns a step that says the same whatever is asked."""
    return Step(unary=reply, stream=reply)


# Counts


_COUNTED = (
    "promptTokenCount",
    "candidatesTokenCount",
    "thoughtsTokenCount",
    "toolUsePromptTokenCount",
    "trafficType",
    "cachedContentTokenCount",
    "cacheTokensDetails",
    "promptTokensDetails",
    "candidatesTokensDetails",
)
_PARTS_OF = {
    "promptTokenCount": _COUNTED[5:8],
    "candidatesTokenCount": _COUNTED[8:],
}
"""The service counts no part without its whole."""
_masks = st.sampled_from((*(2 ** len(_COUNTED) - 1,) * 4, *range(2 ** len(_COUNTED))))
_counts = st.tuples(*(st.sampled_from((0, 7, 40, 5000)),) * 4)
_mixtures = st.sampled_from(
    (("TEXT",), ("TEXT", "IMAGE"), ("AUDIO", "VIDEO"), (UNKNOWN_VALUE,), ())
)


@st.composite
def usages(draw: Any, chunks: int) -> list[Json]:
    """Draws what each chunk says about tokens: counts that grow, and may be missing."""
    prompt, candidates, thoughts, tools = draw(_counts)
    mixture = draw(_mixtures)
    return [
        _usage(
            draw(_masks),
            {
                "promptTokenCount": prompt,
                "candidatesTokenCount": candidates * share,
                "thoughtsTokenCount": thoughts * share,
                "toolUsePromptTokenCount": tools,
                "trafficType": "ON_DEMAND",
                "cachedContentTokenCount": prompt // 2,
                "cacheTokensDetails": [{"modality": "VIDEO", "tokenCount": prompt // 3}],
                "promptTokensDetails": _details(mixture, prompt),
                "candidatesTokensDetails": _details(mixture, candidates),
            },
        )
        for share in range(1, chunks + 1)
    ]


def _usage(mask: int, counts: Json) -> Json:
    kept = {name for place, name in enumerate(_COUNTED) if mask >> place & 1}
    for total, parts in _PARTS_OF.items():
        if total not in kept:
            kept -= set(parts)
    return {name: count for name, count in counts.items() if name in kept}


def _details(mixture: tuple[str, ...], total: int) -> list[Json]:
    return [{"modality": one, "tokenCount": total // len(mixture)} for one in mixture]


# Answers

_text = made(types.Part, text=leaves.texts)
_thought = made(types.Part, text=leaves.texts, thought=st.just(value=True))
said = st.one_of(_text, _text, _thought, model(types.Part, most=2), model(types.Part, most=1))
call_arguments = st.one_of(
    st.builds(lambda city: {"city": city}, leaves.texts),
    st.builds(lambda city: {"city": city, "tags": [city], "count": 2.0}, leaves.texts),
    leaves.json_objects,
)


def calls(names: tuple[str, ...]) -> Recipe:
    """Returns calls of these tools, now and then of one that does not exist."""
    return made(
        types.Part,
        function_call=model(
            types.FunctionCall,
            of={
                "name": st.sampled_from((*names * 3, leaves.MARK + "tool")),
                "args": call_arguments,
                "id": leaves.words,
            },
            names=("name", "args", "id"),
        ),
    )


def candidates(parts: Recipe) -> Recipe:
    """Returns a candidate that says these parts, and something of all that may stand beside."""
    content = made(
        types.Content,
        role=st.sampled_from(("model", "model", None)),
        parts=st.one_of(*(st.tuples(*(parts,) * count) for count in (1, 1, 2, 3, 0)), st.none()),
    )
    beside = model(
        types.Candidate,
        of={
            "content": st.none(),
            "finish_reason": st.sampled_from((None, *_STOP, UNKNOWN_VALUE)),
            "continuation_token": st.none(),
            "index": st.none(),
        },
        most=1,
    )
    return st.builds(_with_content, beside, content, st.sampled_from(("STOP", "STOP", None)))


def _with_content(recipe: Any, content: Any, finish: str | None) -> Json:
    filled = {"content": on_the_wire(content), **on_the_wire(recipe)}
    return filled if finish is None else {**filled, "finishReason": finish}


_DRAWN_APART = {"candidates", "prompt_feedback", "usage_metadata"}
_beside = model(
    types.GenerateContentResponse,
    text=leaves.words,
    names=set(types.GenerateContentResponse.model_fields) - _DRAWN_APART,
    most=1,
).map(on_the_wire)
_feedback = model(types.GenerateContentResponsePromptFeedback).map(on_the_wire)


@st.composite
def documents(draw: Any, parts: Recipe, chunks: int) -> list[Json]:
    """Draws the JSON of an answer in so many chunks."""
    return [draw(_documents(parts, usage)) for usage in draw(usages(chunks))]


@st.composite
def _documents(draw: Any, parts: Recipe, usage: Json) -> Json:
    document = {**draw(_beside), **({"usageMetadata": usage} if usage else {})}
    found = draw(st.sampled_from((1, 1, 1, 1, 2, 0, None)))
    if found is None:
        return {**document, "promptFeedback": draw(_feedback)}
    said = [draw(candidates(parts)) for _ in range(found)]
    return {
        **document,
        "candidates": [{"index": n, **one} if n else one for n, one in enumerate(said)],
    }


@st.composite
def answers(draw: Any, parts: Recipe = said) -> Step:
    """Draws an answer, in both shapes."""
    chunks = draw(st.sampled_from((1, 1, 2, 2, 4)))
    told = draw(documents(parts, chunks))
    slow = draw(st.sampled_from((0.0, 0.0, 0.0, 0.003)))
    return Step(
        unary=Reply(body=told[-1], delay=slow),
        stream=Reply(chunks=tuple(told), delay=slow, pace=slow),
    )


# Faults


def _refusal(code: int, message: str) -> Step:
    return step_of(Reply(body=error_body(code, message), status=code))


refusals = st.builds(_refusal, st.sampled_from(sorted(STATUS_NAMES)), st.just("Not today."))
error_pages = st.builds(
    lambda raw, status: step_of(Reply(raw=raw, status=status, content_type="text/html")),
    st.sampled_from(_ERROR_PAGES),
    st.sampled_from((400, 404, 500, 502)),
)
garbled = st.builds(
    lambda body, events: Step(Reply(raw=body), Reply(raw=events, content_type=SSE_TYPE)),
    st.sampled_from(_GARBLED),
    st.sampled_from(_GARBLED_STREAMS),
)


@st.composite
def cut(draw: Any) -> Step:
    """Draws an answer whose connection breaks."""
    whole = draw(answers())
    after = draw(st.sampled_from((0, 1, 2, 20)))
    return Step(
        unary=Reply(body=whole.unary.body, cut_after=after),
        stream=Reply(chunks=whole.stream.chunks, cut_after=min(after, len(whole.stream.chunks))),
    )


@st.composite
def broken_off(draw: Any) -> Step:
    """Draws a stream with an error among its chunks."""
    told = draw(documents(said, draw(st.sampled_from((1, 2, 3)))))
    error = error_body(draw(st.sampled_from((429, 503))), "The model went away.")
    place = draw(st.integers(0, len(told)))
    chunks = (*told[:place], error, *told[place:])
    return Step(unary=Reply(body=error, status=503), stream=Reply(chunks=chunks))


faults = st.one_of(refusals, error_pages, garbled, cut(), broken_off())


# Scripts


@st.composite
def scripts(draw: Any, tools: list[str]) -> tuple[Step, ...]:
    """Draws the answers to a call: rounds in which tools are called, then the last word."""
    called = calls(tuple(tools))
    rounds = draw(st.sampled_from((1, 2, 1, 3, 0))) if tools else 0
    steps = [draw(answers(st.one_of(called, called, said))) for _ in range(rounds)]
    if draw(st.sampled_from((False,) * 4 + (True,))):
        steps.append(draw(faults))
    return (*steps, *(draw(answers()) for _ in range(draw(st.sampled_from((1, 1, 2))))))


# Measures

_vectors = st.lists(st.just([0.25, -0.5]), min_size=0, max_size=3)


def _embeddings(vectors: list[Any], tokens: int | None) -> Json:
    usage = {} if tokens is None else {"usageMetadata": {"promptTokenCount": tokens}}
    return {"embeddings": [{"values": one} for one in vectors], **usage}


def _predictions(vectors: list[Any], tokens: int | None) -> Json:
    counted = {} if tokens is None else {"statistics": {"token_count": float(tokens)}}
    predicted = [{"embeddings": {"values": one, **counted}} for one in vectors]
    return {"predictions": predicted, "metadata": {"billableCharacterCount": 25}}


def _one_embedding(vectors: list[Any], tokens: int | None) -> Json:
    found = _embeddings(vectors or [[]], tokens)
    return {**found, "embedding": found["embeddings"][0]}


_tokens = st.sampled_from((None, 0, 5, 2048))
_measures = st.one_of(
    *(st.builds(kind, _vectors, _tokens) for kind in (_embeddings, _predictions, _one_embedding)),
    st.builds(lambda total: {"totalTokens": total}, _tokens),
    st.builds(lambda total: {"totalTokens": 7, "cachedContentTokenCount": total}, _tokens),
    model(types.ComputeTokensResponse).map(on_the_wire),
)
measures = st.builds(lambda body: step_of(Reply(body=body)), _measures)
"""Answers to whoever has something counted or embedded, fitting or not."""
