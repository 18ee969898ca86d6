"""A fault of ours at every stage: the program does not notice, and one line tells of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk._logs import LogRecordProcessor
from opentelemetry.sdk.trace import SpanProcessor
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import Sampler

from fake_gemini import HOWS, client
from fake_gemini.scenarios.failures import ERROR_IN_MID_STREAM
from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini import _capture, _guard, _opening, _operation
from opentelemetry_instrumentation_gemini._dialects import mlflow
from opentelemetry_instrumentation_gemini._emit import events, metrics, spans
from opentelemetry_instrumentation_gemini._emit import telemetry as emit
from opentelemetry_instrumentation_gemini._surfaces import load_surface
from promises.endings import ending_of
from promises.probing import SpansOnTheWire
from promises.programs import Way, ask, run
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini import FakeGemini, How, Scenario
    from promises.seeing import Seen

DURATIONS = ("gen_ai.client.inference.duration", "gen_ai.client.operation.duration")
OURS = "opentelemetry_instrumentation_gemini"


class Broken(Exception):  # noqa: N818 - it stands for any error
    """What our own code raises in these tests."""


class PanicException(BaseException):
    """What a Rust extension raises when it panics; no `except Exception` catches it."""


def _broken(*_args: Any, **_kwargs: Any) -> Any:
    raise Broken("content that must not be logged")


def _panicking(*_args: Any, **_kwargs: Any) -> Any:
    raise PanicException("content that must not be logged")


class _Reader:
    """A reader of which one method is broken."""

    def __init__(self, reader: Any, method: str, broken: Any) -> None:
        self._reader = reader
        setattr(self, method, broken)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


@dataclass(frozen=True)
class Fault:
    """Something that breaks, and what is lost with it."""

    name: str
    spans: bool = True
    status: bool = True
    usage: bool = True
    metrics: bool = True
    lines: int = 1
    ends: tuple[str, ...] = ("answer", "failure")
    """Where it shows."""

    def shows(self, scenario: Scenario, how: How) -> bool:
        """Whether a program meets it."""
        return bool(_met(scenario, how) & set(self.ends))

    def inject(self, monkeypatch: pytest.MonkeyPatch, broken: Any = _broken) -> None:
        """Break it."""
        where, _, what = self.name.partition(".")
        if where in _MODULES:
            monkeypatch.setattr(_MODULES[where], what, broken)
        elif where == "Metrics":
            monkeypatch.setattr(metrics.Metrics, what, broken)
        else:
            monkeypatch.setattr(_opening, "load_surface", lambda name: self._surface(name, broken))

    def _surface(self, name: str, broken: Any) -> Any:
        surface = load_surface(name)
        where, _, what = self.name.partition(".")
        if where == "surface":
            return replace(surface, **{what: broken})
        return replace(
            surface, reader=lambda capture: _Reader(surface.reader(capture), what, broken)
        )


def _met(scenario: Scenario, how: How) -> set[str]:
    """Returns what a program gets from the service."""
    if scenario is PLAIN_TEXT:
        return {"answer"}
    return {"answer", "failure"} if how.endswith("stream") else {"failure"}


_MODULES = {
    "spans": spans,
    "capture": _capture,
    "events": events,
    "mlflow": mlflow,
    "operation": _operation,
}

FAULTS = (
    Fault("surface.request"),
    Fault("surface.parameters"),
    Fault("surface.content"),
    Fault("surface.reader", usage=False),
    Fault("surface.failure", ends=("failure",)),
    Fault("reader.add", usage=False, ends=("answer",)),
    Fault("reader.answer", usage=False),
    Fault("reader.content"),
    Fault("spans.start", spans=False),
    Fault("spans.describe_request"),
    Fault("spans.describe_answer", usage=False),
    Fault("spans.fail", status=False, ends=("failure",)),
    # It serves two stages: what was asked and what was answered.
    Fault("capture.describe", lines=2),
    Fault("mlflow.describe"),
    Fault("operation.clean_attributes", usage=False),
    Fault("events.emit_exception", ends=("failure",)),
    Fault("events.emit_details"),
    Fault("Metrics.record", metrics=False),
)


@pytest.fixture(autouse=True)
def _nothing_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start as a process in which no fault was reported yet."""
    monkeypatch.setattr(_guard, "_reported", set())


