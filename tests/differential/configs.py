"""Strategies for configs: every field of the SDK's, as objects and as dicts, and some mistakes."""

from __future__ import annotations

from enum import Enum
from typing import Any

from google.genai import types
from hypothesis import strategies as st
from pydantic import BaseModel

from differential import leaves
from differential.contents import instructions
from differential.models import Recipe, model
from differential.recipes import (
    Kitchen,
    Make,
    in_camel_case,
    in_snake_case,
    outside_only,
    with_kitchen,
)


class Weather(BaseModel):
    """What a program may want its answer to be."""

    city: str
    degrees: float | None = None


class Mood(Enum):
    """Likewise."""

    FINE = "fine"
    GRIM = leaves.MARK


@with_kitchen
def own_url(kitchen: Kitchen) -> str:
    """Returns the address of the client's own service."""
    url: str = kitchen.genai._api_client._http_options.base_url
    return url


HTTP: dict[str, Recipe] = {
    "base_url": st.just(Make(own_url)),
    "api_version": st.sampled_from(("v1", "v1beta")),
    "headers": st.sampled_from(({}, {"X-Secret": leaves.MARK})),
    "timeout": st.sampled_from((None, 60_000)),
    "extra_body": st.sampled_from(({}, {"labels": {"who": leaves.MARK}})),
}
http_options = model(types.HttpOptions, of=HTTP, names=HTTP)
automatic_calling = model(
    types.AutomaticFunctionCallingConfig,
    of={"maximum_remote_calls": st.sampled_from((None, -1, 0, 1, 2)), "disable": st.booleans()},
    text=leaves.words,
)
schemas = st.one_of(
    st.sampled_from((Weather, list[Weather], Mood, str, {"type": "OBJECT"})),
    model(types.Schema),
    model(types.Schema).map(in_snake_case),
)

# Fields that quote the program's content, or that a service takes only with some care.
CAREFUL: dict[str, Recipe] = {
    "http_options": http_options,
    "system_instruction": instructions,
    "response_schema": schemas,
    "response_json_schema": leaves.json_objects,
    "labels": st.dictionaries(leaves.words, leaves.texts, max_size=2),
    "temperature": st.none() | leaves.floats | leaves.odd_floats | leaves.numbers,
    "candidate_count": st.sampled_from((None, 1, 2)),
    "stop_sequences": st.none() | st.lists(leaves.words, max_size=2),
    "response_mime_type": st.sampled_from((None, "application/json", "text/x.enum", "text/plain")),
    "automatic_function_calling": automatic_calling,
    "continuation_token": st.none(),
}
USUAL = {
    *CAREFUL,
    "top_p",
    "top_k",
    "max_output_tokens",
    "seed",
    "safety_settings",
    "tool_config",
    "cached_content",
    "response_modalities",
    "thinking_config",
    "should_return_http_response",
    "speech_config",
}
"""What both services take."""
MISTAKES = (
    {"temperature": leaves.MARK},
    {"unheard_of": leaves.MARK},
    {"tools": leaves.MARK},
    {"system_instruction": {"parts": [{"nothing": leaves.MARK}]}},
    {"http_options": {"timeout": leaves.MARK}},
    7,
)


_KIND = types.GenerateContentConfig
_usual = model(_KIND, text=leaves.words, of=CAREFUL, names=USUAL)
_any = model(_KIND, text=leaves.words, of=CAREFUL, names=set(_KIND.model_fields) - {"tools"})


@st.composite
def configs(draw: Any, offer: Any) -> Any:
    """Draws a config with these tools, in any form."""
    kind = draw(st.integers(0, 9))
    if kind == 9:
        return draw(st.sampled_from((None, {}, *MISTAKES)))
    recipe = draw(_any if kind == 8 else _usual)
    if offer is not None:
        recipe = Make(recipe.maker, **recipe.kwargs, tools=offer)
    spell = draw(st.sampled_from((None, None, in_snake_case, in_camel_case, outside_only)))
    return spell(recipe) if spell else recipe
