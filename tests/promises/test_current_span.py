"""Whose span is current while the SDK works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from fake_gemini import HOWS, client
from fake_gemini.scenarios.text import PLAIN_TEXT
from promises.probing import SpansOnTheWire, wire
from promises.programs import ask
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini import FakeGemini

pytestmark = pytest.mark.usefixtures("no_complaints")


@pytest.mark.parametrize("how", HOWS)
def test_the_round_is_current_while_the_sdk_works(how: Any, fake: FakeGemini, telemetry: Telemetry):
    """Whatever the SDK does on the wire, up to the last byte, is done inside the round's span."""
    seen = SpansOnTheWire()
    genai = client(fake.play(PLAIN_TEXT), **seen.options())
    with telemetry.attached():
        ask(how, genai, telemetry)
    (round_,) = telemetry.rounds
    assert len(seen) > 1
    assert {one.get_span_context().span_id for one in seen} == {round_.context.span_id}


@pytest.mark.parametrize("how", HOWS)
def test_an_unsampled_round_is_current_too(how: Any, fake: FakeGemini):
    """What is not sampled is passed on as such, so that HTTP spans below are not sampled either."""
    telemetry = Telemetry(sampler=ALWAYS_OFF)
    seen = SpansOnTheWire()
    genai = client(fake.play(PLAIN_TEXT), **seen.options())
    with telemetry.attached():
        ask(how, genai, telemetry)
    assert telemetry.ended == []
    assert {one.get_span_context().trace_flags.sampled for one in seen} == {False}
    assert all(one.get_span_context().is_valid for one in seen)


@pytest.mark.parametrize("how", HOWS)
def test_an_interrupt_in_the_sdk_ends_the_round(how: Any, fake: FakeGemini, telemetry: Telemetry):
    """Ctrl-C while the SDK waits reaches the program, and the round tells of it."""

    def press() -> None:
        raise KeyboardInterrupt

    genai = client(fake.play(PLAIN_TEXT), **wire(press))
    with telemetry.attached(), pytest.raises(KeyboardInterrupt):
        ask(how, genai, telemetry)
    assert telemetry.open == []
    assert telemetry.the_round().attributes["error.type"] == "KeyboardInterrupt"


@pytest.mark.parametrize("how", HOWS)
def test_suppressed_calls_are_not_traced(how: Any, fake: FakeGemini, telemetry: Telemetry):
    """Under OpenTelemetry's suppression there is no span, and the caller's stays current."""
    seen = SpansOnTheWire()
    genai = client(fake.play(PLAIN_TEXT), **seen.options())
    with telemetry.attached(), suppress_instrumentation():
        ask(how, genai, telemetry)
    assert telemetry.ended == []
    assert {one.name for one in seen} == {"caller"}
