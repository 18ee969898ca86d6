"""The rules for spans."""

from collections.abc import Iterator, Mapping
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor

from . import content, table, usage
from .content import shown
from .subject import COMMON, Options, Rule, Subject, apply, foreign, operation_of, registered
from .subject import scope as scope_problems


class StartRecorder(SpanProcessor):
    """Keeps what each span carried when it started, which is all that a sampler sees."""

    def __init__(self) -> None:
        self.attributes: dict[int, dict[str, Any]] = {}

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        """Copy the attributes of a span that has just started."""
        self.attributes[span.get_span_context().span_id] = dict(span.attributes or {})


def classify(operation: Any, kind: str) -> tuple[str, table.Span]:
    """Find the entry of the table for an operation and a span kind."""
    types = table.OPERATIONS.get(operation, ())
    if not types:
        kinds = table.CUSTOM_KINDS.get(operation, table.CUSTOM.kinds)
        return "a custom operation", table.Span(
            kinds, table.CUSTOM.keyed_by, table.CUSTOM.levels, table.CUSTOM.sampled
        )
    fitting = [name for name in types if kind in table.SPANS[name].kinds]
    name = (fitting or types)[0]
    return name, table.SPANS[name]


def subject_of(span: ReadableSpan, options: Options) -> Subject:
    """Make the subject of a span."""
    attributes = span.attributes or {}
    type_name, entry = classify(operation_of(attributes), span.kind.name.lower())
    return Subject(f"span {span.name!r}", type_name, entry.levels, attributes, span, options)


def kind(subject: Subject) -> Iterator[str]:
    """The kind of the span's type."""
    actual = subject.item.kind.name.lower()
    wanted = classify(subject.operation, actual)[1].kinds
    if actual not in wanted:
        yield f"kind must be {content.joined(wanted)} for {subject.operation}, is {actual}"


def named(subject: Subject) -> Iterator[str]:
    """The operation and the attribute that keys it; alone only where that attribute is absent."""
    if subject.operation is None:
        return  # `required` reports it
    entry = classify(subject.operation, subject.item.kind.name.lower())[1]
    key = subject.attributes.get(entry.keyed_by) if entry.keyed_by else None
    wanted = f"{subject.operation} {key}" if key else subject.operation
    if subject.item.name != wanted:
        yield f"name must be {wanted!r} ({entry.keyed_by or 'nothing'} follows the operation)"


def status(subject: Subject) -> Iterator[str]:
    """UNSET on success, and an error type exactly where the status is ERROR."""
    code = subject.item.status.status_code.name
    if code == "OK" and not subject.options.allow_ok:
        yield "status must be UNSET on success, is OK"
    if code == "ERROR" and not subject.attributes.get("error.type"):
        yield "error.type is required because the status is ERROR"
    if code != "ERROR" and "error.type" in subject.attributes:
        yield f"error.type is set but the status is {code}"


def scope(subject: Subject) -> Iterator[str]:
    """The package's scope name and schema URL."""
    return scope_problems(subject.item.instrumentation_scope)


def streamed(subject: Subject) -> Iterator[str]:
    """A time to the first chunk only on a stream, and never below zero."""
    name = "gen_ai.response.time_to_first_chunk"
    seconds = subject.attributes.get(name)
    if seconds is None:
        return
    if subject.attributes.get("gen_ai.request.stream") is not True:
        yield f"{name} is set but gen_ai.request.stream is not"
    if isinstance(seconds, float) and not seconds >= 0:
        yield f"{name} must be a number of seconds, is {shown(seconds)}"


def choices(subject: Subject) -> Iterator[str]:
    """A number of candidates only where it is not one."""
    if subject.attributes.get("gen_ai.request.choice.count") == 1:
        yield "gen_ai.request.choice.count must be absent when it is 1"


def finished(subject: Subject) -> Iterator[str]:
    """Finish reasons that say something."""
    name = "gen_ai.response.finish_reasons"
    reasons = subject.attributes.get(name)
    if isinstance(reasons, list | tuple) and (not reasons or "" in reasons):
        yield f"{name} must hold non-empty strings, is {shown(reasons)}"


