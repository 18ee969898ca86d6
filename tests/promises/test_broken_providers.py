"""An OpenTelemetry set-up that is broken somewhere: calls work, and what can go on does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from opentelemetry.sdk._logs import LogRecordProcessor
from opentelemetry.sdk.trace import SpanProcessor
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import Sampler

from fake_gemini import HOWS
from fake_gemini.scenarios.text import PLAIN_TEXT
from promises.faults import bare_run, break_down, durations, traced_runs
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini import FakeGemini, How

pytestmark = pytest.mark.usefixtures("fresh_process")


class _BrokenSampler(Sampler):
    should_sample = break_down

    def get_description(self) -> str:
        return "broken"


class _BrokenIds(IdGenerator):
    generate_span_id = break_down
    generate_trace_id = break_down


class _BrokenStart(SpanProcessor):
    on_start = break_down


class _BrokenEnd(SpanProcessor):
    on_end = break_down


class _BrokenExporter(SpanExporter):
    export = break_down


class _BrokenLogs(LogRecordProcessor):
    on_emit = break_down
    shutdown = break_down

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
    both, lines = traced_runs(fake, telemetry, how, PLAIN_TEXT)
    bare = bare_run(fake, how, PLAIN_TEXT)
    for seen in both:
        assert (seen.chunks, seen.error, seen.requests) == (bare.chunks, None, bare.requests)
        assert all(seen.current)
    assert len(lines) == (0 if broken in UNSPOKEN else 1), lines
    assert durations(telemetry) == (0 if broken in WITHOUT_METRICS else 2)
