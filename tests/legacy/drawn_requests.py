"""Strategies for what stands beside the contents: models, configs, and what a call overrides."""

from __future__ import annotations

from enum import Enum
from typing import Any

import google.generativeai as genai
from google.api_core import retry
from google.api_core.exceptions import ServiceUnavailable
from google.generativeai import protos
from google.generativeai.caching import CachedContent
from google.generativeai.types import HarmBlockThreshold, HarmCategory
from hypothesis import strategies as st
from typing_extensions import TypedDict

from differential import leaves
from differential.recipes import Make
from legacy.drawn_contents import Recipe, instructions, made, often
from legacy.drawn_tools import NAMES, offers


class Weather(TypedDict):
    """What a program may want its answer to be."""

    city: str
    degrees: float


class Mood(Enum):
    """Likewise."""

    FINE = "fine"
    GRIM = leaves.MARK


def own_schema() -> Any:
    """Returns a schema that is a message."""
    return protos.Schema(type_="OBJECT", properties={leaves.MARK: {"type_": "STRING"}})


_schemas = st.sampled_from(
    (
        Weather,
        list[Weather],
        list[str],
        Mood,
        str,
        dict[str, int],
        {"type": "object", "properties": {leaves.MARK: {"type": "integer"}}},
        Make(own_schema),
        leaves.MARK,
    )
)
_FIELDS: dict[str, Recipe] = {
    "candidate_count": st.sampled_from((1, 1, 1, 2)),
    "stop_sequences": st.lists(leaves.words, max_size=2),
    "max_output_tokens": leaves.numbers,
    "temperature": leaves.floats | leaves.odd_floats | leaves.numbers,
    "top_p": leaves.floats,
    "top_k": leaves.numbers,
    "presence_penalty": leaves.floats,
    "frequency_penalty": leaves.floats,
    "response_mime_type": st.sampled_from(("application/json", "text/x-enum", "text/plain")),
}
_TYPED = {**_FIELDS, "response_schema": _schemas}
_MISTAKES = (
    7,
    leaves.MARK,
    {"temperature": leaves.MARK},
    {"unheard_of": leaves.MARK},
    {"max_output_tokens": 2**40},
    {"stop_sequences": leaves.MARK},
)


def _some(fields: dict[str, Recipe]) -> Recipe:
    names = st.lists(st.sampled_from(sorted(fields)), max_size=3, unique=True)
    return names.flatmap(lambda names: st.fixed_dictionaries({one: fields[one] for one in names}))


_one_schema = st.sampled_from(({}, {}, {"response_schema": Make(own_schema)}))
generation_configs = often(
    st.one_of(
        st.none(),
        _some(_TYPED),
        _some(_TYPED),
        _some(_TYPED).map(lambda fields: Make(genai.GenerationConfig, **fields)),
        st.builds(
            lambda fields, schema: Make(protos.GenerationConfig, **fields, **schema),
            _some(_FIELDS),
            _one_schema,
        ),
    ),
    st.sampled_from(_MISTAKES),
)
_harms = st.sampled_from(
    (
        "harassment",
        "HARM_CATEGORY_HATE_SPEECH",
        HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT,
        protos.HarmCategory.HARM_CATEGORY_SEXUALLY_EXPLICIT,
        7,
    )
)
_limits = st.sampled_from(("block_none", "high", HarmBlockThreshold.BLOCK_LOW_AND_ABOVE, 3))
_setting = st.fixed_dictionaries({"category": _harms, "threshold": _limits})
_sure = st.just(
    Make(protos.SafetySetting, category="HARM_CATEGORY_HARASSMENT", threshold="BLOCK_NONE")
)
safety_settings = often(
    st.one_of(
        st.none(),
        _limits,
        st.dictionaries(_harms, _limits, max_size=2),
        st.lists(_setting | _sure, max_size=2),
    ),
    st.sampled_from(("never", 99, [7], {"loitering": "high"})),
)
_modes = often(
    st.sampled_from(("auto", "ANY", "none", 1, protos.FunctionCallingConfig.Mode.ANY)),
    st.just("often"),
)
tool_configs = st.one_of(
    *(st.none(),) * 4,
    _modes.map(lambda mode: {"function_calling_config": mode}),
    _modes.map(
        lambda mode: {
            "function_calling_config": {"mode": mode, "allowed_function_names": [*NAMES[:1]]}
        }
    ),
    st.just(Make(protos.ToolConfig, function_calling_config={"mode": "ANY"})),
)


