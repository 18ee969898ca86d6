"""What a span must say about an exchange, worked out from the bare JSON alone.

Nothing here knows the SDK's types or the plugin: a fault in reading cannot hide in both.
"""

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any

FILTERED = {
    "SAFETY",
    "RECITATION",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MODEL_ARMOR",
    "LANGUAGE",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
}
_WORDS = {"STOP": "stop", "MAX_TOKENS": "length"}
_NO_FINISH_REASON = "error"

_GENERATION_PARAMETERS = {
    "temperature": "gen_ai.request.temperature",
    "topP": "gen_ai.request.top_p",
    "topK": "gen_ai.request.top_k",
    "maxOutputTokens": "gen_ai.request.max_tokens",
    "seed": "gen_ai.request.seed",
    "presencePenalty": "gen_ai.request.presence_penalty",
    "frequencyPenalty": "gen_ai.request.frequency_penalty",
}
_MODALITY_DETAILS = {
    "gen_ai.usage.{}.input_tokens": ("promptTokensDetails", "toolUsePromptTokensDetails"),
    "gen_ai.usage.{}.output_tokens": ("candidatesTokensDetails",),
    "gen_ai.usage.{}.cache_read.input_tokens": ("cacheTokensDetails",),
}
_MODALITIES = ("text", "image", "audio")


