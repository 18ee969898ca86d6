"""Recorded interactions, of both generations of their schema: outputs, and later steps."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from recorded import expected, rebuild
from recorded.traffic import Exchange

_ENDS = {"interaction.completed", "interaction.complete"}
_REASONS = {"completed": ("stop",), "in_progress": None}
_GENERATION = {
    "temperature": "gen_ai.request.temperature",
    "max_output_tokens": "gen_ai.request.max_tokens",
    "thinking_level": "gen_ai.request.reasoning.level",
}


@dataclass(frozen=True)
class Body:
    """The arguments of one call: the body of its request."""

    fields: dict[str, Any]
    whole: bool = True

    @property
    def model(self) -> str:
        """Return who is asked."""
        return self.fields.get("model") or self.fields.get("agent") or ""

    def in_form(self, form: Callable[[Any], Any]) -> dict[str, Any]:
        """Return fresh keywords, or where types are wanted one request object."""
        body = copy.deepcopy(self.fields)
        return {"request": {"body": body}} if form is rebuild.typed else body


@dataclass(frozen=True)
class Named:
    """The arguments of one call about an interaction."""

    name: str
    model: str = ""
    whole: bool = True

    def in_form(self, _form: Callable[[Any], Any]) -> dict[str, Any]:
        """Return the keywords."""
        return {"id": self.name}


def is_created(operation: str, stream: bool, exchange: Exchange) -> bool:
    """Tell whether an exchange creates an interaction of this kind."""
    body = exchange.request
    if exchange.route.model != "interactions" or not isinstance(body, dict):
        return False
    wanted = "invoke_agent" if "agent" in body else "generate_content"
    return wanted == operation and bool(body.get("stream")) is stream


def is_deleted(exchange: Exchange) -> bool:
    """Tell whether an exchange deletes an interaction."""
    return exchange.verb == "DELETE" and exchange.route.model.startswith("interactions/")


def create_arguments(exchange: Exchange) -> Iterator[Body]:
    """Yield the arguments of `interactions.create`."""
    yield Body(exchange.request)


def delete_arguments(exchange: Exchange) -> Iterator[Named]:
    """Yield the arguments of `interactions.delete`."""
    yield Named(exchange.route.model.partition("/")[2])


def final(answers: list[Any]) -> dict[str, Any]:
    """Return the interaction as it was last seen whole."""
    whole = [answer for answer in answers if "event_type" not in answer]
    ends = [answer["interaction"] for answer in answers if answer.get("event_type") in _ENDS]
    return (whole or ends or [{}])[-1]


def usage(answers: list[Any]) -> dict[str, Any]:
    """Return what is billed, in the words of the other API."""
    counted = final(answers).get("usage") or {}
    by_modality = [
        {"modality": one["modality"], "tokenCount": one["tokens"]}
        for one in counted.get("input_tokens_by_modality", [])
    ]
    renamed = {
        "promptTokenCount": counted.get("total_input_tokens"),
        "candidatesTokenCount": counted.get("total_output_tokens"),
        "thoughtsTokenCount": counted.get("total_thought_tokens"),
        "cachedContentTokenCount": counted.get("total_cached_tokens"),
        "toolUsePromptTokenCount": counted.get("total_tool_use_tokens"),
        "promptTokensDetails": by_modality,
    }
    return {name: count for name, count in renamed.items() if count is not None}


def attributes(operation: str, answers: list[Any], sent: dict[str, Any]) -> dict[str, Any]:
    """Return what the span of a created interaction must say."""
    ended = final(answers)
    generation = sent.get("generation_config") or {}
    inference = operation == "generate_content"
    return {
        "gen_ai.response.finish_reasons": _REASONS[ended["status"]],
        "gen_ai.response.id": ended["id"] if inference else None,
        "gen_ai.response.model": ended.get("model") if inference else None,
        "gen_ai.response.status": ended["status"] if inference else None,
        "gcp.gen_ai.interaction.id": None if inference else ended["id"],
        "gcp.gen_ai.interaction.status": None if inference else ended["status"],
        "gcp.gen_ai.response.service_tier": ended.get("service_tier"),
        "gcp.gen_ai.request.background": sent.get("background"),
        **{name: generation.get(field) for field, name in _GENERATION.items()},
        **expected.usage_attributes(usage(answers)),
    }


def texts(answers: list[Any]) -> dict[str, str]:
    """Return the model's words, and its thoughts."""
    said = {"text": "", "reasoning": ""}
    for content in _contents(answers):
        if content.get("type") == "text":
            said["text"] += content.get("text") or ""
        elif content.get("type") in {"thought_summary", "thought"}:
            inner = content.get("content") or {}
            said["reasoning"] += inner.get("text") or ""
    return said


def _contents(answers: list[Any]) -> Iterator[dict[str, Any]]:
    for answer in answers:
        if answer.get("delta"):
            yield answer["delta"]
        yield from answer.get("outputs") or ()
        for step in answer.get("steps") or ():
            yield from step.get("content") or (step,)
