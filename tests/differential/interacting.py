"""The Interactions API: what is asked of models and agents, and what is done with their answers."""

from __future__ import annotations

from typing import Any

from google.genai import interactions as sdk
from hypothesis import strategies as st

from differential import leaves
from differential.contents import formed
from differential.interaction_answers import AGENTS, IDS, continued, faults, interactions
from differential.leaves import Stranger
from differential.mixing import mixing
from differential.models import Recipe, model
from differential.program import ends
from differential.recipes import Make, in_snake_case, outside_only
from differential.running import Play
from differential.surface import Method, Surface, one, options, rarely, sequences
from fake_gemini.interaction_wire import text
from fake_gemini.wire import base64_text

_WAYS = ("", "", "", "with_raw_response.", "with_streaming_response.")
_DEPTH = 4

# What is asked

_contents = st.one_of(
    leaves.texts.map(text),
    leaves.texts.map(lambda said: Make(sdk.TextContent, text=said)),
    st.builds(
        lambda data: {"type": "image", "data": base64_text(data), "mime_type": "image/png"},
        leaves.binaries,
    ),
    formed(model(sdk.DocumentContent, of={"data": leaves.binaries.map(base64_text)})),
)
_steps = st.one_of(
    st.builds(
        lambda kind, said: {"type": kind, "content": said},
        st.sampled_from(("user_input", "model_output")),
        st.lists(_contents, max_size=2),
    ),
    st.builds(
        lambda result: {"type": "function_result", "call_id": "call-1", "result": result},
        st.one_of(leaves.texts, leaves.json_objects.map(leaves.finite)),
    ),
    model(sdk.ThoughtStep).map(in_snake_case),
)
_inputs = st.one_of(
    leaves.texts,
    leaves.texts,
    _contents,
    st.lists(_contents, max_size=3),
    st.lists(_steps, max_size=3),
    st.lists(_steps, max_size=2).map(tuple),
    st.sampled_from((None, "", [], {}, 7, {"type": "unheard of"})),
    st.builds(lambda said: Make(Stranger, said), leaves.texts),
)
_APART = {"model", "agent", "input", "stream", "background", "continuation_token"}
# What SDKs before said instead of `environment` cannot be told from it by a dict.
_CAREFUL: dict[str, Recipe] = {
    # Where a model stops is told like any other parameter, so it has no content's mark.
    "generation_config": model(
        sdk.GenerationConfig,
        of={"stop_sequences": st.lists(leaves.words, max_size=2)},
        depth=_DEPTH,
    ),
    "labels": st.dictionaries(leaves.words, leaves.texts, max_size=2),
    "previous_interaction_id": st.sampled_from(IDS),
    "tools": st.lists(
        st.one_of(
            model(sdk.Function, of={"name": leaves.words, "parameters": st.just({})}),
            st.sampled_from(({"type": "google_search"}, {"type": "code_execution"}, {})),
        ),
        max_size=2,
    ),
    "response_format": st.just({"type": "text", "mime_type": "application/json"}),
}
_MISTAKES = ({"temperature": leaves.MARK}, {"unheard_of": leaves.MARK}, {"tools": leaves.MARK})


def _options(kind: Any) -> Recipe:
    """Returns the further arguments of a call."""
    names = set(kind.model_fields) - _APART
    drawn = model(kind, of=_CAREFUL, names=names, most=3, text=leaves.words, depth=_DEPTH)
    spelled = st.sampled_from((outside_only, in_snake_case))
    # What this class needs is asked for apart.
    return st.builds(lambda recipe, spell: spell(recipe), drawn, spelled)


_of_models = _options(sdk.CreateModelInteraction)
_of_agents = _options(sdk.CreateAgentInteraction)


@st.composite
def _creating(draw: Any, streamed: bool) -> Play:
    """Draws one or two interactions, all with a model or all with the same agent."""
    agent = draw(st.sampled_from((None, None, None, *AGENTS)))
    turns, steps, methods = [], [], []
    for _ in range(draw(st.sampled_from((1, 1, 2)))):
        turns.append(_asked(draw, agent, streamed))
        fails = draw(st.sampled_from((False,) * 4 + (True,)))
        steps.extend([draw(faults(agent))] if fails else draw(continued(agent)))
        methods.append(f"interactions.{draw(st.sampled_from(_WAYS))}create")
    return Play(
        tuple(turns),
        tuple(steps),
        methods=tuple(methods),
        vertex=draw(rarely),
        options=draw(options),
    )


def _asked(draw: Any, agent: str | None, streamed: bool) -> dict[str, Any]:
    asked: dict[str, Any] = {"input": draw(_inputs)}
    if agent is None:
        asked["model"] = draw(st.sampled_from(("gemini-2.5-flash",) * 8 + ("é", None, 5)))
    else:
        asked["agent"] = agent
    if streamed:
        asked["stream"] = True
    elif draw(rarely):
        asked["background"] = True
    if draw(st.booleans()):
        asked |= draw(_of_models if agent is None else _of_agents)
    elif draw(rarely):
        asked |= draw(st.sampled_from(_MISTAKES))
    # The same, as the generated clients have it.
    return {"request": {"body": asked}} if draw(rarely) else asked


_id = {"id": st.sampled_from(IDS)}
_named = one(interactions())
_KEPT = (
    *(
        Method(
            f"interactions.{way}create",
            {"model": st.just("gemini-2.5-flash"), "input": _inputs},
            _named,
        )
        for way in ("", "with_raw_response.")
    ),
    *(
        Method(
            f"interactions.{way}get",
            {
                **_id,
                "stream": st.sampled_from((False, True, None)),
                "last_event_id": st.sampled_from((None, "event-7")),
            },
            _named,
        )
        for way in ("", "", "with_raw_response.", "with_streaming_response.")
    ),
    Method("interactions.cancel", _id, _named),
    Method("interactions.delete", _id, _named),
)


def _entries(name: str, plays: Recipe) -> dict[str, Surface]:
    return {
        name: Surface(plays, mixing(asynchronous=False), ends),
        f"aio.{name}": Surface(plays, mixing(asynchronous=True), ends),
    }


INTERACTING: dict[str, Surface] = {
    **_entries("interactions.create", _creating(streamed=False)),
    **_entries("interactions.create, streamed", _creating(streamed=True)),
    **_entries("interactions", sequences(_KEPT, rarely, faults())),
}
