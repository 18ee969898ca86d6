"""The floor: hand-written OpenTelemetry code that emits exactly what the plugin emitted.

It is told everything beforehand: names, attributes, message trees, points. What is left is what
nobody can save: making the spans, making them current, setting their attributes, encoding base64
and JSON, recording the points. It reads nothing of the SDK's objects.

`json.dumps` encodes the trees, as most hand-written code would; `lean=True` takes
`pydantic_core.to_json`, which is several times faster.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from opentelemetry.context import attach, detach
from opentelemetry.metrics import Counter, Histogram, Meter
from opentelemetry.sdk.metrics._internal.measurement import Measurement
from opentelemetry.trace import Span, Tracer, get_current_span, set_span_in_context
from pydantic_core import to_json

from .providers import Recorder

Spans = dict[int, Span]
"""The spans of one run, by the identifiers of those that they repeat."""

Step = Callable[[Spans], None]
Encode = Callable[[], str]

_STYLES: tuple[Callable[[Any], str], ...] = (
    partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
    partial(json.dumps, ensure_ascii=False),
)


def make_floor(
    recorder: Recorder, providers: dict[str, Any], media: bytes = b"", *, lean: bool = False
) -> Callable[[], None]:
    """Return code that emits what *recorder* holds.

    Args:
        recorder: What the plugin emitted in one run.
        providers: Where the floor emits to.
        media: The bytes whose base64 form stands in the content.
        lean: Whether JSON is encoded by the fastest encoder.
    """
    steps = list(_steps(recorder, providers, media, lean=lean))

    def run() -> None:
        spans: Spans = {}
        for step in steps:
            step(spans)

    return run


def check_floor(recorder: Recorder, media: bytes) -> None:
    """Raise unless both kinds of floor emit what *recorder* holds."""
    for lean in (False, True):
        repeated = Recorder()
        run = make_floor(recorder, repeated.providers(), media, lean=lean)
        repeated.journal.clear()
        run()
        if list(_described(repeated)) != list(_described(recorder)):
            raise AssertionError("The floor does not emit what the plugin emits.")


def _described(recorder: Recorder) -> Iterator[tuple[Any, ...]]:
    places: dict[int, int] = {}
    parent: int | str | None
    for kind, item, creation in recorder.journal:
        if kind == "start":
            parent = None if item.parent is None else places.get(item.parent.span_id, "outside")
            places[item.context.span_id] = len(places)
            yield kind, item.name, item.kind, parent, creation
        elif kind == "end":
            events = [(event.name, dict(event.attributes or {})) for event in item.events]
            status = (item.status.status_code, item.status.description)
            yield kind, places[item.context.span_id], dict(item.attributes), events, status
        else:
            place = places.get(_span_id(item))
            yield (
                kind,
                item.instrument.name,
                type(item.instrument),
                item.value,
                place,
                (dict(item.attributes)),
            )


def _steps(
    recorder: Recorder, providers: dict[str, Any], media: bytes, *, lean: bool
) -> Iterator[Step]:
    tracer: Tracer = providers["tracer_provider"].get_tracer("floor")
    sampled = tracer.start_span("probe").is_recording()
    points = _Points(providers["meter_provider"].get_meter("floor"))
    known: dict[int, dict[str, Any]] = {}
    for kind, item, creation in recorder.journal:
        if kind == "measure":
            yield from points.steps(item, known)
            continue
        points.close()
        key = item.context.span_id
        if kind == "start":
            known[key] = creation
            if item.parent is None or item.parent.span_id in known:
                yield _start(tracer, item, creation)
            else:
                yield _start_outside(tracer, item, creation)
        elif sampled:
            yield _end(item, known[key], media, lean=lean)
        else:
            yield partial(_drop, key)


def _start(tracer: Tracer, span: Any, creation: dict[str, Any]) -> Step:
    key, name, kind = span.context.span_id, span.name, span.kind
    parent = None if span.parent is None else span.parent.span_id

    def step(spans: Spans) -> None:
        context = None if parent is None else set_span_in_context(spans[parent])
        spans[key] = span = tracer.start_span(name, context, kind, creation)
        # While the traced work runs its span is current, or what it does would not be nested.
        detach(attach(set_span_in_context(span)))

    return step


def _start_outside(tracer: Tracer, span: Any, creation: dict[str, Any]) -> Step:
    """Return what starts a span under one that goes on for longer than a run."""
    key, name, kind = span.context.span_id, span.name, span.kind
    context = set_span_in_context(tracer.start_span("outside"))

    def step(spans: Spans) -> None:
        spans[key] = tracer.start_span(name, context, kind, creation)

    return step


def _end(span: Any, creation: dict[str, Any], media: bytes, *, lean: bool) -> Step:
    key, status = span.context.span_id, span.status
    events = [(event.name, dict(event.attributes or {})) for event in span.events]
    fixed: dict[str, Any] = {}
    encoded: list[tuple[str, Encode]] = []
    for name, value in span.attributes.items():
        if isinstance(value, str) and value[:1] in {"[", "{"}:
            encoded.append((name, _encoder(value, media, lean=lean)))
        elif name not in creation or creation[name] != value:
            fixed[name] = value

    def step(spans: Spans) -> None:
        span = spans[key]
        attributes = dict(fixed)
        for name, encode in encoded:
            attributes[name] = encode()
        span.set_attributes(attributes)
        for name, details in events:
            span.add_event(name, details)
        if not status.is_unset:
            span.set_status(status)
        span.end()

    return step


def _drop(key: int, spans: Spans) -> None:
    span = spans[key]
    if not span.is_recording():
        span.end()


def _encoder(text: str, media: bytes, *, lean: bool) -> Encode:
    """Return what encodes, anew each time, the tree that *text* holds."""
    tree = json.loads(text)
    dumps = next((dumps for dumps in _STYLES if dumps(tree) == text), None)
    if dumps is None:
        raise AssertionError(f"json.dumps writes this differently: {text[:200]}")
    if lean and dumps is _STYLES[0]:
        dumps = lambda tree: to_json(tree).decode()  # noqa: E731 - the third style
    place = _find(tree, b64encode(media).decode()) if media else None
    if place is None:
        return partial(dumps, tree)
    holder, key = place

    def encode() -> str:
        holder[key] = b64encode(media).decode()
        return dumps(tree)

    return encode


def _find(tree: Any, leaf: str) -> tuple[Any, Any] | None:
    """Return the list or dict that holds *leaf*, and where."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        if value == leaf:
            return tree, key
        found = _find(value, leaf) if isinstance(value, (dict, list)) else None
        if found is not None:
            return found
    return None