def contents(subject: Subject) -> Iterator[str]:
    """Content as a JSON string that its schema accepts."""
    for name, value in subject.attributes.items():
        if name not in content.CONTENT:
            continue
        if type(value) is not str:
            yield f"{name} must be a JSON string on a span, is {shown(value)}"
            continue
        try:
            structure = content.parse(value)
        except ValueError as error:
            yield f"{name} is no JSON: {error}"
            continue
        for problem in content.problems(name, structure):
            yield f"{name}: {problem}"


def agreeing(subject: Subject) -> Iterator[str]:
    """Finish reasons on the output messages that are those of the span."""
    reasons = subject.attributes.get("gen_ai.response.finish_reasons")
    messages = content.structured(subject.attributes.get("gen_ai.output.messages"))
    if not isinstance(reasons, list | tuple) or not isinstance(messages, list | tuple):
        return
    said = [message.get("finish_reason") for message in messages if isinstance(message, Mapping)]
    known = [reason for reason in said if reason is not None]
    stray = [reason for reason in known if reason not in reasons]
    if stray or (len(known) == len(reasons) and known != list(reasons)):
        yield f"gen_ai.output.messages finish with {said}, finish_reasons are {list(reasons)}"


def plain(subject: Subject) -> Iterator[str]:
    """Only values that every exporter carries: no maps, and no text that is not Unicode."""
    for name, value in subject.attributes.items():
        for each in value if isinstance(value, list | tuple) else (value,):
            if not isinstance(each, str | bool | int | float):
                yield f"{name} must be a plain value or an array of such, is {shown(value)}"
            elif isinstance(each, str) and each != each.encode(errors="replace").decode():
                yield f"{name} holds a lone surrogate"


def span_type(subject: Subject) -> Iterator[str]:
    """MLflow's type of the span, where one is set."""
    wanted = table.MLFLOW_SPAN_TYPES.get(subject.kind)
    actual = subject.attributes.get("mlflow.spanType")
    if wanted and actual not in (None, wanted):
        yield f"mlflow.spanType must be {wanted} for {subject.kind}, is {shown(actual)}"


def events(subject: Subject) -> Iterator[str]:
    """Span events with names of known namespaces; an exception with its type."""
    for event in subject.item.events:
        attributes = event.attributes or {}
        if event.name == "exception" and not attributes.get("exception.type"):
            yield "exception.type is required on the exception event"
        view = Subject(subject.where, event.name, {}, attributes, event, subject.options)
        for rule in (registered, plain):
            yield from (f"event {event.name!r}: {text}" for text in rule(view))


def resent(subject: Subject) -> Iterator[str]:
    """As many retry events as the span counts, each with its number and its cause."""
    told = [event.attributes or {} for event in subject.item.events if event.name == table.RETRY]
    counted = subject.attributes.get(table.RESEND_COUNT, 0)
    if counted != len(told) or (not told and table.RESEND_COUNT in subject.attributes):
        yield f"{table.RESEND_COUNT} is {shown(counted)}, the {table.RETRY} events are {len(told)}"
    for attributes in told:
        attempt = attributes.get(f"{table.RETRY}.attempt")
        if type(attempt) is not int or attempt < 2:
            yield f"{table.RETRY}.attempt must be a number from 2 on, is {shown(attempt)}"
        if not attributes.get("error.type"):
            yield f"error.type is required on the {table.RETRY} event"


RULES: tuple[Rule, ...] = (
    *COMMON,
    kind,
    named,
    status,
    scope,
    streamed,
    choices,
    finished,
    contents,
    agreeing,
    plain,
    span_type,
    events,
    resent,
    *usage.RULES,
)


def started(subject: Subject, recorder: StartRecorder) -> Iterator[str]:
    """What a sampler needs is on the span from its start."""
    entry = classify(subject.operation, subject.item.kind.name.lower())[1]
    first = recorder.attributes.get(subject.item.get_span_context().span_id, {})
    for name in sorted(entry.sampled & subject.attributes.keys()):
        if first.get(name) != subject.attributes[name]:
            yield f"{name} must be set when the span starts, was {shown(first.get(name))}"


def check_span(
    span: ReadableSpan, options: Options | None = None, recorder: StartRecorder | None = None
) -> list[str]:
    """Hold one ended span against the conventions; a foreign span is none of our business."""
    if foreign(span.instrumentation_scope, span.attributes or {}):
        return []
    subject = subject_of(span, options or Options())
    found = apply(RULES, subject)
    if recorder is not None:
        found += [f"{subject.where} [started] {text}" for text in started(subject, recorder)]
    return found
