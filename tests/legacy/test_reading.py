"""Messages, contents and tools of google-generativeai, read as they are."""

from __future__ import annotations

import warnings
from types import MappingProxyType, SimpleNamespace
from typing import Any

import google.generativeai as genai
import pytest
from google.generativeai import protos

from opentelemetry_instrumentation_gemini._reading.contents import read_contents
from opentelemetry_instrumentation_gemini._reading.legacy import message, readable, tree
from opentelemetry_instrumentation_gemini._reading.legacy_request import (
    has_callable,
    merged_config,
    read_legacy_tools,
    read_model_name,
)
from opentelemetry_instrumentation_gemini._reading.legacy_response import LegacyReader

WEATHER = {
    "name": "weather",
    "description": "Tell it.",
    "parameters": {"type": "OBJECT", "properties": {"days": {"type": "INTEGER"}}},
}
TOLD = {
    "type": "function",
    "name": "weather",
    "description": "Tell it.",
    "parameters": {"type": "object", "properties": {"days": {"type": "integer"}}},
}
FUNCTION = {
    "type": "function",
    "name": "weather",
    "description": "Tell it.",
    "parameters": {
        "type": "object",
        "properties": {"days": {"title": "Days", "type": "integer"}},
        "required": ["days"],
        "additionalProperties": False,
    },
}


def weather(days: int) -> str:
    """Tell it."""
    return "fine"


def test_absent_fields_are_none():
    """A field that was not set is `None`, and so is one that other releases have."""
    source = message(protos.GenerateContentResponse())
    assert source.usage_metadata is source.prompt_feedback is source.candidates is None
    assert source.response_id is None
    assert not hasattr(source, "__wrapped__")
    usage = message(protos.GenerateContentResponse.UsageMetadata(prompt_token_count=3))
    assert (usage.prompt_token_count, usage.candidates_token_count) == (3, None)


def test_what_is_set_to_nothing_is_there():
    """An empty text and a temperature of zero were said."""
    assert message(protos.Part(text="")).text == ""
    assert message(protos.GenerationConfig(temperature=0.0)).temperature == 0.0
    assert message(protos.Candidate(index=0)).index == 0


def test_enums_are_names():
    """An enum is its name, and one that this release does not know its number."""
    candidate = protos.Candidate(finish_reason="SAFETY")
    assert message(candidate).finish_reason == "SAFETY"
    protos.Candidate.pb(candidate).finish_reason = 77
    assert message(candidate).finish_reason == "77"
    protos.Candidate.pb(candidate).finish_reason = 0
    assert message(candidate).finish_reason is None


def test_trees_are_python():
    """A tree of JSON comes back as it was: integers, lists, nulls and all."""
    args = {"days": 2, "ratio": 0.5, "deep": {"list": [1, "two", None, True, {"a": []}]}}
    call = message(protos.FunctionCall(name="weather", args=args))
    assert call.args == args
    assert repr(call.args["days"]) == "2"
    assert message(protos.FunctionCall(name="weather")).args is None


def test_numbers_beyond_integers():
    """A number that was no integer in particular stays one, which every exporter can encode."""
    args = {"exact": 2.0**53, "beyond": 1e300}
    shown = message(protos.FunctionCall(name="weather", args=args)).args
    assert {name: repr(value) for name, value in shown.items()} == {
        "exact": "9007199254740992",
        "beyond": "1e+300",
    }


@pytest.mark.parametrize(
    "make", [lambda one: one, genai.types.GenerateContentResponse.from_response]
)
def test_an_unknown_enum_is_no_warning(make: Any):
    """To read an answer with an enum of later days warns of nothing; the SDK does when asked."""
    answer = make(protos.GenerateContentResponse(prompt_feedback={"block_reason": 77}))
    reader = LegacyReader(capture=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reader.add(answer)
        assert reader.answer(complete=True).details == {"block_reason": "77"}


def test_reading_changes_nothing():
    """Looking for what is absent does not put it there."""
    response = protos.GenerateContentResponse(candidates=[{"content": {"parts": [{"text": "a"}]}}])
    before = type(response).serialize(response)
    read_contents(readable([response.candidates[0].content]))
    tree(response)
    assert type(response).serialize(response) == before


FILE = protos.File(name="files/1", uri="https://files/1", mime_type="image/png")


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("text", [("text", "text")]),
        (["a", "b"], [("text", "a"), ("text", "b")]),
        (protos.Part(text="a"), [("text", "a")]),
        ({"text": "a"}, [("text", "a")]),
        ({"parts": "a"}, [("text", "a")]),
        ([protos.Content(role="user", parts=[{"text": "a"}])], [("text", "a")]),
        (protos.Content(parts=[{"text": "a"}]).parts, [("text", "a")]),
        (protos.Blob(mime_type="image/png", data=b"1"), [("blob", None)]),
        ({"mime_type": "image/png", "data": b"1"}, [("blob", None)]),
        ({"inline_data": protos.Blob(mime_type="image/png", data=b"1")}, [("blob", None)]),
        (FILE, [("uri", None)]),
        (genai.types.File(FILE), [("uri", None)]),
        ({"file_data": genai.types.File(FILE)}, [("uri", None)]),
        ({"parts": [genai.types.File(FILE), "a"]}, [("uri", None), ("text", "a")]),
        (protos.FunctionCall(name="weather"), [("tool_call", None)]),
        (protos.FunctionResponse(name="weather"), [("tool_call_response", None)]),
        (None, []),
        (7, []),
        (iter(["a"]), []),
    ],
)
def test_contents(content: Any, parts: Any):
    """Each form in which that SDK takes contents becomes the parts that are sent."""
    read = [part for one in read_contents(readable(content)) for part in one["parts"]]
    texts = [part["content"] if part["type"] == "text" else None for part in read]
    assert list(zip((part["type"] for part in read), texts, strict=True)) == parts


