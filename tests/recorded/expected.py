"""What a span must say about an exchange, worked out from the bare JSON alone.

Nothing here knows the SDK's types or the plugin: a fault in reading cannot hide in both.
"""

from collections.abc import Iterable
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


def _sum(*counts: Any) -> Any:
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


def embedding_attributes(answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the tokens of an embeddings span, reported in total or for each text."""
    usage = usage_metadata(answers)
    counts = [
        ((prediction.get("embeddings") or {}).get("statistics") or {}).get("token_count")
        for answer in answers
        for prediction in answer.get("predictions") or ()
    ]
    total = _sum(*counts)
    if total is not None:
        usage = {"promptTokenCount": int(total), **usage}
    return {
        "gen_ai.usage.input_tokens": input_tokens(usage),
        "gen_ai.usage.output_tokens": None,
        "mlflow.chat.tokenUsage": token_usage(usage),
    }


def dimension_attributes(sent: dict[str, Any]) -> dict[str, Any]:
    """Return how long a vector was asked for, which each request body says at another place."""
    return {"gen_ai.embeddings.dimension.count": _find(sent, "outputDimensionality")}


def _find(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        if name in value:
            return value[name]
        value = list(value.values())
    found = (_find(item, name) for item in value) if isinstance(value, list) else ()
    return next((item for item in found if item is not None), None)


def count_attributes(answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the result of a count; nothing was billed, so it is no usage."""
    return {
        "gcp.gen_ai.count_tokens.total_tokens": _last(answers, "totalTokens"),
        "gcp.gen_ai.count_tokens.cached_tokens": _last(answers, "cachedContentTokenCount"),
        "mlflow.chat.tokenUsage": None,
    }
