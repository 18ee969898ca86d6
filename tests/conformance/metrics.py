"""The rules for metrics."""

from collections.abc import Iterator
from typing import Any

from opentelemetry.sdk.metrics.export import Histogram, MetricsData, Sum

from . import table
from .content import shown
from .subject import COMMON, Options, Rule, Subject, apply, foreign
from .subject import scope as scope_problems

_NUMBERS: dict[str, type[int] | type[float]] = {"int": int, "double": float}


def known(options: Options) -> dict[str, table.Metric]:
    """Gather the metrics that may be there."""
    return {**table.METRICS, **(table.RETIRED_METRICS if options.retired else {})}


def instrument(metric: Any) -> str:
    """Name the instrument that made a metric."""
    if isinstance(metric.data, Histogram):
        return "histogram"
    if isinstance(metric.data, Sum):
        return "counter" if metric.data.is_monotonic else "up_down_counter"
    return type(metric.data).__name__


def check_metric(metric: Any, options: Options) -> Iterator[str]:
    """Hold one metric and its points against the conventions."""
    entry = known(options).get(metric.name)
    where = f"metric {metric.name!r}"
    if entry is None:
        yield f"{where} [name] is no metric of the conventions"
        return
    if instrument(metric) != entry.instrument:
        yield f"{where} [instrument] must be {entry.instrument}, is {instrument(metric)}"
        return
    if metric.unit != entry.unit:
        yield f"{where} [unit] must be {entry.unit!r}, is {metric.unit!r}"
    for point in metric.data.data_points:
        attributes = point.attributes or {}
        place = f"{where} {dict(attributes)}"
        yield from apply(
            RULES, Subject(place, metric.name, entry.levels, attributes, point, options)
        )


def bounded(subject: Subject) -> Iterator[str]:
    """Exactly the bucket boundaries of the conventions."""
    wanted = known(subject.options)[subject.kind].buckets
    actual = tuple(getattr(subject.item, "explicit_bounds", ()))
    if actual != wanted:
        yield f"bucket boundaries must be {wanted}, are {actual}"


def measured(subject: Subject) -> Iterator[str]:
    """Values of the metric's own type, never below zero."""
    wanted = _NUMBERS[known(subject.options)[subject.kind].value_type]
    names = [name for name in ("value", "sum", "min", "max") if hasattr(subject.item, name)]
    for name in names:
        value = getattr(subject.item, name)
        if type(value) is not wanted or not value >= 0:
            yield f"{name} must be {wanted.__name__} and not negative, is {shown(value)}"


def listed_only(subject: Subject) -> Iterator[str]:
    """No attribute that the metric does not list: each one multiplies its time series."""
    for name in subject.attributes:
        if name not in subject.levels:
            yield f"{name} is not listed for {subject.kind}"


def duration(subject: Subject) -> Iterator[str]:
    """The inference metrics for inferences, the operation's for everything else."""
    inference = subject.operation in table.INFERENCE_OPERATIONS
    enumerated = subject.operation in table.ENUMS["gen_ai.operation.name"]
    if subject.kind == "gen_ai.client.operation.duration":
        if inference and not subject.options.retired:
            yield f"{subject.operation} must report gen_ai.client.inference.duration"
        elif subject.operation in table.OWN_DURATION:
            yield f"{subject.operation} must report {table.OWN_DURATION[subject.operation]}"
    elif subject.kind.startswith("gen_ai.client.inference.") and enumerated and not inference:
        yield f"{subject.operation} is no inference"


# Somebody else's namespaces have no place on a metric, so `listed_only` stands in for two rules.
_SHARED = tuple(rule for rule in COMMON if rule.__name__ not in {"registered", "listed"})
RULES: tuple[Rule, ...] = (*_SHARED, bounded, measured, listed_only, duration)


def check_metrics(data: MetricsData | None, options: Options | None = None) -> list[str]:
    """Hold everything that a metric reader collected against the conventions."""
    options = options or Options()
    found: list[str] = []
    for resource in data.resource_metrics if data else ():
        for scoped in resource.scope_metrics:
            names = [metric.name for metric in scoped.metrics]
            if foreign(scoped.scope, names):
                continue
            found += [f"metrics {names} [scope] {text}" for text in scope_problems(scoped.scope)]
            for metric in scoped.metrics:
                found += check_metric(metric, options)
    return found
