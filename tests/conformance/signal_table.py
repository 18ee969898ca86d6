"""The metrics and events of the conventions, as data."""

from dataclasses import dataclass

from .span_table import SPANS, levels


@dataclass(frozen=True)
class Metric:
    """What the conventions say about one metric."""

    instrument: str
    unit: str
    value_type: str
    buckets: tuple[float, ...]
    levels: dict[str, str]


@dataclass(frozen=True)
class Event:
    """What the conventions say about one event."""

    severity: int | None
    levels: dict[str, str]


_SECONDS = tuple(0.01 * 2**n for n in range(14))
_AGENT_SECONDS = tuple(0.1 * 2**n for n in range(13))
_WORKFLOW_SECONDS = (1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200)
_TOKENS = tuple(4**n for n in range(14))
_CALLS = tuple(2**n for n in range(8))

_CALL = levels("""
    required: gen_ai.operation.name gen_ai.provider.name
    conditionally_required: gen_ai.request.model server.port
    recommended: gen_ai.response.model server.address
""")
_ENDED = {**_CALL, "error.type": "conditionally_required"}
_BY_MODALITY = {**_CALL, "gen_ai.token.modality": "required"}


def _counter() -> Metric:
    return Metric("counter", "{token}", "int", (), _BY_MODALITY)


METRICS: dict[str, Metric] = {
    "gen_ai.client.inference.duration": Metric("histogram", "s", "double", _SECONDS, _ENDED),
    "gen_ai.client.inference.operation.input_tokens": Metric(
        "histogram", "{token}", "int", _TOKENS, _CALL
    ),
    "gen_ai.client.inference.operation.output_tokens": Metric(
        "histogram", "{token}", "int", _TOKENS, _CALL
    ),
    "gen_ai.client.inference.time_per_output_chunk": Metric(
        "histogram", "s", "double", _SECONDS, _CALL
    ),
    "gen_ai.client.inference.time_to_first_chunk": Metric(
        "histogram", "s", "double", _SECONDS, _CALL
    ),
    "gen_ai.client.inference.usage.cache_read.input_tokens": _counter(),
    "gen_ai.client.inference.usage.cache_write.input_tokens": _counter(),
    "gen_ai.client.inference.usage.input_tokens": _counter(),
    "gen_ai.client.inference.usage.output_tokens": _counter(),
    "gen_ai.client.inference.usage.reasoning.output_tokens": _counter(),
    "gen_ai.client.operation.duration": Metric(
        "histogram",
        "s",
        "double",
        _SECONDS,
        {**_ENDED, "gen_ai.provider.name": "conditionally_required"},
    ),
    "gen_ai.execute_tool.duration": Metric(
        "histogram",
        "s",
        "double",
        _SECONDS,
        levels("""
            required: gen_ai.tool.name
            conditionally_required: error.type gen_ai.agent.name
            recommended: gen_ai.tool.type
        """),
    ),
    "gen_ai.invoke_agent.duration": Metric(
        "histogram",
        "s",
        "double",
        _AGENT_SECONDS,
        levels("""
            conditionally_required: error.type gen_ai.agent.name
            recommended: gen_ai.request.model
        """),
    ),
    "gen_ai.invoke_agent.inference_calls": Metric(
        "histogram", "{inference_call}", "int", _CALLS, levels("recommended: gen_ai.agent.name")
    ),
    "gen_ai.invoke_agent.tool_calls": Metric(
        "histogram", "{tool_call}", "int", _CALLS, levels("recommended: gen_ai.agent.name")
    ),
    "gen_ai.invoke_workflow.duration": Metric(
        "histogram",
        "s",
        "double",
        _WORKFLOW_SECONDS,
        levels("conditionally_required: error.type gen_ai.workflow.name"),
    ),
}

# Gone from the conventions; emitted on request for dashboards that still read them.
RETIRED_METRICS: dict[str, Metric] = {
    "gen_ai.client.token.usage": Metric(
        "histogram", "{token}", "int", _TOKENS, {**_CALL, "gen_ai.token.type": "required"}
    ),
}
RETIRED_ATTRIBUTES: dict[str, str] = {"gen_ai.token.type": "enum"}
RETIRED_ENUMS: dict[str, frozenset[str]] = {"gen_ai.token.type": frozenset({"input", "output"})}

# Operations whose duration has a metric of its own.
OWN_DURATION: dict[str, str] = {
    "execute_tool": "gen_ai.execute_tool.duration",
    "invoke_workflow": "gen_ai.invoke_workflow.duration",
}

DETAILS_EVENT = "gen_ai.client.inference.operation.details"
EXCEPTION_EVENT = "gen_ai.client.operation.exception"

EVENTS: dict[str, Event] = {
    DETAILS_EVENT: Event(5, SPANS["gen_ai.client.inference"].levels),
    EXCEPTION_EVENT: Event(
        13,
        levels("""
            conditionally_required: exception.message exception.type
            recommended: exception.stacktrace
        """),
    ),
    "gen_ai.evaluation.result": Event(
        None,
        levels("""
            required: gen_ai.evaluation.name
            conditionally_required: error.type gen_ai.evaluation.score.label
            conditionally_required: gen_ai.evaluation.score.value
            recommended: gen_ai.evaluation.explanation gen_ai.response.id
        """),
    ),
}