class _Points:
    """Turns measurements into steps; neighbours that differ in value only are one loop."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._instruments: dict[str, Counter | Histogram] = {}
        self._last: tuple[Any, ...] | None = None
        self._values: list[Any] = []

    def close(self) -> None:
        """Let the next measurement begin a step of its own."""
        self._last = None

    def steps(self, point: Measurement, known: dict[int, Any]) -> Iterator[Step]:
        """Yield the step for *point*, unless the last one takes it too."""
        span_id = _span_id(point)
        attributes = dict(point.attributes or {})
        now = (point.instrument, attributes, span_id)
        if now == self._last:
            self._values.append(point.value)
            return
        self._last = now
        self._values = [point.value]
        record = self._recorder(point.instrument)
        yield _record(record, attributes, self._values, span_id if span_id in known else None)

    def _recorder(self, original: Any) -> Callable[..., None]:
        name, unit = original.name, original.unit
        counts = isinstance(original, Counter)
        if name not in self._instruments:
            self._instruments[name] = (
                self._meter.create_counter(name, unit)
                if counts
                else self._meter.create_histogram(
                    name,
                    unit,
                    explicit_bucket_boundaries_advisory=original._advisory.explicit_bucket_boundaries,
                )
            )
        instrument: Any = self._instruments[name]
        recorder: Callable[..., None] = instrument.add if counts else instrument.record
        return recorder


def _record(
    record: Callable[..., None], attributes: dict[str, Any], values: list[Any], key: int | None
) -> Step:
    def step(_spans: Spans) -> None:
        for value in values:
            record(value, attributes)

    def step_in_span(spans: Spans) -> None:
        context = set_span_in_context(spans[key or 0])
        for value in values:
            record(value, attributes, context)

    return step if key is None else step_in_span


def _span_id(point: Measurement) -> int:
    return get_current_span(point.context).get_span_context().span_id
