"""Google-shaped JSON: usage that adds up, candidates, responses, errors, steps."""

from __future__ import annotations

import base64
from copy import deepcopy
from typing import Any

from fake_gemini.script import Json, Reply, Step

COUNTS = (
    "promptTokenCount",
    "candidatesTokenCount",
    "thoughtsTokenCount",
    "toolUsePromptTokenCount",
)
STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


def usage(
    prompt: int | None = None,
    candidates: int | None = None,
    *,
    thoughts: int | None = None,
    tool_use: int | None = None,
    cached: int | None = None,
    **more: Any,
) -> Json:
    """Builds ``usageMetadata``; the total is the sum of its parts, cached being inside prompt."""
    counts = dict(zip(COUNTS, (prompt, candidates, thoughts, tool_use), strict=True))
    known = {name: count for name, count in counts.items() if count is not None}
    built: Json = {**known, "totalTokenCount": sum(known.values())}
    if cached is not None:
        built["cachedContentTokenCount"] = cached
    return {**built, **more}


def modalities(**counts: int) -> list[Json]:
    """Builds a details list: ``modalities(TEXT=5, IMAGE=258)``."""
    return [{"modality": name, "tokenCount": count} for name, count in counts.items()]


def candidate(*parts: Json | str, finish: str | None = "STOP", **more: Any) -> Json:
    """Builds a candidate; strings become text parts, ``None`` as finish leaves it open."""
    built: Json = {
        "content": {
            "parts": [{"text": part} if isinstance(part, str) else part for part in parts],
            "role": "model",
        },
        "index": 0,
    }
    if finish is not None:
        built["finishReason"] = finish
    return {**built, **more}


def response(*candidates: Json, usage: Json | None = None, **more: Any) -> Json:
    """Builds a GenerateContentResponse with a model version and a response id."""
    built: Json = {"modelVersion": "gemini-2.5-flash", "responseId": "fake-response-1"}
    if candidates:
        built["candidates"] = list(candidates)
    if usage is not None:
        built["usageMetadata"] = usage
    return {**built, **more}


def without(document: Json, *keys: str) -> Json:
    """Returns a copy that lacks these keys."""
    return {key: value for key, value in document.items() if key not in keys}


def call_part(name: str, /, call_id: str | None = None, **args: Any) -> Json:
    """Builds a function call part."""
    call: Json = {"name": name, "args": args}
    return {"functionCall": call if call_id is None else {"id": call_id, **call}}


def error_body(code: int, message: str, *details: Json, status: str | None = None) -> Json:
    """Builds the error document that Google's APIs send."""
    error: Json = {
        "code": code,
        "message": message,
        "status": status or STATUS_NAMES[code],
    }
    if details:
        error["details"] = list(details)
    return {"error": error}


def answer(body: Json, *chunks: Json, **timing: Any) -> Step:
    """One answer in both shapes; a stream without chunks of its own sends the body as one."""
    return Step(
        unary=Reply(body=body, delay=timing.get("delay", 0.0)),
        stream=Reply(chunks=chunks or (body,), **timing),
    )


def stream(*chunks: Json, **timing: Any) -> Step:
    """A streamed answer; the unary call gets its chunks merged."""
    return answer(merged(*chunks), *chunks, **timing)


def refusal(code: int, body: Any, **more: Any) -> Step:
    """An error status with this JSON body, the same in both shapes."""
    reply = Reply(body=body, status=code, **more)
    return Step(unary=reply, stream=reply)


def merged(*chunks: Json) -> Json:
    """Returns the unary response that says what the chunks say."""
    whole: Json = {}
    for chunk in deepcopy(chunks):
        for found in chunk.pop("candidates", []):
            _merge_candidate(whole.setdefault("candidates", []), found)
        told = chunk.pop("usageMetadata", {})
        known = {name: count for name, count in told.items() if count is not None}
        usage_so_far = {**whole.get("usageMetadata", {}), **known}
        whole.update(chunk)
        if usage_so_far:
            whole["usageMetadata"] = usage_so_far
    return whole


def _merge_candidate(into: list[Json], found: Json) -> None:
    """Adds one streamed candidate to those already seen, by index."""
    index = found.get("index", 0)
    for known in into:
        if known.get("index", 0) == index:
            parts = found.pop("content", {}).get("parts", [])
            if parts:
                content = known.setdefault("content", {"role": "model"})
                content["parts"] = _joined([*content.get("parts", []), *parts])
            known.update(found)
            return
    into.append(found)


def _joined(parts: list[Json]) -> list[Json]:
    """Joins neighbouring plain text parts, which a unary answer holds as one."""
    joined: list[Json] = []
    for part in parts:
        if joined and set(part) == {"text"} == set(joined[-1]):
            joined[-1] = {"text": joined[-1]["text"] + part["text"]}
        else:
            joined.append(part)
    return joined


def base64_text(data: str | bytes) -> str:
    """Returns base64 as JSON carries bytes."""
    raw = data.encode() if isinstance(data, str) else data
    return base64.b64encode(raw).decode()
