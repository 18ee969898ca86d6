"""The methods of google-generativeai, and strategies for programs that call them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from differential.program import NO_END, End
from legacy import drawn_answers as answers
from legacy import drawn_contents as contents
from legacy import drawn_requests as requests
from legacy.drawn_contents import Recipe
from legacy.drawn_tools import calling, names_of, offers
from legacy.random_programs import Play

ENDS = st.sampled_from(
    (
        *(End(),) * 10,
        *(
            End(how, after)
            for how in ("close", "drop", "throw", "keep", "resolve", "again")
            for after in (1, 1, 2)
        ),
        *(End(how) for how in ("close", "ignore", "resolve", "again")),
    )
)
_WAYS = st.sampled_from(("rest", "rest", "grpc"))
_counts = st.sampled_from((1, 1, 2))


@dataclass(frozen=True)
class Surface:
    """Programs of one method."""

    plays: Recipe
    share: int = 1
    """How much of the cases it gets, compared with the others."""


def _ways(asynchronous: bool) -> Recipe:
    # The SDK has no asynchronous client over REST.
    return st.just("grpc_async") if asynchronous else _WAYS


def _named(method: str, asynchronous: bool) -> str:
    return f"{method}_async" if asynchronous else method


def _turn(draw: Any, name: str, value: Any, kwargs: dict[str, Any]) -> Any:
    """Returns the arguments of a call, whose first may have a name."""
    return ((), {name: value, **kwargs}) if draw(st.booleans()) else ((value,), kwargs)


@st.composite
def generating(draw: Any, *, asynchronous: bool, streamed: bool) -> Play:
    """Draws calls of `generate_content`."""
    tools = draw(st.one_of(st.none(), offers))
    model = draw(requests.models(tools))
    count = draw(_counts)
    turns = []
    for _ in range(count):
        own = draw(requests.overrides(model, asynchronous=asynchronous))
        if streamed:
            own["stream"] = True
        turns.append(_turn(draw, "contents", draw(contents.contents), own))
    return Play(
        draw(_ways(asynchronous)),
        _named("generate_content", asynchronous),
        tuple(turns),
        draw(answers.scripts(names_of(tools), streamed=streamed, calls_for=count)),
        model,
        end=draw(ENDS) if streamed else NO_END,
    )


@st.composite
def chatting(draw: Any, *, asynchronous: bool, streamed: bool, looping: bool = False) -> Play:
    """Draws messages in a chat."""
    tools = draw(contents.often(calling, offers) if looping else offers)
    model = draw(requests.models(tools))
    count = draw(st.sampled_from((1, 2, 3)))
    turns = []
    for _ in range(count):
        own = draw(requests.overrides(model, asynchronous=asynchronous))
        if streamed:
            own["stream"] = True
        turns.append(_turn(draw, "content", draw(contents.messages), own))
    chat: dict[str, Any] = {"history": draw(st.one_of(st.none(), contents.past))}
    if looping:
        chat["enable_automatic_function_calling"] = True
    names = names_of(tools) if looping else []
    return Play(
        draw(_ways(asynchronous)),
        _named("send_message", asynchronous),
        tuple(turns),
        draw(answers.scripts(names, streamed=streamed, calls_for=count)),
        model,
        chat,
        draw(ENDS) if streamed else NO_END,
    )


@st.composite
def embedding(draw: Any, *, asynchronous: bool) -> Play:
    """Draws calls of `embed_content`."""
    turns, steps = [], []
    for _ in range(draw(_counts)):
        own = draw(requests.embeddings)
        own["request_options"] = draw(requests.request_options(asynchronous=asynchronous))
        model = draw(requests.embedders)
        if draw(st.booleans()):
            own = {"model": model, "content": draw(contents.contents), **own}
            turns.append(((), own))
        else:
            turns.append(((model, draw(contents.contents)), own))
        measured = {
            "EmbedContent": draw(answers.single),
            "BatchEmbedContents": draw(answers.batches),
        }
        steps.append(draw(st.one_of(*(st.just(measured),) * 5, answers.faults(streamed=False))))
    return Play(
        draw(_ways(asynchronous)), _named("embed_content", asynchronous), tuple(turns), steps
    )


@st.composite
def counting(draw: Any, *, asynchronous: bool) -> Play:
    """Draws calls of `count_tokens`."""
    model = draw(requests.models(draw(offers)))
    turns, steps = [], []
    for _ in range(draw(_counts)):
        own = draw(requests.overrides(model, asynchronous=asynchronous))
        turns.append(_turn(draw, "contents", draw(contents.contents), own))
        counted = answers.counted
        steps.append(draw(st.one_of(*(counted,) * 5, answers.faults(streamed=False))))
    return Play(
        draw(_ways(asynchronous)),
        _named("count_tokens", asynchronous),
        tuple(turns),
        steps,
        model,
    )


SURFACES: dict[str, Surface] = {}
for _asynchronous in (False, True):
    _prefix = "async " if _asynchronous else ""
    for _streamed in (False, True):
        _suffix = ", streamed" if _streamed else ""
        SURFACES[f"{_prefix}generate_content{_suffix}"] = Surface(
            generating(asynchronous=_asynchronous, streamed=_streamed)
        )
        SURFACES[f"{_prefix}send_message{_suffix}"] = Surface(
            chatting(asynchronous=_asynchronous, streamed=_streamed)
        )
    SURFACES[f"{_prefix}send_message, calling tools"] = Surface(
        chatting(asynchronous=_asynchronous, streamed=False, looping=True), share=2
    )
    SURFACES[f"{_prefix}embed_content"] = Surface(embedding(asynchronous=_asynchronous))
    SURFACES[f"{_prefix}count_tokens"] = Surface(counting(asynchronous=_asynchronous))
