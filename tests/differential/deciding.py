"""Decisions: questions with given answers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from differential import leaves
from differential.interaction_answers import faults, usages
from differential.mixing import mixing
from differential.program import ends
from differential.surface import Method, Surface, one, rarely, sequences
from fake_gemini.interaction_wire import text
from fake_gemini.wire import answer

_inputs = st.one_of(
    leaves.texts,
    leaves.texts.map(text),
    st.lists(leaves.texts.map(text), max_size=2),
    st.sampled_from((None, 7, [])),
)
_questions = st.one_of(
    st.builds(lambda said: {"type": "noul", "instructions": said}, leaves.texts),
    st.builds(
        lambda said, each: {"type": "choice", "instructions": said, "criteria": {"a": each}},
        leaves.texts,
        leaves.texts,
    ),
    st.builds(
        lambda said, each: {"type": "score", "instructions": [text(said)], "criteria": [each] * 2},
        leaves.texts,
        leaves.texts,
    ),
    st.builds(lambda said: {"type": "brand new", "instructions": said}, leaves.texts),
)
_decided = st.one_of(
    st.just({"type": "noul", "noul": 0.25, "confidence": 0.75}),
    st.just({"type": "choice", "choice": "a", "confidence": 1.0, "probabilities": {"a": 1.0}}),
    st.builds(
        lambda said: {
            "type": "score",
            "score": 0.5,
            "confidence": 1,
            "probabilities": {"0": 1},
            "legend": {"0": said},
        },
        leaves.texts,
    ),
    st.builds(lambda said: {"type": "brand_new", "detail": said}, leaves.texts),
)


@st.composite
def _decisions(draw: Any) -> Any:
    body: dict[str, Any] = {}
    if draw(rarely):
        body["prompt_feedback"] = {"block_reason": "SAFETY", "block_reason_message": leaves.MARK}
    else:
        body["answers"] = draw(st.dictionaries(leaves.words, _decided, max_size=2))
    usage = draw(usages() | st.none())
    return answer({**body, **({"usage": usage} if usage else {})})


_ASKED = {
    "model": st.sampled_from(("gemini-2.5-flash", "models/gemini-2.5-flash", None)),
    "input": _inputs,
    "questions": st.dictionaries(leaves.words, _questions, max_size=2),
}
_METHODS = tuple(
    Method(f"decisions.{way}create", _ASKED, one(_decisions()))
    for way in ("", "", "with_raw_response.", "with_streaming_response.")
)
_plays = sequences(_METHODS, rarely, faults())

DECIDING: dict[str, Surface] = {
    "decisions.create": Surface(_plays, mixing(asynchronous=False), ends),
    "aio.decisions.create": Surface(_plays, mixing(asynchronous=True), ends),
}
