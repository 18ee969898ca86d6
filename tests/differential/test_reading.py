"""What reads the SDK's objects never raises, and never changes what it reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from google.genai import types
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from differential import answers, leaves, tools
from differential.configs import configs
from differential.contents import contents, formed, instructions, messages
from differential.looking import Look, everything_in, replaced
from differential.models import Recipe, model
from differential.program import Halt
from differential.recipes import Kitchen, build
from opentelemetry_instrumentation_gemini._reading.config import flatten_config, read_config
from opentelemetry_instrumentation_gemini._reading.contents import (
    read_contents,
    read_instructions,
)
from opentelemetry_instrumentation_gemini._reading.errors import read_failure, read_tool_failure
from opentelemetry_instrumentation_gemini._reading.parts import read_part
from opentelemetry_instrumentation_gemini._reading.plain import as_object, plain
from opentelemetry_instrumentation_gemini._reading.response import ResponseReader
from opentelemetry_instrumentation_gemini._reading.tools import json_schema, read_tools
from opentelemetry_instrumentation_gemini._reading.usage import read_counts, to_usage

URL = "http://127.0.0.1/"
CASES = 40
pytestmark = pytest.mark.filterwarnings("ignore:BRAND_NEW_VALUE is not a valid")
_settings = settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class _Genai:
    """As much of a client as a config may ask for."""

    class _api_client:  # noqa: N801 - the SDK's name
        class _http_options:  # noqa: N801 - likewise
            base_url = URL


def _responses(documents: list[Any]) -> list[Any]:
    return [
        types.GenerateContentResponse._from_response(response=document, kwargs={})
        for document in documents
    ]


def _read_answer(chunks: list[Any]) -> None:
    for capture in (False, True):
        reader = ResponseReader(capture)
        for chunk in chunks:
            reader.add(chunk)
        for complete in (False, True):
            reader.answer(complete)
        reader.content()


def _flatten(config: Any) -> None:
    for content in (False, True):
        flatten_config(config, content=content)


def _read_failures(error: Any) -> None:
    for content in (False, True):
        read_failure(error, content=content)
        read_tool_failure(error, content)


def _read_usage(usage: Any) -> None:
    to_usage(read_counts(usage))


_documents = answers.documents(answers.said, 2)
_anything = st.one_of(contents, tools.returned, leaves.json_values, leaves.deep_trees)
_errors = st.builds(
    lambda kind, text: kind(text),
    st.sampled_from((ValueError, OSError, tools.Trouble, Halt)),
    leaves.texts,
)

READERS: dict[str, tuple[Recipe, Callable[[Any], Any]]] = {
    "contents": (contents, read_contents),
    "messages": (messages, read_contents),
    "instructions": (instructions | contents, read_instructions),
    "parts": (formed(model(types.Part)), read_part),
    "configs": (tools.offers.flatmap(configs), read_config),
    "flat configs": (tools.offers.flatmap(configs), _flatten),
    "tools": (tools.offers | contents, read_tools),
    "schemas": (formed(model(types.Schema)) | leaves.json_values, json_schema),
    "answers": (_documents, _read_answer),
    "answers as models": (_documents.map(_responses), _read_answer),
    "usage": (model(types.GenerateContentResponseUsageMetadata), _read_usage),
    "errors": (_errors, _read_failures),
    "plain values": (_anything, plain),
    "results": (_anything, as_object),
}
"""What is read → what can be there, and what reads it."""


@pytest.mark.parametrize("name", READERS)
def test_reading_neither_raises_nor_changes_anything(name: str):
    """Whatever the caller or the service gave: it is read to the end, and is as it was."""
    recipes, read = READERS[name]

    @_settings
    @given(recipes.filter(lambda recipe: recipe is not None))
    def check(recipe: Any) -> None:
        kitchen = Kitchen(genai=_Genai)
        given_ = build(recipe, kitchen)
        before, held = Look().at(given_), everything_in(given_)
        read(given_)
        assert Look().at(given_) == before
        assert replaced(held, given_) == []
        assert kitchen.log == []

    check()


@pytest.mark.parametrize("secret", ["systemInstruction", "responseSchema", "httpOptions"])
def test_a_config_in_camel_case_keeps_its_secrets(secret: str):
    """What may not be told of a config is not told under the JSON API's names either."""
    config = {secret: {"headers": {"X-Key": leaves.MARK}, "title": leaves.MARK}}
    assert leaves.MARK not in repr(flatten_config(config, content=False))