def quick_retry() -> Any:
    """Returns a policy that waits for next to nothing."""
    return retry.Retry(
        retry.if_exception_type(ServiceUnavailable), initial=0.001, maximum=0.002, timeout=5
    )


def quick_async_retry() -> Any:
    """Returns the same for coroutines."""
    return retry.AsyncRetry(
        retry.if_exception_type(ServiceUnavailable), initial=0.001, maximum=0.002, timeout=5
    )


def request_options(*, asynchronous: bool) -> Recipe:
    """Returns options of a call; without one of these policies the SDK waits for a second."""
    policy = Make(quick_async_retry if asynchronous else quick_retry)
    return often(
        st.sampled_from(
            (
                {"retry": policy},
                {"retry": policy, "timeout": 60},
                Make(genai.types.RequestOptions, retry=policy, timeout=60),
                {"retry": policy, "metadata": [("x-secret", leaves.SECRET)]},
            )
        ),
        st.just({"unheard_of": leaves.MARK}),
    )


def _cached(name: str, **settings: Any) -> Any:
    kept = CachedContent._from_obj(protos.CachedContent(name=name, model="models/gemini-1.5-pro"))
    return genai.GenerativeModel.from_cached_content(kept, **settings)


_names = often(
    st.sampled_from(("gemini-1.5-flash", "models/gemini-1.5-pro")),
    st.sampled_from(("tunedModels/é", "", None, "a/b")),
)
_OFTEN: dict[str, Recipe] = {
    "generation_config": generation_configs,
    "safety_settings": safety_settings,
}


def models(tools: Any) -> Recipe:
    """Returns models with these tools."""
    own = st.fixed_dictionaries(
        {"model_name": _names, "tools": st.just(tools)},
        optional={
            **_OFTEN,
            "system_instruction": instructions,
            "tool_config": tool_configs,
        },
    ).map(lambda given: Make(genai.GenerativeModel, **given))
    cached = st.fixed_dictionaries({"name": st.just("cachedContents/1")}, optional=_OFTEN).map(
        lambda given: Make(_cached, **given)
    )
    return often(own, cached)


def overrides(model: Make, *, asynchronous: bool) -> Recipe:
    """Returns what a call says instead of its model; of a cached one it cannot say everything."""
    also = {"tools": st.one_of(*(st.none(),) * 5, offers), "tool_config": tool_configs}
    return st.fixed_dictionaries(
        {"request_options": request_options(asynchronous=asynchronous)},
        optional={**_OFTEN, **({} if model.maker is _cached else also)},
    )


embeddings = st.fixed_dictionaries(
    {},
    optional={
        "task_type": often(
            st.sampled_from(
                ("retrieval_query", "CLUSTERING", 3, protos.TaskType.SEMANTIC_SIMILARITY, None)
            ),
            st.just("other"),
        ),
        "title": st.sampled_from((None, None, "")) | leaves.clean_texts,
        "output_dimensionality": often(
            st.sampled_from((None, 2, 768)), st.sampled_from((-1, "many"))
        ),
    },
)
embedders = often(
    st.sampled_from(("text-embedding-004", "models/text-embedding-004"))
    | made(protos.Model, name=st.just("models/text-embedding-004")),
    st.sampled_from(("a/b", 7)),
)
