"""The reader of content and the published JSON schemas judge alike."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance import content

SCHEMAS = Path(__file__).resolve().parents[3] / "shared" / "semconv" / "model" / "gen-ai"

needs_schemas = pytest.mark.skipif(
    not SCHEMAS.exists(),
    reason="needs the published schemas in ../shared/semconv, which are not in the repository",
)

FILES = {
    "gen_ai.input.messages": "gen-ai-input-messages.json",
    "gen_ai.memory.records": "gen-ai-memory-records.json",
    "gen_ai.output.messages": "gen-ai-output-messages.json",
    "gen_ai.retrieval.documents": "gen-ai-retrieval-documents.json",
    "gen_ai.system_instructions": "gen-ai-system-instructions.json",
    "gen_ai.tool.call.arguments": "gen-ai-tool-call-arguments.json",
    "gen_ai.tool.call.result": "gen-ai-tool-call-result.json",
    "gen_ai.tool.definitions": "gen-ai-tool-definitions.json",
}

GOOD_PARTS: list[dict[str, Any]] = [
    {"type": "text", "content": "Hello"},
    {"type": "reasoning", "content": "Hm", "signature": "c2ln"},
    {"type": "tool_call", "name": "f", "id": None, "arguments": {"a": [1, None]}},
    {"type": "tool_call_response", "response": {"result": 1}, "id": "c"},
    {"type": "server_tool_call", "name": "search", "server_tool_call": {"type": "google"}},
    {"type": "server_tool_call_response", "server_tool_call_response": {"type": "google"}},
    {"type": "compaction", "id": "k", "content": None},
    {"type": "blob", "modality": "image", "content": "eA==", "mime_type": "image/png"},
    {"type": "uri", "modality": "video", "uri": "gs://bucket/film.mp4"},
    {"type": "file", "modality": "document", "file_id": "files/1"},
    {"type": "executable_code", "anything": [1]},
]
BAD_MESSAGES: list[Any] = [
    {"role": "user"},
    {"parts": []},
    {"role": 1, "parts": []},
    {"role": "user", "parts": None},
    {"role": "user", "parts": {}},
    {"role": "user", "parts": ["text"]},
    {"role": "user", "parts": [{"content": "no type"}]},
    {"role": "user", "parts": [{"type": 1}]},
    {"role": "user", "parts": [], "name": 1},
    "a message",
]
GOOD: list[tuple[str, Any]] = [
    ("gen_ai.input.messages", []),
    *[("gen_ai.input.messages", [{"role": "user", "parts": [part]}]) for part in GOOD_PARTS],
    *[("gen_ai.output.messages", [{"role": "model", "parts": [part]}]) for part in GOOD_PARTS],
    ("gen_ai.output.messages", [{"role": "assistant", "parts": [], "finish_reason": "stop"}]),
    ("gen_ai.output.messages", [{"role": "assistant", "parts": [], "finish_reason": None}]),
    ("gen_ai.system_instructions", [{"type": "text", "content": "Be brief"}]),
    ("gen_ai.system_instructions", [{"type": "other"}]),
    ("gen_ai.tool.definitions", [{"type": "function", "name": "f"}]),
    ("gen_ai.tool.definitions", [{"type": "google_search", "name": "google_search"}]),
    (
        "gen_ai.tool.definitions",
        [{"type": "function", "name": "f", "parameters": {"type": "object"}}],
    ),
    ("gen_ai.tool.call.arguments", {}),
    ("gen_ai.tool.call.result", {"result": 1}),
    ("gen_ai.retrieval.documents", [{}, {"id": "d", "score": 0.5}]),
    ("gen_ai.memory.records", [{"content": None, "metadata": {}, "score": 1}]),
]
BAD: list[tuple[str, Any]] = [
    *[(name, value) for name in FILES for value in ("text", 1, None)],
    *[("gen_ai.input.messages", [message]) for message in BAD_MESSAGES],
    *[("gen_ai.output.messages", [message]) for message in BAD_MESSAGES],
    ("gen_ai.input.messages", {"role": "user", "parts": []}),
    ("gen_ai.output.messages", [{"role": "assistant", "parts": [], "finish_reason": 1}]),
    ("gen_ai.system_instructions", ["Be brief"]),
    ("gen_ai.system_instructions", [{"content": "no type"}]),
    ("gen_ai.tool.definitions", [{"name": "f"}]),
    ("gen_ai.tool.definitions", [{"type": "function"}]),
    ("gen_ai.tool.definitions", [{"type": "google_search"}]),
    ("gen_ai.tool.call.arguments", []),
    ("gen_ai.tool.call.result", [{}]),
    ("gen_ai.retrieval.documents", [{"score": "high"}]),
    ("gen_ai.memory.records", [{"id": "m"}]),
]
# Let through by the catch-all part of the schemas, refused here.
STRICTER: list[tuple[str, Any, str]] = [
    ("gen_ai.input.messages", {"type": "text"}, "content is missing"),
    ("gen_ai.input.messages", {"type": "text", "content": 1}, "content is no string"),
    ("gen_ai.input.messages", {"type": "blob", "modality": "image", "content": "?"}, "no base64"),
    ("gen_ai.input.messages", {"type": "uri", "modality": "image", "uri": "data:,x"}, "no link"),
]


def published(attribute: str) -> dict[str, Any]:
    """Read the schema of an attribute."""
    return json.loads((SCHEMAS / FILES[attribute]).read_text())


def accepts(schema: dict[str, Any], value: Any) -> bool:
    """Judge by a published schema."""
    return Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(("attribute", "value"), GOOD)
def test_good_content_passes(attribute, value):
    """Content of every shape that the schemas describe passes, as lists or as tuples."""
    assert content.problems(attribute, value) == []
    if isinstance(value, list):
        assert content.problems(attribute, tuple(value)) == []


@pytest.mark.parametrize(("attribute", "value"), BAD)
def test_bad_content_is_refused(attribute, value):
    """Content that breaks its schema is refused."""
    assert content.problems(attribute, value) != []


@pytest.mark.parametrize(("attribute", "part", "problem"), STRICTER)
def test_a_part_must_have_what_its_type_needs(attribute, part, problem):
    """A known type is not excused by the schemas' catch-all part."""
    (found,) = content.problems(attribute, [{"role": "user", "parts": [part]}])

    assert problem in found
    assert found.startswith("[0].parts[0]")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"x", {1}, {1: "x"}, object()])
