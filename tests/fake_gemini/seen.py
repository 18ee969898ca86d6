"""What an SDK response and a wire document say, in a scenario's words."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fake_gemini.script import Tokens

DETAILS = {
    "promptTokensDetails": "input",
    "toolUsePromptTokensDetails": "input",
    "candidatesTokensDetails": "output",
    "cacheTokensDetails": "cached",
}


def tokens_on_the_wire(hops: list[list[dict[str, Any]]]) -> Tokens:
    """Returns the tokens of a round: per hop the last value of a field, then the sum."""
    total: Counter[str] = Counter()
    by_modality: Counter[str] = Counter()
    for documents in hops:
        last: dict[str, Any] = {}
        for document in documents:
            usage = document.get("usageMetadata") or {}
            last.update({name: value for name, value in usage.items() if value is not None})
            for prediction in document.get("predictions", []):
                counted = int(prediction["embeddings"]["statistics"]["token_count"])
                last["promptTokenCount"] = last.get("promptTokenCount", 0) + counted
        total.update({name: count for name, count in last.items() if isinstance(count, int)})
        for name, side in DETAILS.items():
            for detail in last.get(name, []):
                by_modality[f"{side}.{detail['modality']}"] += detail["tokenCount"]
    return Tokens(
        input=_sum(total, "promptTokenCount", "toolUsePromptTokenCount"),
        output=_sum(total, "candidatesTokenCount", "thoughtsTokenCount"),
        reasoning=total.get("thoughtsTokenCount"),
        cached=total.get("cachedContentTokenCount"),
        by_modality=dict(by_modality),
    )


def _sum(total: Counter[str], *names: str) -> int | None:
    found = [total[name] for name in names if name in total]
    return sum(found) if found else None


def first_candidates(responses: list[Any]) -> list[Any]:
    """Returns each response's candidate with index 0."""
    return [
        candidate
        for response in responses
        for candidate in response.candidates or []
        if not candidate.index
    ]


def parts(responses: list[Any]) -> list[Any]:
    """Returns the parts of the first candidate, over all chunks."""
    return [
        part
        for candidate in first_candidates(responses)
        for part in (candidate.content.parts if candidate.content else None) or []
    ]


def text(responses: list[Any], *, thought: bool = False) -> str:
    """Returns the first candidate's text, or its thoughts."""
    return "".join(p.text for p in parts(responses) if p.text and bool(p.thought) is thought)


def calls(responses: list[Any]) -> tuple[str, ...]:
    """Returns the names of the functions called."""
    found = [part.function_call for part in parts(responses) if part.function_call]
    return tuple(call.name for call in found if call.name)


def finish_reasons(responses: list[Any]) -> tuple[str, ...]:
    """Returns the last finish reason of each candidate."""
    last: dict[int, str] = {}
    for response in responses:
        for candidate in response.candidates or []:
            if candidate.finish_reason is not None:
                last[candidate.index or 0] = candidate.finish_reason.value
    return tuple(last[index] for index in sorted(last))


def block_reason(responses: list[Any]) -> str | None:
    """Returns why the prompt was blocked."""
    for response in responses:
        feedback = response.prompt_feedback
        if feedback and feedback.block_reason:
            return str(feedback.block_reason.value)
    return None
