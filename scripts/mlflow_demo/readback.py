"""Reading traces back from MLflow by its REST API."""

import json
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from mlflow_demo.servers import DIRECT

Json = Any

USAGE = "mlflow.chat.tokenUsage"
COST = "mlflow.llm.cost"
TRACE_USAGE = "mlflow.trace.tokenUsage"
TRACE_COST = "mlflow.trace.cost"


@dataclass(frozen=True)
class Tokens:
    """Tokens as MLflow counts them."""

    input: int = 0
    output: int = 0
    total: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        """Add field by field."""
        return Tokens(
            self.input + other.input, self.output + other.output, self.total + other.total
        )


@dataclass(frozen=True)
class Span:
    """One span as MLflow holds it."""

    id: str
    parent: str | None
    name: str
    start: int
    end: int
    status: str
    message: str = ""
    tokens: Tokens | None = None
    cost: float | None = None


@dataclass(frozen=True)
class Trace:
    """One trace as MLflow holds it, with the sums that MLflow made."""

    id: str
    state: str
    tokens: Tokens | None
    cost: float | None
    spans: list[Span] = field(default_factory=list)


def call(url: str, body: Json = None) -> Json:
    """GET the JSON at *url*, or POST *body* to it."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 - a loopback address
    with DIRECT.open(request, timeout=60) as response:
        return json.load(response)


def create_experiment(mlflow: str, name: str) -> str:
    """Create an experiment and return its id."""
    answer = call(f"{mlflow}/api/2.0/mlflow/experiments/create", {"name": name})
    return str(answer["experiment_id"])


def read_traces(mlflow: str, experiment: str) -> list[Trace]:
    """Return the experiment's traces with their spans, oldest first."""
    place = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}
    search = {"locations": [place], "max_results": 500, "order_by": ["timestamp_ms ASC"]}
    found = call(f"{mlflow}/api/3.0/mlflow/traces/search", search).get("traces", [])
    traces = [_read_trace(mlflow, info["trace_id"]) for info in found]
    return sorted(traces, key=lambda trace: min((span.start for span in trace.spans), default=0))


def settled_traces(mlflow: str, experiment: str, expected: Tokens | None) -> list[Trace]:
    """Read until nothing is on its way any more, or for as long as that may take."""
    deadline = time.monotonic() + 20
    while True:
        traces = read_traces(mlflow, experiment)
        if is_settled(traces, expected) or time.monotonic() > deadline:
            return traces
        time.sleep(0.5)


def is_settled(traces: list[Trace], expected: Tokens | None) -> bool:
    """Tell whether every trace is complete and, where a sum is known, the sum is reached."""
    complete = bool(traces) and all(trace.state != "IN_PROGRESS" for trace in traces)
    return complete and expected in {None, tokens_of(traces)}


def tokens_of(traces: list[Trace]) -> Tokens:
    """Return the sum of MLflow's totals."""
    return sum((trace.tokens for trace in traces if trace.tokens), Tokens())


def _read_trace(mlflow: str, trace_id: str) -> Trace:
    url = f"{mlflow}/api/3.0/mlflow/traces/get?trace_id={trace_id}&allow_partial=true"
    return parse_trace(call(url)["trace"])


def parse_trace(trace: Json) -> Trace:
    """Read MLflow's JSON of a trace."""
    info = trace["trace_info"]
    sums = {
        key: json.loads(text)
        for key, text in info.get("trace_metadata", {}).items()
        if key in {TRACE_USAGE, TRACE_COST}
    }
    return Trace(
        id=info["trace_id"],
        state=info.get("state", "STATE_UNSPECIFIED"),
        tokens=_tokens(sums.get(TRACE_USAGE)),
        cost=_cost(sums.get(TRACE_COST)),
        spans=[_span(span) for span in trace.get("spans", [])],
    )


def _span(span: Json) -> Span:
    attributes = {pair["key"]: _value(pair["value"]) for pair in span.get("attributes", [])}
    status = span.get("status", {})
    return Span(
        id=span["span_id"],
        parent=span.get("parent_span_id") or None,
        name=span["name"],
        start=int(span["start_time_unix_nano"]),
        end=int(span["end_time_unix_nano"]),
        status=status.get("code", "STATUS_CODE_UNSET").removeprefix("STATUS_CODE_"),
        message=status.get("message", ""),
        tokens=_tokens(attributes.get(USAGE)),
        cost=_cost(attributes.get(COST)),
    )


def _value(value: Json) -> Json:
    """Unpack OTLP's typed value; MLflow stores JSON text as the structure it spells."""
    if "kvlist_value" in value:
        pairs = value["kvlist_value"].get("values", [])
        return {pair["key"]: _value(pair["value"]) for pair in pairs}
    return next(iter(value.values()), None)


def _tokens(usage: Json) -> Tokens | None:
    if not usage:
        return None
    return Tokens(*(int(usage.get(f"{side}_tokens", 0)) for side in ("input", "output", "total")))


def _cost(cost: Json) -> float | None:
    return float(cost["total_cost"]) if cost else None
