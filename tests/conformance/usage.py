"""The rules for token counts."""

from collections.abc import Iterator, Mapping
from typing import Any

from . import content, table
from .content import shown
from .subject import Rule, Subject

_PREFIX = "gen_ai.usage."
_TOTALS = "mlflow.chat.tokenUsage"

# Field of MLflow's JSON to the attribute that holds the same count.
_TWINS = {
    "input_tokens": f"{_PREFIX}input_tokens",
    "output_tokens": f"{_PREFIX}output_tokens",
    "cache_read_input_tokens": f"{_PREFIX}cache_read.input_tokens",
}


def counted(subject: Subject) -> Iterator[str]:
    """Counts that are not below zero."""
    for name, value in subject.attributes.items():
        if name.startswith(_PREFIX) and type(value) is int and value < 0:
            yield f"{name} must not be negative, is {value}"


def within(subject: Subject) -> Iterator[str]:
    """Parts of a count that are not larger than the whole, where both are there."""
    for parts, whole in table.SUBSETS:
        names = [f"{_PREFIX}{part}" for part in parts.split()]
        present = [name for name in names if _count(subject, name) is not None]
        limit = _count(subject, _PREFIX + whole)
        total = sum(_count(subject, name) or 0 for name in present)
        if present and limit is not None and total > limit:
            yield f"{' + '.join(present)} is {total}, larger than {_PREFIX}{whole} {limit}"


def unbilled(subject: Subject) -> Iterator[str]:
    """No token counts on operations that cost none."""
    if subject.operation in table.UNBILLED:
        for name in subject.attributes:
            if name.startswith(_PREFIX) or name == _TOTALS:
                yield f"{name} must not stand on {subject.operation}, which costs no tokens"


def totalled(subject: Subject) -> Iterator[str]:
    """MLflow's JSON beside every usage, with the same counts and their sum."""
    text = subject.attributes.get(_TOTALS)
    used = {name: subject.attributes.get(name) for name in _TWINS.values()}
    if text is None:
        if used[_TWINS["input_tokens"]] is not None or used[_TWINS["output_tokens"]] is not None:
            yield f"{_TOTALS} is missing beside gen_ai.usage.*"
        return
    try:
        totals = content.parse(text)
    except (TypeError, ValueError) as error:
        yield f"{_TOTALS} is no JSON string: {error}"
        return
    yield from _totals(totals, subject)


def _totals(totals: Any, subject: Subject) -> Iterator[str]:
    """Hold the parsed JSON against the attributes."""
    names = {*_TWINS, "total_tokens"}
    if not isinstance(totals, Mapping) or not _well_formed(totals, names):
        yield f"{_TOTALS} must hold counts under {content.joined(names)}, is {shown(totals)}"
        return
    if totals["total_tokens"] != totals["input_tokens"] + totals["output_tokens"]:
        yield f"{_TOTALS} total_tokens is not the sum of its sides: {shown(totals)}"
    for field, name in _TWINS.items():
        if totals.get(field, 0) != subject.attributes.get(name, 0):
            actual = shown(subject.attributes.get(name))
            yield f"{_TOTALS} {field} is {totals.get(field)}, {name} is {actual}"


def _well_formed(totals: Mapping[str, Any], names: set[str]) -> bool:
    needed = names - {"cache_read_input_tokens"}
    counts = all(type(value) is int and value >= 0 for value in totals.values())
    return counts and needed <= totals.keys() <= names


def _count(subject: Subject, name: str) -> int | None:
    value = subject.attributes.get(name)
    return value if type(value) is int else None


RULES: tuple[Rule, ...] = (counted, within, unbilled, totalled)