@pytest.mark.parametrize(
    ("given", "mime_type"),
    [({"format": "PNG", "filename": "a.png"}, "image/png"), ({"format": None}, "image/webp")],
)
def test_pictures(given: dict[str, Any], mime_type: str):
    """A picture is told with the type in which it is sent, and not encoded for that."""
    picture = SimpleNamespace(size=(3, 4), tobytes=None, **given)
    ((part,),) = [one["parts"] for one in read_contents(readable([picture]))]
    assert (part["mime_type"], part["width"], part["height"]) == (mime_type, 3, 4)


def test_arguments_are_not_contents():
    """What a function is called with may look like contents, and stays what it is."""
    call = {"name": "weather", "args": {"parts": [1], "file_data": 2}, "id": None}
    ((part,),) = [one["parts"] for one in read_contents(readable({"function_call": call}))]
    assert part["arguments"] == {"parts": [1], "file_data": 2}


@pytest.mark.parametrize(
    ("tools", "expected"),
    [
        (WEATHER, [TOLD]),
        ([WEATHER], [TOLD]),
        ({"function_declarations": [WEATHER]}, [TOLD]),
        (protos.FunctionDeclaration(name="f"), [{"type": "function", "name": "f"}]),
        (protos.Tool(function_declarations=[{"name": "f"}]), [{"type": "function", "name": "f"}]),
        (
            genai.types.Tool(function_declarations=[genai.types.FunctionDeclaration(**WEATHER)]),
            [TOLD],
        ),
        ("code_execution", [{"type": "code_execution", "name": "code_execution"}]),
        (
            protos.Tool(google_search_retrieval={}),
            [{"type": "google_search_retrieval", "name": "google_search_retrieval"}],
        ),
        (weather, [FUNCTION]),
        ([7, None], []),
        (iter([weather]), []),
    ],
)
def test_tools(tools: Any, expected: list[Any]):
    """Each form of tools is told as the conventions' definitions."""
    assert read_legacy_tools(tools) == expected


DECLARED = genai.types.FunctionDeclaration(**WEATHER)
CALLABLE = genai.types.CallableFunctionDeclaration(**WEATHER, function=weather)


@pytest.mark.parametrize(
    ("tools", "expected"),
    [
        ([DECLARED], False),
        ([CALLABLE], True),
        ([DECLARED, weather], True),
        (weather, True),
        ({"function_declarations": [CALLABLE]}, True),
        ({**WEATHER, "function": weather}, True),
        (WEATHER, False),
        ("code_execution", False),
        (genai.types.Tool(function_declarations=[DECLARED]), False),
        (genai.types.Tool(function_declarations=[CALLABLE]), True),
        (genai.GenerativeModel("m", tools=[DECLARED])._tools, False),
        (genai.GenerativeModel("m", tools=[weather])._tools, True),
        (None, False),
    ],
)
def test_what_the_sdk_can_call(tools: Any, expected: bool):
    """Only a function makes a loop, not the library that holds declarations."""
    assert has_callable(tools) is expected


def test_a_library_of_tools():
    """Callables that the SDK has read are told with their parameters."""
    library = genai.GenerativeModel("m", tools=[weather])._tools
    (definition,) = read_legacy_tools(library)
    assert definition["parameters"]["properties"] == {"days": {"type": "integer"}}


@pytest.mark.parametrize(
    "own",
    [
        {"temperature": 0.5},
        genai.GenerationConfig(temperature=0.5),
        protos.GenerationConfig(temperature=0.5),
    ],
)
def test_configs(own: Any):
    """A call's own config goes over the model's, in each of its forms."""
    model = genai.GenerativeModel("m", generation_config={"temperature": 1.0, "top_k": 3})
    assert merged_config(model, own) == {"temperature": 0.5, "top_k": 3}
    assert merged_config(model, None) == {"temperature": 1.0, "top_k": 3}


def test_a_config_with_unknown_fields():
    """What the SDK will refuse may be anything, also content, and is told by nobody."""
    model = genai.GenerativeModel("m", generation_config={"prompt": "A secret", "top_k": 3})
    model._cached_content = "cachedContents/one"
    told = {"top_k": 3, "cached_content": "cachedContents/one", "temperature": 0.5}
    own = MappingProxyType({"story": "Another", "temperature": 0.5})
    assert merged_config(model, own) == told


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("models/one", "one"),
        ("one", "one"),
        ("tunedModels/one", "tunedModels/one"),
        (protos.Model(name="models/one"), "one"),
        (SimpleNamespace(name=7), None),
        (None, None),
    ],
)
def test_model_names(model: Any, name: str | None):
    """The folder that the SDK puts before a name is no part of it."""
    assert read_model_name(model) == name
