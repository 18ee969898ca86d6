"""JSON of the Interactions API: steps, usage, and the events that say the same piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fake_gemini.script import Json, Reply, Step

ID = "fake-interaction-1"
MODEL = "gemini-2.5-flash"


def usage(
    prompt: int = 0,
    output: int = 0,
    *,
    thoughts: int = 0,
    cached: int = 0,
    tool_use: int = 0,
    **more: Any,
) -> Json:
    """Builds a usage; the total is the sum of its parts, cached being inside prompt."""
    return {
        "total_tokens": prompt + output + thoughts + tool_use,
        "total_input_tokens": prompt,
        "total_cached_tokens": cached,
        "total_output_tokens": output,
        "total_tool_use_tokens": tool_use,
        "total_thought_tokens": thoughts,
        **more,
    }


def modalities(**tokens: int) -> list[Json]:
    """Builds a list of tokens by modality: ``modalities(text=5, image=258)``."""
    return [{"modality": name, "tokens": count} for name, count in tokens.items()]


def output(*contents: Json | str) -> Json:
    """Builds what the model says; strings become text."""
    return {"type": "model_output", "content": [text(one) for one in contents]}


def text(content: Json | str) -> Json:
    """Returns a content; a string becomes text."""
    return {"type": "text", "text": content} if isinstance(content, str) else content


def thought(summary: str = "", signature: str | None = None) -> Json:
    """Builds a thought; without a summary only its signature is shown."""
    built: Json = {"type": "thought"}
    if summary:
        built["summary"] = [text(summary)]
    if signature is not None:
        built["signature"] = signature
    return built


def call(name: str, call_id: str, **arguments: Any) -> Json:
    """Builds a function call."""
    return {"type": "function_call", "id": call_id, "name": name, "arguments": arguments}


def resource(
    *steps: Json,
    status: str = "completed",
    usage: Json | None = None,
    **more: Any,
) -> Json:
    """Builds an interaction; without an agent it is a model's."""
    named = {} if "agent" in more else {"model": MODEL}
    built: Json = {"id": ID, "object": "interaction", "status": status, **named, **more}
    if usage is not None:
        built["usage"] = usage
    if steps:
        built["steps"] = list(steps)
    return built


def interaction(
    *steps: Json, pieces: Mapping[int, list[str]] | None = None, timing: Any = None, **more: Any
) -> Step:
    """One answer in both shapes; ``pieces`` says how the text of a step is cut."""
    whole = resource(*steps, **more)
    timing = timing or {}
    chunks = tuple(events(whole, pieces or {}))
    return Step(
        unary=Reply(body=whole, delay=timing.get("delay", 0.0)),
        stream=Reply(chunks=chunks, **timing),
    )


def events(whole: Json, pieces: Mapping[int, list[str]]) -> Iterator[Json]:
    """Yields the events of an interaction: created, each step, completed."""
    known = ("id", "object", "model", "agent", "created")
    begun = {key: whole[key] for key in known if key in whole}
    yield event("interaction.created", interaction={**begun, "status": "in_progress"})
    yield event("interaction.status_update", interaction_id=whole["id"], status="in_progress")
    for index, step in enumerate(whole.get("steps", [])):
        yield from _step_events(index, step, pieces.get(index))
    final = {key: value for key, value in whole.items() if key != "steps"}
    yield event("interaction.completed", interaction=final)


def event(kind: str, **fields: Any) -> Json:
    """Builds an event."""
    return {"event_type": kind, **fields}


def failed(code: str | None, message: str) -> Json:
    """Builds the event that says that something went wrong."""
    error = {"message": message} if code is None else {"code": code, "message": message}
    return event("error", error=error)


def _step_events(index: int, step: Json, pieces: list[str] | None) -> Iterator[Json]:
    yield event("step.start", index=index, step=_begun(step))
    for delta in _deltas(step, pieces):
        yield event("step.delta", index=index, delta=delta)
    yield event("step.stop", index=index)


def _begun(step: Json) -> Json:
    begun = {key: step[key] for key in ("type", "id", "name", "call_id") if key in step}
    return {**begun, "arguments": {}} if step["type"] == "function_call" else begun


def _deltas(step: Json, pieces: list[str] | None) -> Iterator[Json]:
    kind = step["type"]
    if kind == "model_output":
        for content in step["content"]:
            yield from _content_deltas(content, pieces)
    elif kind == "thought":
        for summary in step.get("summary", []):
            yield {"type": "thought_summary", "content": summary}
        if "signature" in step:
            yield {"type": "thought_signature", "signature": step["signature"]}
    elif kind == "function_call":
        arguments = json.dumps(step["arguments"])
        half = len(arguments) // 2
        for piece in (arguments[:half], arguments[half:]):
            yield {"type": "arguments_delta", "arguments": piece}
    else:
        yield {key: value for key, value in step.items() if key not in {"id", "call_id"}}


def _content_deltas(content: Json, pieces: list[str] | None) -> Iterator[Json]:
    if content["type"] != "text":
        yield content
        return
    yield from (text(piece) for piece in pieces or [content["text"]])
    if "annotations" in content:
        yield {"type": "text_annotation_delta", "annotations": content["annotations"]}


def old(step: Step) -> Step:
    """Returns the same answer as google-genai before 2.0 knows it: outputs instead of steps."""
    body = dict(step.unary.body)
    outputs = [content for one in body.pop("steps", []) for content in _outputs(one)]
    whole = {**body, "outputs": outputs, "role": "model"}
    return Step(unary=Reply(body=whole), stream=Reply(chunks=tuple(_old_events(whole))))


def _outputs(step: Json) -> list[Json]:
    contents: list[Json] = step["content"] if step["type"] == "model_output" else [step]
    return contents


def _old_events(whole: Json) -> Iterator[Json]:
    begun = {key: value for key, value in whole.items() if key not in {"usage", "outputs"}}
    yield event("interaction.start", interaction={**begun, "status": "in_progress"})
    for index, content in enumerate(whole["outputs"]):
        yield event("content.start", index=index, content={"type": content["type"]})
        thinks = content["type"] == "thought"
        for delta in _deltas(content, None) if thinks else [content]:
            yield event("content.delta", index=index, delta=delta)
        yield event("content.stop", index=index)
    final = {key: value for key, value in whole.items() if key != "outputs"}
    yield event("interaction.complete", interaction=final)
