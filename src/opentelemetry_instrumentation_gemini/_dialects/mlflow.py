"""The attributes that MLflow reads beside the conventions'.

Source: MLflow's OTLP ingest. A string goes as it is; JSON text stands for objects only, since
MLflow stores the type's text as it arrives and searches by it.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    Cost,
    Endpoint,
    Outcome,
    Usage,
    Value,
)

TOKEN_USAGE = "mlflow.chat.tokenUsage"
SPAN_TYPE = "mlflow.spanType"
MODEL = "mlflow.llm.model"
PROVIDER = "mlflow.llm.provider"
COST = "mlflow.llm.cost"
LOG_LEVEL = "mlflow.spanLogLevel"
TRACE_NAME = "mlflow.traceTag.mlflow.traceName"

LONGEST_NAME = 1_000
"""Characters of a trace's name that are sent; MLflow refuses one of more than 4,096."""

_SPAN_TYPES = {
    "generate_content": "LLM",
    "generate_images": "LLM",
    "edit_image": "LLM",
    "recontext_image": "LLM",
    "segment_image": "LLM",
    "upscale_image": "LLM",
    "embeddings": "EMBEDDING",
    "execute_tool": "TOOL",
    "invoke_agent": "AGENT",
}
_PROVIDERS = {"gcp.gemini": "gemini", "gcp.vertex_ai": "vertex_ai"}


def describe(outcome: Outcome, into: dict[str, Value]) -> None:
    """Add what makes MLflow's tables, totals and prices right; always on, since it is cheap."""
    into.update(_identify(*outcome.request[:3]))
    usage = outcome.answer.usage
    if usage is not None:
        into[TOKEN_USAGE] = token_usage(usage)


def leave_out_cut(attributes: dict[str, Any], most: int) -> None:
    """Leave out JSON of more than *most* characters; for what is cut MLflow refuses a request."""
    for name in (TOKEN_USAGE, COST):
        if len(attributes.get(name, "")) > most:
            del attributes[name]


@lru_cache(maxsize=1024)
def _identify(operation: str, endpoint: Endpoint | None, model: str | None) -> Mapping[str, Value]:
    attributes: dict[str, Value] = {}
    span_type = _SPAN_TYPES.get(operation)
    if span_type is not None:
        attributes[SPAN_TYPE] = span_type
    # A loop's model is its rounds': MLflow would count and price it twice.
    if model and endpoint is not None:
        attributes[MODEL] = model.rpartition("/")[2]
        provider = _PROVIDERS.get(endpoint.provider)
        if provider is not None:
            attributes[PROVIDER] = provider
    return attributes


def describe_root(span: Any, into: dict[str, Value]) -> None:
    """Name the trace if *span* is its root: MLflow names no trace that it has not made itself."""
    if getattr(span, "parent", span) is None:
        into[TRACE_NAME] = span.name[:LONGEST_NAME]


def cost_text(cost: Cost) -> str:
    """Return the JSON text of MLflow's cost, in US dollars; MLflow then computes none itself."""
    return (
        f'{{"input_cost": {cost.input!r}, "output_cost": {cost.output!r}, '
        f'"total_cost": {cost.total!r}}}'
    )


def log_level(*, failed: bool) -> int:
    """Return the level at which MLflow lists a span: 20 for what went well, 40 for an error."""
    return 40 if failed else 20


def token_usage(usage: Usage) -> str:
    """Return the JSON text of MLflow's token usage; a side that was not reported counts 0."""
    tokens_in = usage.input_tokens or 0
    tokens_out = usage.output_tokens or 0
    text = (
        f'{{"input_tokens": {tokens_in}, "output_tokens": {tokens_out}, '
        f'"total_tokens": {tokens_in + tokens_out}'
    )
    if usage.cached_tokens:
        text += f', "cache_read_input_tokens": {usage.cached_tokens}'
    return text + "}"