def usage_metadata(answers: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the truth of one hop: per field the last value that was not null."""
    return {
        name: value
        for answer in answers
        for name, value in (answer.get("usageMetadata") or {}).items()
        if value is not None
    }


def usage_attributes(usage: dict[str, Any]) -> dict[str, Any]:
    """Return every token attribute of a generate span; `None` stands for no attribute."""
    cached = usage.get("cachedContentTokenCount")
    attributes = {
        "gen_ai.usage.input_tokens": input_tokens(usage),
        "gen_ai.usage.output_tokens": output_tokens(usage),
        "gen_ai.usage.reasoning.output_tokens": usage.get("thoughtsTokenCount"),
        "gen_ai.usage.cache_read.input_tokens": cached,
        "gen_ai.usage.cache_write.input_tokens": None,
        "mlflow.chat.tokenUsage": token_usage(usage),
    }
    for template, details in _MODALITY_DETAILS.items():
        for modality in _MODALITIES:
            counts = (_modality_count(usage.get(name), modality) for name in details)
            attributes[template.format(modality)] = _sum(*counts)
    return attributes


def input_tokens(usage: dict[str, Any]) -> int | None:
    """Return the billed input: the prompt, and what server tools put into it."""
    return _sum(usage.get("promptTokenCount"), usage.get("toolUsePromptTokenCount"))


def output_tokens(usage: dict[str, Any]) -> int | None:
    """Return the billed output: the candidates, and the thoughts beside them."""
    return _sum(usage.get("candidatesTokenCount"), usage.get("thoughtsTokenCount"))


def token_usage(usage: dict[str, Any]) -> dict[str, int] | None:
    """Return MLflow's token usage, `None` where nothing was reported."""
    tokens_in, tokens_out = input_tokens(usage), output_tokens(usage)
    if tokens_in is None and tokens_out is None:
        return None
    tokens = {
        "input_tokens": tokens_in or 0,
        "output_tokens": tokens_out or 0,
        "total_tokens": (tokens_in or 0) + (tokens_out or 0),
    }
    cached = usage.get("cachedContentTokenCount")
    return {**tokens, "cache_read_input_tokens": cached} if cached else tokens


def _sum(*counts: int | None) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _modality_count(details: list[dict[str, Any]] | None, modality: str) -> int | None:
    return _sum(
        *(
            entry.get("tokenCount")
            for entry in details or ()
            if str(entry.get("modality")).lower() == modality
        )
    )


def candidates(answers: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each candidate with all its parts and its last finish reason, in their order."""
    found: dict[int, dict[str, Any]] = {}
    for answer in answers:
        for position, candidate in enumerate(answer.get("candidates") or ()):
            index = candidate.get("index")
            key = position if index is None else index
            whole = found.setdefault(key, {"parts": [], "finishReason": None})
            whole["parts"] += (candidate.get("content") or {}).get("parts") or ()
            whole["finishReason"] = candidate.get("finishReason") or whole["finishReason"]
    return list(found.values())


def finish_reasons(answers: list[dict[str, Any]], *, failed: bool) -> tuple[str, ...] | None:
    """Return one word for each candidate; what ended before there was any has one too."""
    found = candidates(answers)
    if not found:
        blocked = any((answer.get("promptFeedback") or {}).get("blockReason") for answer in answers)
        return ("content_filter",) if blocked else (_NO_FINISH_REASON,) if failed else None
    return tuple(_finish_reason(candidate) for candidate in found)


def _finish_reason(candidate: dict[str, Any]) -> str:
    reason = candidate["finishReason"]
    if reason is None:
        return _NO_FINISH_REASON
    if reason in FILTERED:
        return "content_filter"
    if reason == "STOP" and any("functionCall" in part for part in candidate["parts"]):
        return "tool_call"
    return _WORDS.get(reason, reason.lower())


def answer_attributes(answers: list[dict[str, Any]], *, failed: bool) -> dict[str, Any]:
    """Return what a generate span must say about its answer, tokens included."""
    return {
        "gen_ai.response.finish_reasons": finish_reasons(answers, failed=failed),
        "gen_ai.response.id": _last(answers, "responseId"),
        "gen_ai.response.model": _last(answers, "modelVersion"),
        **usage_attributes(usage_metadata(answers)),
    }


def _last(answers: list[dict[str, Any]], name: str) -> Any:
    values = [answer[name] for answer in answers if answer.get(name)]
    return values[-1] if values else None


def request_attributes(sent: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters that a span must repeat from the body on the wire."""
    config = sent.get("generationConfig") or {}
    attributes = {name: config.get(field) for field, name in _GENERATION_PARAMETERS.items()}
    choices = config.get("candidateCount")
    attributes["gen_ai.request.choice.count"] = None if choices == 1 else choices
    stop = config.get("stopSequences")
    attributes["gen_ai.request.stop_sequences"] = tuple(stop) if stop else None
    thinking = config.get("thinkingConfig") or {}
    attributes["gen_ai.request.reasoning.level"] = thinking.get("thinkingLevel")
    return attributes


def parts_of(contents: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return what Gemini contents hold, in an order and form that can be compared."""
    return _merged(_fact(part) for content in contents for part in content.get("parts") or ())


def _fact(part: dict[str, Any]) -> tuple[Any, ...]:
    if part.get("text") is not None:
        return ("reasoning" if part.get("thought") else "text", part["text"])
    for name, fact in _FACTS.items():
        if part.get(name) is not None:
            return fact(part[name])
    return ("text", "")


_FACTS: dict[str, Callable[[dict[str, Any]], tuple[Any, ...]]] = {
    "functionCall": lambda call: (
        "tool_call",
        call.get("name") or "",
        call.get("id"),
        call.get("args") or {},
    ),
    "functionResponse": lambda answer: (
        "tool_call_response",
        answer.get("id"),
        answer.get("response") or {},
    ),
    "inlineData": lambda data: ("blob", data.get("mimeType"), _bytes(data.get("data") or "")),
    "fileData": lambda data: ("uri", data.get("mimeType"), data.get("fileUri")),
    "executableCode": lambda _: ("server_tool_call",),
    "toolCall": lambda _: ("server_tool_call",),
    "codeExecutionResult": lambda _: ("server_tool_call_response",),
    "toolResponse": lambda _: ("server_tool_call_response",),
}


def told_parts(parts: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return what telemetry's parts hold, in the same form."""
    return _merged(map(_told, parts))


def _told(part: dict[str, Any]) -> tuple[Any, ...]:
    kind = part["type"]
    if kind in {"text", "reasoning"}:
        return (kind, part["content"])
    if kind == "tool_call":
        return (kind, part["name"], part.get("id"), part.get("arguments") or {})
    if kind == "tool_call_response":
        return (kind, part.get("id"), part["response"] or {})
    if kind == "blob":
        return (kind, part.get("mime_type"), _bytes(part["content"]))
    if kind == "uri":
        return (kind, part.get("mime_type"), part["uri"])
    return (kind,)


def _merged(facts: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Join neighbouring texts, and leave out empty ones: chunks cut texts anywhere."""
    merged: list[tuple[Any, ...]] = []
    for fact in facts:
        if fact[0] not in {"text", "reasoning"}:
            merged.append(fact)
        elif fact[1] and merged and merged[-1][0] == fact[0]:
            merged[-1] = (fact[0], merged[-1][1] + fact[1])
        elif fact[1]:
            merged.append(fact)
    return merged


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.replace("-", "+").replace("_", "/") + "==")


def tool_names(sent: dict[str, Any]) -> list[str]:
    """Return the names of the functions that a request offers."""
    return [
        declaration["name"]
        for tool in sent.get("tools") or ()
        for declaration in tool.get("functionDeclarations") or ()
    ]


def parse(body: bytes) -> dict[str, Any]:
    """Return a request body in one spelling: the SDK sends some fields in Python's."""
    return _camel(json.loads(body))


_FREE_FORM = {"args", "response", "parametersJsonSchema", "responseJsonSchema", "properties"}


def _camel(value: Any) -> Any:
    if isinstance(value, list):
        return [_camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    spelled = {_camel_name(name): item for name, item in value.items()}
    return {name: item if name in _FREE_FORM else _camel(item) for name, item in spelled.items()}


def _camel_name(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.title() for word in tail)
