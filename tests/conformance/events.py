"""The rules for events, which are log records with a name."""

from collections.abc import Iterable, Iterator
from typing import Any

from . import content, table, usage
from .content import shown
from .spans import agreeing, choices, finished, streamed
from .subject import COMMON, Options, Rule, Subject, apply, foreign
from .subject import scope as scope_problems


def scope(subject: Subject) -> Iterator[str]:
    """The package's scope name and schema URL."""
    return scope_problems(subject.item.instrumentation_scope)


def severity(subject: Subject) -> Iterator[str]:
    """The event's own severity."""
    wanted = table.EVENTS[subject.kind].severity
    number = subject.item.log_record.severity_number
    actual = None if number is None else number.value
    if wanted is not None and actual != wanted:
        yield f"severity number must be {wanted}, is {actual}"


def body(subject: Subject) -> Iterator[str]:
    """No body: everything stands in attributes."""
    if subject.item.log_record.body is not None:
        yield f"body must be absent, is {shown(subject.item.log_record.body)}"


def contents(subject: Subject) -> Iterator[str]:
    """Content as a structure, not as a JSON string."""
    for name, value in subject.attributes.items():
        if name in content.CONTENT:
            for problem in content.problems(name, value):
                yield f"{name}: {problem}"


def inference(subject: Subject) -> Iterator[str]:
    """The details of inferences only."""
    enumerated = subject.operation in table.ENUMS["gen_ai.operation.name"]
    details = subject.kind == table.DETAILS_EVENT
    if details and enumerated and subject.operation not in table.INFERENCE_OPERATIONS:
        yield f"{subject.operation} is no inference"


def exception(subject: Subject) -> Iterator[str]:
    """A type or a message of the exception."""
    either = ("exception.type", "exception.message")
    if subject.kind == table.EXCEPTION_EVENT and not any(map(subject.attributes.get, either)):
        yield "exception.type or exception.message is required"


RULES: tuple[Rule, ...] = (
    *COMMON,
    scope,
    severity,
    body,
    contents,
    inference,
    exception,
    streamed,
    choices,
    finished,
    agreeing,
    usage.counted,
    usage.within,
)


def _levels(name: str) -> dict[str, str]:
    """Add what an event may copy from its span."""
    own = table.EVENTS[name].levels
    if name != table.EXCEPTION_EVENT:
        return own
    return {**dict.fromkeys(table.ATTRIBUTES, "opt_in"), **own}


def check_log_record(readable: Any, options: Options | None = None) -> list[str]:
    """Hold one exported log record against the conventions."""
    record = readable.log_record
    name, attributes = record.event_name or "", record.attributes or {}
    where = f"event {name!r} of {attributes.get('gen_ai.operation.name')}"
    if foreign(readable.instrumentation_scope, (name, *attributes)):
        return []
    if name not in table.EVENTS:
        return [f"{where} [name] is no event of the conventions"]
    subject = Subject(where, name, _levels(name), attributes, readable, options or Options())
    return apply(RULES, subject)


def check_log_records(records: Iterable[Any], options: Options | None = None) -> list[str]:
    """Hold exported log records against the conventions."""
    return [text for record in records for text in check_log_record(record, options)]