def _bare(fake: FakeGemini, scenario: Scenario, way: Way) -> Seen:
    key = (scenario.name, way)
    if key not in _bare_runs:
        _bare_runs[key] = run(fake, Telemetry(), scenario, way, _ending(way))
    return _bare_runs[key]


_bare_runs: dict[Any, Seen] = {}


def _ending(way: Way) -> Any:
    return ending_of("read" if way.streams else "call", is_async=way.is_async)


def _lines(*runs: Seen) -> list[Any]:
    """Returns our log lines, which are no part of what a program sees, and takes them away."""
    lines = [one for seen in runs for one in seen.complaints if one[0].startswith(OURS)]
    for seen in runs:
        seen.complaints = [one for one in seen.complaints if not one[0].startswith(OURS)]
    return lines


def _run_twice(fake: FakeGemini, telemetry: Telemetry, how: How, scenario: Scenario) -> list[Any]:
    """Run a program twice with the plugin, compare both with one without, return our lines."""
    way = Way("models", how)
    bare = _bare(fake, scenario, way)
    with telemetry.attached(capture_message_content="SPAN_AND_EVENT"):
        both = [run(fake, telemetry, scenario, way, _ending(way)) for _ in range(2)]
    lines = _lines(*both)
    for seen in both:
        assert seen == bare
        assert all(seen.current)
    return lines


def _durations(telemetry: Telemetry) -> int:
    """Returns how many operations the metrics know of; one that cannot be read has no name."""
    counts = telemetry.counts()
    return sum(counts.get(name, 0) for name in DURATIONS)


def _faults() -> list[Any]:
    return [
        pytest.param(fault, scenario, how, id=f"{fault.name}-{scenario.name}-{how}")
        for fault in FAULTS
        for scenario in (PLAIN_TEXT, ERROR_IN_MID_STREAM)
        for how in HOWS
        if fault.shows(scenario, how)
    ]


@pytest.mark.parametrize(("fault", "scenario", "how"), _faults())
def test_a_fault_of_ours_is_contained(
    fault: Fault,
    scenario: Scenario,
    how: How,
    fake: FakeGemini,
    telemetry: Telemetry,
    monkeypatch: pytest.MonkeyPatch,
):
    """The result is right, nothing stays open, what can be told is told, and one line says why."""
    fault.inject(monkeypatch)
    lines = _run_twice(fake, telemetry, how, scenario)
    assert len(lines) == len(set(lines)) == fault.lines, lines
    for _, level, line in lines:
        assert level == "WARNING"
        assert "Broken" in line
        assert "must not be logged" not in line
    assert telemetry.open == []
    assert len(telemetry.ended) == (2 if fault.spans else 0)
    for span in telemetry.ended:
        if fault.status:
            assert span.status.is_unset is (scenario is PLAIN_TEXT)
        if fault.usage and "answer" in _met(scenario, how):
            assert span.attributes["gen_ai.usage.input_tokens"] == 6
    assert _durations(telemetry) == (2 if fault.metrics else 0)


