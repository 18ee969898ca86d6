"""JSON text of any content fits any limit, is valid, and follows the conventions' schemas."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from google.genai import types
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance import content
from differential import answers, leaves, tools
from differential.contents import contents, instructions
from differential.looking import Look
from differential.models import Recipe
from differential.recipes import Kitchen, build
from opentelemetry_instrumentation_gemini._emit.json_text import json_writer
from opentelemetry_instrumentation_gemini._facts.messages import Binary
from opentelemetry_instrumentation_gemini._reading.contents import (
    read_contents,
    read_instructions,
)
from opentelemetry_instrumentation_gemini._reading.plain import as_object, plain
from opentelemetry_instrumentation_gemini._reading.response import ResponseReader
from opentelemetry_instrumentation_gemini._reading.tools import read_tools

SMALLEST = 100
"""Bytes of the least limit that can be set."""
ENDLESS = 10**9
CASES = 60
pytestmark = pytest.mark.filterwarnings("ignore:BRAND_NEW_VALUE is not a valid")
_settings = settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
limits = st.one_of(st.integers(SMALLEST, 400), st.integers(SMALLEST, 20_000))
media_limits = st.sampled_from((0, 8, 1000, ENDLESS))


def _said(documents: list[Any]) -> Any:
    reader = ResponseReader(True)  # noqa: FBT003 - with content
    for document in documents:
        chunk = types.GenerateContentResponse._from_response(response=document, kwargs={})
        reader.add(chunk)
    return reader.content().get("output_messages", [])


TREES: dict[str, tuple[Recipe, Callable[[Any], Any]]] = {
    "gen_ai.input.messages": (contents, read_contents),
    "gen_ai.system_instructions": (instructions, read_instructions),
    "gen_ai.tool.definitions": (tools.offers, read_tools),
    "gen_ai.output.messages": (answers.documents(answers.said, 3), _said),
    "gen_ai.tool.call.arguments": (leaves.json_objects, plain),
    "gen_ai.tool.call.result": (leaves.json_values | leaves.deep_trees, as_object),
}
"""Attribute → what can be there, and what makes a tree of it."""


def _with_base64(tree: Any) -> Any:
    """Returns the tree as its JSON must read if nothing is cut."""
    if isinstance(tree, Binary):
        return tree.base64()
    if isinstance(tree, dict):
        return {key: _with_base64(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_with_base64(item) for item in tree]
    return tree


def _sayable(tree: Any) -> Any:
    """Returns the tree without what JSON cannot say: half characters, and what is no number."""
    if isinstance(tree, str):
        return tree.encode(errors="replace").decode()
    if isinstance(tree, float):
        return tree if math.isfinite(tree) else None
    if isinstance(tree, dict):
        return {_sayable(key): _sayable(value) for key, value in tree.items()}
    return [_sayable(item) for item in tree] if isinstance(tree, list) else tree


@pytest.mark.parametrize("attribute", TREES)
def test_any_content_fits_any_limit(attribute: str):
    """From 100 bytes up the text is valid JSON of the schema, and the tree stays as it was."""
    recipes, read = TREES[attribute]

    @_settings
    @given(recipes, limits, media_limits)
    def check(recipe: Any, limit: int, media_limit: int) -> None:
        tree = read(build(recipe, Kitchen()))
        before = Look().at(tree)
        text = json_writer(limit, media_limit)(tree)
        assert len(text.encode()) <= limit
        assert content.problems(attribute, content.parse(text)) == []
        assert Look().at(tree) == before

    check()


@pytest.mark.parametrize("attribute", TREES)
def test_nothing_is_cut_without_need(attribute: str):
    """Without a limit the JSON says what the tree says, but for what JSON cannot say."""
    recipes, read = TREES[attribute]

    @_settings
    @given(recipes)
    def check(recipe: Any) -> None:
        tree = _with_base64(read(build(recipe, Kitchen())))
        shown = content.parse(json_writer(ENDLESS, ENDLESS)(tree))
        assert _sayable(shown) == _sayable(tree)

    check()
