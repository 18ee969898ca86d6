"""What metrics and events must say about a series of replayed calls."""

from collections.abc import Iterable, Iterator
from typing import Any

from conformance import check_log_record, check_metrics
from recorded import expected, interactions
from recorded.checks import Traced

_TOKENS = {
    "gen_ai.client.inference.usage.input_tokens": "gen_ai.usage.input_tokens",
    "gen_ai.client.inference.usage.output_tokens": "gen_ai.usage.output_tokens",
    "gen_ai.client.inference.usage.cache_read.input_tokens": "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.client.inference.usage.reasoning.output_tokens": "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.client.inference.operation.input_tokens": "gen_ai.usage.input_tokens",
    "gen_ai.client.inference.operation.output_tokens": "gen_ai.usage.output_tokens",
}
"""Metric whose values add up to tokens → the attribute that says the same of one call."""


def measured(calls: Iterable[Traced], data: Any) -> Iterator[str]:
    """Yield what the metrics of *calls* say wrongly."""
    yield from check_metrics(data)
    calls = list(calls)
    inferences = [call for call in calls if call.driver.operation == "generate_content"]
    usages = [expected.usage_attributes(_usage(call)) for call in inferences]
    points = _points(data)
    for metric, attribute in _TOKENS.items():
        total = sum(_value(point) for point in points.get(metric, ()))
        yield from _differ(metric, total, sum(usage[attribute] or 0 for usage in usages))
    chunks = [len(call.read) for call in inferences if call.driver.stream]
    for metric, count in {
        "gen_ai.client.inference.duration": len(inferences),
        "gen_ai.client.operation.duration": len(calls) - len(inferences),
        "gen_ai.client.inference.time_to_first_chunk": sum(map(bool, chunks)),
        "gen_ai.client.inference.time_per_output_chunk": sum(max(n - 1, 0) for n in chunks),
    }.items():
        found = sum(point.count for point in points.get(metric, ()))
        yield from _differ(f"number of {metric}", found, count)


def _usage(call: Traced) -> dict[str, Any]:
    if call.driver.api == "interactions":
        return interactions.usage(call.read)
    return expected.usage_metadata(call.read)


def reported(calls: Iterable[Traced], records: Iterable[Any]) -> Iterator[str]:
    """Yield what the events of *calls* say wrongly: each failure is one, and nothing else is."""
    failures = []
    for record in records:
        yield from check_log_record(record)
        name = record.log_record.event_name
        failures.append((name, (record.log_record.attributes or {}).get("exception.message")))
    wanted = [
        ("gen_ai.client.operation.exception", str(call.outcome.given.exception))
        for call in calls
        if call.failed
    ]
    yield from _differ("events", failures, wanted)


def _points(data: Any) -> dict[str, list[Any]]:
    points: dict[str, list[Any]] = {}
    for resource in data.resource_metrics if data is not None else ():
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                points.setdefault(metric.name, []).extend(metric.data.data_points)
    return points


def _value(point: Any) -> Any:
    return point.sum if hasattr(point, "sum") else point.value


def _differ(what: str, found: Any, wanted: Any) -> Iterator[str]:
    if found != wanted:
        yield f"{what}: {found} instead of {wanted}"