@pytest.mark.parametrize("stage", ["surface.content", "reader.add"])
def test_a_panic_of_a_rust_extension_is_contained(
    stage: str, fake: FakeGemini, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """A panic in a serialiser of ours is a fault of ours like any other."""
    Fault(stage).inject(monkeypatch, _panicking)
    assert len(_run_twice(fake, telemetry, "stream", PLAIN_TEXT)) == 1
    assert telemetry.open == []


@pytest.mark.parametrize("how", HOWS)
def test_a_fault_in_filtering_the_config_is_contained(
    how: How, fake: FakeGemini, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """What is recorded of the config on request is filtered by code that may break."""
    monkeypatch.setattr(emit, "make_config_filter", lambda *_wildcards: _broken)
    lines = _run_twice(fake, telemetry, how, PLAIN_TEXT)
    assert len(lines) == 1, lines
    assert telemetry.open == []


class _BrokenSampler(Sampler):
    should_sample = _broken

    def get_description(self) -> str:
        return "broken"


class _BrokenIds(IdGenerator):
    generate_span_id = _broken
    generate_trace_id = _broken


class _BrokenStart(SpanProcessor):
    on_start = _broken


class _BrokenEnd(SpanProcessor):
    on_end = _broken


class _BrokenExporter(SpanExporter):
    export = _broken


class _BrokenLogs(LogRecordProcessor):
    on_emit = _broken
    shutdown = _broken

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return True


def _with_processor(processor: SpanProcessor) -> Telemetry:
    telemetry = Telemetry()
    telemetry.tracers.add_span_processor(processor)
    return telemetry


def _with_broken_logs() -> Telemetry:
    telemetry = Telemetry()
    telemetry.loggers.add_log_record_processor(_BrokenLogs())
    return telemetry


def _shut_down() -> Telemetry:
    telemetry = Telemetry()
    telemetry.tracers.shutdown()
    telemetry.meters.shutdown()
    telemetry.loggers.shutdown()
    return telemetry


# The user's own tracer must keep working, so that only ours can be to blame.
PROVIDERS = {
    "sampler": lambda: Telemetry(sampler=_BrokenSampler()),
    "id generator": lambda: Telemetry(id_generator=_BrokenIds()),
    "on_start": lambda: _with_processor(_BrokenStart()),
    "on_end": lambda: _with_processor(_BrokenEnd()),
    "exporter": lambda: _with_processor(SimpleSpanProcessor(_BrokenExporter())),
    "log processor": _with_broken_logs,
    "shut down": _shut_down,
}
UNSPOKEN = {"exporter", "shut down"}
"""What OpenTelemetry itself copes with."""
WITHOUT_METRICS = {"shut down"}


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("broken", PROVIDERS)
def test_a_broken_provider_is_contained(broken: str, how: How, fake: FakeGemini):
    """Whatever of the user's OpenTelemetry set-up is broken, calls work and metrics go on."""
    telemetry = PROVIDERS[broken]()
    telemetry.user = Telemetry().user
    way = Way("models", how)
    with telemetry.attached(capture_message_content="SPAN_AND_EVENT"):
        both = [run(fake, telemetry, PLAIN_TEXT, way, _ending(way)) for _ in range(2)]
    lines = _lines(*both)
    bare = _bare(fake, PLAIN_TEXT, way)
    for seen in both:
        assert (seen.chunks, seen.error, seen.requests) == (bare.chunks, None, bare.requests)
        assert all(seen.current)
    assert len(lines) == (0 if broken in UNSPOKEN else 1), lines
    assert _durations(telemetry) == (0 if broken in WITHOUT_METRICS else 2)


@pytest.mark.parametrize("how", HOWS)
def test_without_a_span_of_ours_the_callers_is_current(
    how: How, fake: FakeGemini, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """Where no span could be started, HTTP spans below go on in the caller's trace."""
    monkeypatch.setattr(spans, "start", _broken)
    seen = SpansOnTheWire()
    genai = client(fake.play(PLAIN_TEXT), **seen.options())
    with telemetry.attached():
        ask(how, genai, telemetry)
    assert {getattr(one, "name", "no span") for one in seen} == {"caller"}


@pytest.mark.parametrize("stage", ["reader.add", "spans.start", "spans.describe_answer"])
@pytest.mark.parametrize("how", HOWS)
def test_ctrl_c_in_our_code_is_the_users(
    how: How,
    stage: str,
    fake: FakeGemini,
    telemetry: Telemetry,
    monkeypatch: pytest.MonkeyPatch,
):
    """Ctrl-C that hits while our code runs reaches the program, and nothing stays current."""

    def interrupted(*_args: Any, **_kwargs: Any) -> None:
        raise KeyboardInterrupt

    Fault(stage).inject(monkeypatch, interrupted)
    genai = client(fake.play(PLAIN_TEXT))
    with telemetry.attached(), pytest.raises(KeyboardInterrupt):
        ask(how, genai, telemetry)
    assert telemetry.open == []
