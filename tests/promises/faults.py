"""Faults of ours, injected where they could happen, and programs that meet them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini import _capture, _opening, _operation, _report
from opentelemetry_instrumentation_gemini._dialects import mlflow
from opentelemetry_instrumentation_gemini._emit import events, metrics, spans
from opentelemetry_instrumentation_gemini._surfaces import load_surface
from promises.endings import ending_of
from promises.programs import Way, run
from promises.watching import Telemetry

if TYPE_CHECKING:
    import pytest

    from fake_gemini import FakeGemini, How, Scenario
    from promises.seeing import Seen

DURATIONS = ("gen_ai.client.inference.duration", "gen_ai.client.operation.duration")
OURS = "opentelemetry_instrumentation_gemini"


class Broken(Exception):  # noqa: N818 - it stands for any error
    """What our own code raises in these tests."""


class PanicException(BaseException):
    """What a Rust extension raises when it panics; no `except Exception` catches it."""


def break_down(*_args: Any, **_kwargs: Any) -> Any:
    raise Broken("content that must not be logged")


def panic(*_args: Any, **_kwargs: Any) -> Any:
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
        return bool(met(scenario, how) & set(self.ends))

    def inject(self, monkeypatch: pytest.MonkeyPatch, broken: Any = break_down) -> None:
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


def met(scenario: Scenario, how: How) -> set[str]:
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
    "report": _report,
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
    Fault("report.clean_attributes", usage=False),
    Fault("events.emit_exception", ends=("failure",)),
    Fault("events.make_details"),
    Fault("Metrics.record", metrics=False),
)


def bare_run(fake: FakeGemini, how: How, scenario: Scenario) -> Seen:
    """Returns what the program sees without the plugin; it is run once for all tests."""
    way = Way("models", how)
    key = (scenario.name, how)
    if key not in _BARE_RUNS:
        _BARE_RUNS[key] = run(fake, Telemetry(), scenario, way, _ending(way))
    return _BARE_RUNS[key]


_BARE_RUNS: dict[Any, Seen] = {}


def _ending(way: Way) -> Any:
    return ending_of("read" if way.streams else "call", is_async=way.is_async)


def _lines(*runs: Seen) -> list[Any]:
    """Returns our log lines, which are no part of what a program sees, and takes them away."""
    lines = [one for seen in runs for one in seen.complaints if one[0].startswith(OURS)]
    for seen in runs:
        seen.complaints = [one for one in seen.complaints if not one[0].startswith(OURS)]
    return lines


def run_twice(fake: FakeGemini, telemetry: Telemetry, how: How, scenario: Scenario) -> list[Any]:
    """Run a program twice with the plugin, compare both with one without, return our lines."""
    bare = bare_run(fake, how, scenario)
    both, lines = traced_runs(fake, telemetry, how, scenario)
    for seen in both:
        assert seen == bare
        assert all(seen.current)
    return lines


def traced_runs(
    fake: FakeGemini, telemetry: Telemetry, how: How, scenario: Scenario
) -> tuple[list[Seen], list[Any]]:
    """Run a program twice with the plugin; returns what it saw, and our log lines."""
    way = Way("models", how)
    with telemetry.attached(capture_message_content="SPAN_AND_EVENT"):
        both = [run(fake, telemetry, scenario, way, _ending(way)) for _ in range(2)]
    return both, _lines(*both)


def durations(telemetry: Telemetry) -> int:
    """Returns how many operations the metrics know of; one that cannot be read has no name."""
    counts = telemetry.counts()
    return sum(counts.get(name, 0) for name in DURATIONS)
