"""What the fake says: answers, thoughts, function calls, values that fit a schema."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from fake_gemini.wire import call_part

if TYPE_CHECKING:
    from fake_gemini.script import Json

ANSWERS = {
    "sky": (
        "The sky looks blue because air molecules scatter short wavelengths of sunlight far more "
        "strongly than long ones, so blue light reaches your eyes from every direction."
    ),
    "capital of france": "The capital of France is Paris.",
    "haiku": "Spans drift down the stream,\neach token counted and named;\nthe trace remembers.",
    "opentelemetry": (
        "OpenTelemetry is an open standard for traces, metrics and logs: programs are "
        "instrumented once and any backend can read what they report."
    ),
    "hello": "Hello! How can I help you today?",
    "thank": "You are welcome. Is there anything else you would like to know?",
}
FALLBACK = (
    "Here is a short answer: it depends on the details, but a good way to begin is to name the "
    "parts, measure one of them, and change only one thing at a time."
)


def answer_parts(asked: Json, prompt: str) -> list[Json]:
    """Returns the parts of the answer to the last content."""
    results = [
        part["functionResponse"]
        for part in asked["contents"][-1].get("parts", [])
        if "functionResponse" in part
    ]
    declared = [
        declaration
        for tool in asked.get("tools", [])
        for declaration in tool.get("functionDeclarations", [])
    ]
    mode = asked.get("toolConfig", {}).get("functionCallingConfig", {}).get("mode")
    if declared and not results and mode != "NONE":
        return [_call(_fitting(declared, prompt), prompt)]
    return [{"text": _text(asked.get("generationConfig", {}), prompt, results)}]


def thought_about(prompt: str) -> str:
    """Returns a thought, where there is something to think about."""
    return f"The user asks: {prompt[:80]}. I will answer briefly." if prompt else ""


def _text(generation: Json, prompt: str, results: list[Json]) -> str:
    if generation.get("responseMimeType") == "application/json":
        schema = generation.get("responseSchema") or generation.get("responseJsonSchema") or {}
        return json.dumps(value_for(schema, prompt), ensure_ascii=False)
    if results:
        found = "; ".join(
            f"{result['name']}: {json.dumps(result.get('response'))}" for result in results
        )
        return f"According to my tools, this is what I found: {found}."
    lowered = prompt.lower()
    return next((text for key, text in ANSWERS.items() if key in lowered), FALLBACK)


def _fitting(declared: list[Json], prompt: str) -> Json:
    """Returns the function whose name shares most words with the prompt."""
    said = set(re.findall(r"\w+", prompt.lower()))
    return max(declared, key=lambda function: len(said & set(function["name"].split("_"))))


def _call(function: Json, prompt: str) -> Json:
    schema = function.get("parameters") or function.get("parametersJsonSchema") or {}
    return call_part(function["name"], **value_for({"type": "object", **schema}, prompt))


def value_for(schema: Json, prompt: str) -> Any:
    """Returns a value of the schema's type; strings take the prompt's last proper name."""
    if schema.get("enum"):
        return schema["enum"][0]
    kind = str(schema.get("type", "object")).lower()
    if kind == "object":
        return {
            name: value_for(inner, prompt) for name, inner in schema.get("properties", {}).items()
        }
    if kind == "array":
        return [value_for(schema.get("items", {"type": "string"}), prompt)]
    plain: dict[str, Any] = {"integer": 3, "number": 1.5, "boolean": True, "null": None}
    return plain[kind] if kind in plain else _proper_name(prompt)


def _proper_name(prompt: str) -> str:
    """Returns the last capitalised word that does not begin the prompt."""
    names = re.findall(r"(?<=\s)[A-Z]\w+", prompt)
    return names[-1] if names else "Paris"
