"""Traces as a real MLflow server tells of them, with all that it knows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from backends.mlflow_server import readback

TOKENS = "mlflow.trace.tokenUsage"
COST = "mlflow.trace.cost"
SESSION = "mlflow.trace.session"
USER = "mlflow.trace.user"


@dataclass(frozen=True)
class Span:
    """A span and its attributes, those that are JSON as what they spell."""

    name: str
    status: str
    message: str
    events: list[dict]
    attributes: dict


@dataclass(frozen=True)
class Trace:
    """A trace, its spans in the order of their starts, so the root first."""

    name: str | None
    state: str
    asked: str
    answered: str
    metadata: dict
    spans: list[Span] = field(repr=False)

    @property
    def root(self):
        """The span that all others are below."""
        return self.spans[0]

    @property
    def tokens(self):
        """MLflow's sum of input and output tokens, or none."""
        usage = json.loads(self.metadata.get(TOKENS, "{}"))
        return (usage["input_tokens"], usage["output_tokens"]) if usage else None

    @property
    def cost(self):
        """MLflow's sum of costs, or none."""
        return json.loads(self.metadata.get(COST, "{}")).get("total_cost")

    def all(self, attribute):
        """The attribute's values, of the spans that have it."""
        found = (span.attributes.get(attribute) for span in self.spans)
        return [value for value in found if value is not None]


def experiment_id(server, name):
    """The id of an experiment."""
    url = f"{server.url}/api/2.0/mlflow/experiments/get-by-name?experiment_name={name}"
    return readback.call(url)["experiment"]["experiment_id"]


def read_trace(server, trace_id):
    """One trace."""
    url = f"{server.url}/api/3.0/mlflow/traces/get?trace_id={trace_id}&allow_partial=true"
    found = readback.call(url)["trace"]
    info = found["trace_info"]
    spans = sorted(found["spans"], key=lambda span: int(span["start_time_unix_nano"]))
    return Trace(
        name=info.get("tags", {}).get("mlflow.traceName"),
        state=info["state"],
        asked=info.get("request_preview", ""),
        answered=info.get("response_preview", ""),
        metadata=info.get("trace_metadata", {}),
        spans=[_span(span) for span in spans],
    )


def _span(span):
    status = span.get("status", {})
    return Span(
        name=span["name"],
        status=status.get("code", "").removeprefix("STATUS_CODE_"),
        message=status.get("message", ""),
        events=[_pairs(event) for event in span.get("events", [])],
        attributes=_pairs(span),
    )


def _pairs(holder, name="attributes"):
    return {pair["key"]: _value(pair.get("value")) for pair in holder.get(name, [])}


def _value(value):
    if not value:
        return None
    if "kvlist_value" in value:
        return _pairs(value["kvlist_value"], "values")
    if "array_value" in value:
        return [_value(one) for one in value["array_value"].get("values", [])]
    return next(iter(value.values()))
