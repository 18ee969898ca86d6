"""Strategies for what the Interactions API says: interactions whole and as events, and faults."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from differential import answers, leaves
from differential.models import UNKNOWN_VALUE, Recipe
from fake_gemini import interaction_wire as wire
from fake_gemini.script import SSE_TYPE, Json, Reply, Step
from fake_gemini.wire import base64_text

IDS = ("interaction-1", "interaction-2", "é")
ENDED = ("completed", "requires_action", "failed", "cancelled", "incomplete", "budget_exceeded")
GOES_ON = ("in_progress", "queued", "idle")
AGENTS = ("deep-research-preview-04-2026", "an-agent-of-mine")
_GARBLED = (
    b"",
    b"not JSON",
    b"[]",
    b"null",
    b"{}",
    b'{"status": 3}',
    b'{"id": "1", "status": "completed", "steps": 7}',
    b'{"id": "1", "status": "completed", "usage": {"total_input_tokens": "many"}}',
)
_GARBLED_STREAMS = (
    b"",
    b"data: not JSON\n\n",
    b"event: step.delta\ndata: {}\n\n",
    b'event: error\ndata: {"event_type": "error"}\n\n',
    b'data: {"event_type": "step.delta", "index": "?", "delta": 3}\n\n',
)

# Counts

_counts = st.tuples(*(st.sampled_from((0, 7, 40, 5000)),) * 5)
_NAMES = ("total_input_tokens", "total_output_tokens", "total_thought_tokens")
_SOMETIMES = ("total_tool_use_tokens", "total_cached_tokens")
_modality = st.sampled_from(("text", "image", "audio", UNKNOWN_VALUE.lower()))


@st.composite
def usages(draw: Any) -> Json:
    """Draws a usage; a count may be missing, and the service counts no part without its whole."""
    counts = dict(zip((*_NAMES, *_SOMETIMES), draw(_counts), strict=True))
    counts["total_cached_tokens"] = min(counts["total_cached_tokens"], counts[_NAMES[0]])
    dropped = draw(st.sets(st.sampled_from((*_NAMES, *_SOMETIMES)), max_size=2))
    if _NAMES[0] in dropped:
        dropped.add("total_cached_tokens")
    usage: Json = {name: count for name, count in counts.items() if name not in dropped}
    usage["total_tokens"] = sum(counts[name] for name in (*_NAMES, _SOMETIMES[0]))
    for side in ("input", "output"):
        if f"total_{side}_tokens" in usage and draw(st.booleans()):
            spoken = {draw(_modality): usage[f"total_{side}_tokens"]}
            usage[f"{side}_tokens_by_modality"] = wire.modalities(**spoken)
    return usage


# Steps

_cited = st.builds(
    lambda text, url: {
        "type": "text",
        "text": text,
        "annotations": [{"type": "url_citation", "url": url, "start_index": 0, "end_index": 1}],
    },
    leaves.clean_texts,
    leaves.clean_texts,
)
_media = st.builds(
    lambda kind, data: {
        "type": kind,
        "data": base64_text(data),
        "mime_type": {"image": "image/png", "audio": "audio/wav"}[kind],
    },
    st.sampled_from(("image", "audio")),
    leaves.binaries,
)
_said = st.lists(st.one_of(leaves.texts, leaves.texts, _cited, _media), max_size=2)
_arguments = st.one_of(
    st.builds(lambda city: {"city": city}, leaves.texts), leaves.json_objects.map(leaves.finite)
)


def _hosted(kind: str, **fields: Any) -> Json:
    return {"type": kind, **fields}


steps = st.one_of(
    _said.map(lambda said: wire.output(*said)),
    _said.map(lambda said: wire.output(*said)),
    st.builds(wire.thought, leaves.texts, st.none() | st.just(base64_text(b"signed"))),
    st.builds(
        lambda name, given: {**wire.call(name, "call-1"), "arguments": given},
        st.sampled_from(("get_weather", "book")),
        _arguments,
    ),
    st.builds(
        lambda query: _hosted("google_search_call", id="s1", arguments={"queries": [query]}),
        leaves.texts,
    ),
    st.builds(
        lambda text: _hosted("code_execution_result", call_id="c1", result=text), leaves.texts
    ),
    st.builds(
        lambda url: _hosted("url_context_call", id="u1", arguments={"urls": [url]}), leaves.texts
    ),
    st.builds(
        lambda given: _hosted(
            "mcp_server_tool_call", id="m1", name="find", server_name="mine", arguments=given
        ),
        _arguments,
    ),
    st.builds(lambda text: _hosted("brand_new_step", id="n1", detail=text), leaves.texts),
    st.builds(lambda text: _hosted("user_input", content=[wire.text(text)]), leaves.texts),
)

# Interactions

_statuses = st.sampled_from((*("completed",) * 6, *ENDED, *GOES_ON))


@st.composite
def resources(draw: Any, agent: str | None, least: int = 0, **fixed: Any) -> Json:
    """Draws an interaction of at least so many steps."""
    more = {"id": draw(st.sampled_from(IDS)), "status": draw(_statuses), **fixed}
    if agent is not None:
        more["agent"] = agent
    if more["status"] == "failed" and draw(st.booleans()):
        more["errors"] = [{"code": "INTERNAL", "message": "The tool broke down."}]
    if draw(st.booleans()):
        more["service_tier"] = "standard"
    usage = draw(st.one_of(usages(), usages(), st.none()))
    return wire.resource(*draw(st.lists(steps, min_size=least, max_size=3)), usage=usage, **more)


@st.composite
def _streams(draw: Any, whole: Json) -> tuple[Json, ...]:
    """Draws the events that say the same, and some that say more."""
    events = list(wire.events(whole, {0: [leaves.MARK, " and ", "more"]}))
    usage = whole.get("usage")
    for number, event in enumerate(events):
        if usage and event["event_type"] in _METERED and draw(st.booleans()):
            events[number] = {**event, **_METERED[event["event_type"]](usage)}
    extra = draw(st.sampled_from((None, None, None, "unknown", "error")))
    if extra is not None:
        event = (
            wire.failed(draw(st.sampled_from((None, "UNAVAILABLE"))), "The model went away.")
            if extra == "error"
            else wire.event("brand.new", detail=leaves.MARK)
        )
        events.insert(draw(st.integers(1, len(events))), event)
    if draw(st.sampled_from((False,) * 5 + (True,))):
        # A stream may begin where another one broke off, or end before its end.
        resumed = "agent" not in whole and draw(st.booleans())
        events = events[2:] if resumed else events[:-1]
    return tuple(events)


_METERED = {
    "step.delta": lambda usage: {"metadata": {"total_usage": usage}},
    "step.stop": lambda usage: {"step_usage": usage},
    "interaction.status_update": lambda usage: {
        "usage": {name: told for name, told in usage.items() if not name.startswith("output_")}
        | {"total_output_tokens": 0}
    },
}
"""Events that may tell of tokens before the last one does."""


@st.composite
def interactions(draw: Any, agent: str | None = None) -> Step:
    """Draws an answer, in both shapes."""
    return draw(_answers(draw(resources(agent))))


@st.composite
def _answers(draw: Any, whole: Json) -> Step:
    events = draw(_streams(whole))
    slow = draw(st.sampled_from((0.0, 0.0, 0.003)))
    return Step(unary=Reply(body=whole), stream=Reply(chunks=events, pace=slow))


@st.composite
def continued(draw: Any, agent: str | None = None) -> tuple[Step, ...]:
    """Draws answers of which each goes on where the one before was cut."""
    hops = draw(st.sampled_from((0, 0, 0, 1, 2)))
    rest = []
    for number in range(hops):
        # The SDK does not go on with an interaction, or where a token is, that it has seen.
        cut = {"id": f"hop-{number}", "continuation_token": base64_text(f"go on {number}")}
        whole = draw(resources(agent, 1, status="requires_continuation", **cut))
        rest.append(draw(_answers(whole)))
    return (*rest, draw(_answers(draw(resources(agent)))))


# Faults

_garbled = st.builds(
    lambda body, events: Step(Reply(raw=body), Reply(raw=events, content_type=SSE_TYPE)),
    st.sampled_from(_GARBLED),
    st.sampled_from(_GARBLED_STREAMS),
)


@st.composite
def _cut(draw: Any, agent: str | None) -> Step:
    whole = draw(interactions(agent))
    after = draw(st.sampled_from((0, 1, 2, 20)))
    chunks = min(after, len(whole.stream.chunks))
    return Step(
        unary=replace(whole.unary, cut_after=after),
        stream=replace(whole.stream, cut_after=chunks),
    )


def faults(agent: str | None = None) -> Recipe:
    """Returns what may go wrong."""
    return st.one_of(answers.refusals, answers.error_pages, _garbled, _cut(agent))
