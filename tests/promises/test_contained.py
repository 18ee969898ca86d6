"""A fault of ours at every stage: the program does not notice, and one line tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import HOWS, client
from fake_gemini.scenarios.failures import CUT_CONNECTION
from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini._emit import spans
from opentelemetry_instrumentation_gemini._emit import telemetry as emit
from promises.faults import FAULTS, Fault, break_down, durations, met, panic, run_twice
from promises.probing import SpansOnTheWire
from promises.programs import ask

if TYPE_CHECKING:
    from fake_gemini import FakeGemini, How, Scenario
    from promises.watching import Telemetry

pytestmark = pytest.mark.usefixtures("fresh_process")


def _faults() -> list[Any]:
    return [
        pytest.param(fault, scenario, how, id=f"{fault.name}-{scenario.name}-{how}")
        for fault in FAULTS
        for scenario in (PLAIN_TEXT, CUT_CONNECTION)
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
    lines = run_twice(fake, telemetry, how, scenario)
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
        if fault.usage and "answer" in met(scenario, how):
            assert span.attributes["gen_ai.usage.input_tokens"] == 6
    assert durations(telemetry) == (2 if fault.metrics else 0)


@pytest.mark.parametrize("stage", ["surface.content", "reader.add"])
def test_a_panic_of_a_rust_extension_is_contained(
    stage: str, fake: FakeGemini, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """A panic in a serialiser of ours is a fault of ours like any other."""
    Fault(stage).inject(monkeypatch, panic)
    assert len(run_twice(fake, telemetry, "stream", PLAIN_TEXT)) == 1
    assert telemetry.open == []


@pytest.mark.parametrize("how", HOWS)
def test_a_fault_in_filtering_the_config_is_contained(
    how: How, fake: FakeGemini, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """What is recorded of the config on request is filtered by code that may break."""
    monkeypatch.setattr(emit, "make_config_filter", lambda *_wildcards: break_down)
    lines = run_twice(fake, telemetry, how, PLAIN_TEXT)
    assert len(lines) == 1, lines
    assert telemetry.open == []


@pytest.mark.parametrize("how", HOWS)
def test_without_a_span_of_ours_the_callers_is_current(
    how: How, fake: FakeGemini, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """Where no span could be started, HTTP spans below go on in the caller's trace."""
    monkeypatch.setattr(spans, "start", break_down)
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
