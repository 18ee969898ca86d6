"""The surfaces that generate, embed and count: what is asked, and what the service says to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from google.genai import types
from hypothesis import strategies as st

from differential import answers, leaves, tools
from differential.configs import configs, http_options
from differential.consuming import calling, streaming
from differential.contents import contents, formed, instructions, messages, past
from differential.models import Recipe, model
from differential.program import NO_END, ends
from differential.running import Play
from differential.surface import Surface, model_names, options, rarely
from fake_gemini.script import Step


@st.composite
def generating(draw: Any, offers: Recipe) -> Play:
    """Draws a call of `generate_content`, streamed or not."""
    offer = draw(offers)
    turn = {"model": draw(model_names), "contents": draw(contents)}
    if offer is not None or draw(st.booleans()):
        turn["config"] = draw(configs(offer))
    return Play(
        (turn,),
        draw(answers.scripts(tools.names_of(offer))),
        vertex=draw(st.booleans()),
        options=draw(options),
    )


@st.composite
def chatting(draw: Any, offers: Recipe) -> Play:
    """Draws a chat of one or two messages."""
    offer = draw(offers)
    chat = {"model": draw(model_names), "config": draw(st.none() | configs(offer))}
    if draw(rarely):
        chat["history"] = draw(st.lists(past, max_size=2))
    turns = [_turn(draw, draw(messages), offer) for _ in range(draw(st.sampled_from((1, 2))))]
    return Play(
        tuple(turns),
        draw(answers.scripts(tools.names_of(offer))),
        chat,
        draw(st.booleans()),
        draw(options),
    )


def _turn(draw: Any, message: Any, offer: Any) -> dict[str, Any]:
    return {"message": message, **({"config": draw(configs(offer))} if draw(rarely) else {})}


@st.composite
def measuring(draw: Any, config: Recipe, names: Recipe) -> Play:
    """Draws a call that has something counted or embedded."""
    turn = {"model": draw(names), "contents": draw(contents)}
    if draw(st.booleans()):
        turn["config"] = draw(config)
    vertex = draw(st.booleans())
    # What the other service calls a prediction is lost in the SDK, with its tokens.
    measures = answers.measures if vertex else answers.measures.filter(_predicts_nothing)
    steps = (draw(st.one_of(measures, measures, answers.faults)),)
    return Play((turn,), steps, vertex=vertex, options=draw(options))


def _predicts_nothing(step: Step) -> bool:
    return "predictions" not in step.unary.body


_embedding = measuring(
    formed(model(types.EmbedContentConfig, text=leaves.words, of={"http_options": http_options})),
    st.sampled_from(("gemini-embedding-001", "text-embedding-005", "gemini-embedding-2")),
)
_counting = measuring(
    formed(
        model(
            types.CountTokensConfig,
            text=leaves.words,
            of={
                "http_options": http_options,
                "system_instruction": instructions,
                "tools": st.lists(tools.described, max_size=1),
            },
        )
    ),
    model_names,
)
_computing = measuring(
    formed(model(types.ComputeTokensConfig, of={"http_options": http_options})), model_names
)


def _entries(path: str, plays: Callable[[Recipe], Recipe], *, streams: bool) -> dict[str, Surface]:
    """Returns a method and its asynchronous twin; both take tools."""
    kind, how = (streaming, ends) if streams else (calling, st.just(NO_END))
    return {
        path: Surface(plays(tools.offers), kind(path), how, share=2),
        f"aio.{path}": Surface(plays(tools.offers_in_loops), kind(f"aio.{path}"), how, share=2),
    }


GENERATING: dict[str, Surface] = {
    **_entries("models.generate_content", generating, streams=False),
    **_entries("models.generate_content_stream", generating, streams=True),
    **_entries("chats.send_message", chatting, streams=False),
    **_entries("chats.send_message_stream", chatting, streams=True),
    "models.embed_content": Surface(_embedding, calling("models.embed_content")),
    "aio.models.embed_content": Surface(_embedding, calling("aio.models.embed_content")),
    "models.count_tokens": Surface(_counting, calling("models.count_tokens")),
    "aio.models.count_tokens": Surface(_counting, calling("aio.models.count_tokens")),
    "models.compute_tokens": Surface(_computing, calling("models.compute_tokens")),
    "aio.models.compute_tokens": Surface(_computing, calling("aio.models.compute_tokens")),
}