def test_what_json_cannot_hold_is_refused(value):
    """A value that JSON has no form for is refused however deep it stands."""
    assert content.problems("gen_ai.tool.call.result", {"a": [{"b": value}]}) != []


def test_a_schema_that_is_none_is_refused():
    """Parameters whose types are not those of JSON Schema are refused."""
    definition = {"type": "function", "name": "f", "parameters": {"type": "OBJECT"}}

    (found,) = content.problems("gen_ai.tool.definitions", [definition])

    assert "[0].parameters is no schema" in found


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}', "{", "", "'x'"])
def test_only_standard_json_is_read(text):
    """Python's extensions of JSON are refused."""
    with pytest.raises(ValueError):
        content.parse(text)


@needs_schemas
def test_the_schemas_accept_the_same():
    """What passes here passes the published schema."""
    assert [case for case in GOOD if not accepts(published(case[0]), case[1])] == []


@needs_schemas
def test_the_schemas_refuse_the_same():
    """What is refused here for its shape is refused by the published schema."""
    assert [case for case in BAD if accepts(published(case[0]), case[1])] == []


def variants(schema: dict[str, Any], good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Break one good record in every way: each property missing or of another kind."""
    yield good
    for name in schema["properties"].keys() - {"type"}:
        yield {key: value for key, value in good.items() if key != name}
        for value in ("eA==", 1, 1.5, True, None, [], {}, {"type": "object"}, {"type": 1}):
            yield {**good, name: value}


def compare(schema: dict[str, Any], definition: str, good: dict[str, Any], judge: Any) -> int:
    """Hold our verdict against one named definition of a schema, for every variant."""
    target = {"$ref": f"#/$defs/{definition}", "$defs": schema["$defs"]}
    seen = 0
    for record in variants(schema["$defs"][definition], good):
        assert (list(judge(record)) == []) == accepts(target, record), record
        seen += 1
    return seen


@needs_schemas
@pytest.mark.parametrize("attribute", ["gen_ai.input.messages", "gen_ai.output.messages"])
def test_each_part_type_is_judged_as_its_definition_does(attribute):
    """Part by part and field by field the verdict is that of the type's own definition."""
    schema = published(attribute)
    consts = {
        entry["properties"]["type"]["const"]: name
        for name, entry in schema["$defs"].items()
        if "const" in entry.get("properties", {}).get("type", {})
    }
    good = {part["type"]: part for part in GOOD_PARTS}

    assert content.PARTS.keys() == consts.keys()
    for type_name, definition in consts.items():
        assert compare(schema, definition, good[type_name], lambda part: content.part(part, "")) > 1


@needs_schemas
@pytest.mark.parametrize(
    ("attribute", "definition", "good"),
    [
        ("gen_ai.input.messages", "ChatMessage", {"role": "user", "parts": [], "name": "Ann"}),
        ("gen_ai.output.messages", "OutputMessage", {"role": "assistant", "parts": []}),
        ("gen_ai.tool.definitions", "FunctionToolDefinition", {"type": "function", "name": "f"}),
        ("gen_ai.tool.definitions", "GenericToolDefinition", {"type": "search", "name": "s"}),
        ("gen_ai.retrieval.documents", "RetrievalDocument", {"id": "d", "score": 1}),
        ("gen_ai.memory.records", "MemoryRecord", {"content": "m", "id": "m"}),
    ],
)
def test_each_record_is_judged_as_its_definition_does(attribute, definition, good):
    """Messages, tools, documents and memories get the verdict of their own definition."""
    judge = lambda record: content.problems(attribute, [record])  # noqa: E731 - one line, one use

    assert compare(published(attribute), definition, good, judge) > 1
