"""Every shape of a call, with every end it can have, without the plugin and with it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.trace import StatusCode

from fake_gemini.clients import sdk_version
from fake_gemini.scenarios import failures, text
from promises.endings import ending_of
from promises.programs import DIRECT, WAYS, Way, run
from promises.watching import Telemetry, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk.trace import ReadableSpan

    from fake_gemini import FakeGemini, Scenario
    from promises.seeing import Seen

MILLISECOND = 1_000_000
ITS_OWN = "the exception's own type"
NEVER = 5.0
"""Seconds until a chunk for which no test waits."""
FIRST = "Air scatters blue light "
PARTIAL = FIRST + "more than red, "


def _slow(scenario: Scenario) -> Scenario:
    (step,) = scenario.steps
    slow = replace(
        step, unary=replace(step.unary, delay=NEVER), stream=replace(step.stream, pace=NEVER)
    )
    return replace(scenario, steps=(slow,))


def _late(scenario: Scenario) -> Scenario:
    (step,) = scenario.steps
    return replace(scenario, steps=(replace(step, stream=replace(step.stream, delay=NEVER)),))


SLOW = _slow(text.PLAIN_TEXT)
LATE = _late(text.PLAIN_TEXT)


@dataclass(frozen=True)
class Told:
    """What the span must say about how it ended."""

    error: str | None = None
    text: str = ""
    reasons: tuple[str, ...] = ("error",)


WHOLE = Told(text=text.SKY, reasons=("stop",))
LEFT = Told(text=FIRST)
CANCELLED = "asyncio.exceptions.CancelledError"

CALLS: tuple[tuple[Scenario, str, Told | None], ...] = (
    (text.PLAIN_TEXT, "call", WHOLE),
    (failures.QUOTA_EXCEEDED, "call", Told("429")),
    (failures.INTERNAL, "call", Told("500")),
    (failures.BAD_FIELD_VALUE, "call", Told("400")),
    (failures.RETRIES_EXHAUSTED, "call", Told("503")),
    (failures.CUT_CONNECTION, "call", Told(ITS_OWN)),
    (SLOW, "cancel_call", Told(CANCELLED)),
)
STREAMS: tuple[tuple[Scenario, str, Told | None], ...] = (
    (text.PLAIN_TEXT, "read", WHOLE),
    (failures.QUOTA_EXCEEDED, "read", Told("429")),
    (failures.INTERNAL, "read", Told("500")),
    (failures.BAD_FIELD_VALUE, "read", Told("400")),
    (failures.ERROR_AS_FIRST_CHUNK, "read", Told("503")),
    (failures.ERROR_IN_MID_STREAM, "read", Told("503", "Air scatters blue light ")),
    (failures.CUT_CONNECTION, "read", Told(ITS_OWN, PARTIAL)),
    (text.PLAIN_TEXT, "close", LEFT),
    (text.PLAIN_TEXT, "with", LEFT),
    (text.PLAIN_TEXT, "leave", LEFT),
    (text.PLAIN_TEXT, "drop", LEFT),
    (text.PLAIN_TEXT, "ignore", None),
    (text.PLAIN_TEXT, "throw", LEFT),
    (text.PLAIN_TEXT, "fail", LEFT),
    (text.PLAIN_TEXT, "interrupt", LEFT),
    (LATE, "cancel_first_read", Told(CANCELLED)),
    (SLOW, "cancel_second_read", Told(CANCELLED, FIRST)),
    (SLOW, "cancel_consumer", LEFT),
    (SLOW, "time_out", Told(CANCELLED, FIRST)),
)


def _cases() -> Iterator[Any]:
    for way in (*WAYS, *DIRECT):
        for scenario, name, told in STREAMS if way.streams else CALLS:
            ending = ending_of(name, is_async=way.is_async)
            if ending is None or scenario.since > sdk_version():
                continue
            if not (way.loop or way.is_async) and name == "throw":
                # Here the exception goes through the model round itself.
                told = Told(ITS_OWN, FIRST)  # noqa: PLW2901
            yield pytest.param((way, scenario, ending, told), id=f"{way}-{scenario.name}-{name}")


CASES = list(_cases())


@dataclass(frozen=True)
class Runs:
    """One program without the plugin and with it."""

    way: Way
    bare: Seen
    traced: Seen
    telemetry: Telemetry
    told: Told | None
    began_ns: int
    ended_ns: int


@pytest.fixture(scope="module", params=CASES)
def runs(request: pytest.FixtureRequest, fake: FakeGemini) -> Runs:
    """Run a program twice; the tests of one program share the runs."""
    way, scenario, ending, told = request.param
    bare = run(fake, Telemetry(), scenario, way, ending)
    telemetry = Telemetry()
    with telemetry.attached():
        began_ns = time.time_ns()
        traced = run(fake, telemetry, scenario, way, ending)
        ended_ns = time.time_ns()
    return Runs(way, bare, traced, telemetry, told, began_ns, ended_ns)


def test_the_program_sees_no_difference(runs: Runs):
    """Results, exceptions, frames, wire, complaints and the current span are as without us."""
    traced = runs.traced
    assert traced == runs.bare
    # A chat of the SDK writes into the caller's config by itself.
    assert traced.untouched or runs.way.surface == "chats"
    assert traced.current
    assert all(traced.current)


def test_one_span_tells_how_it_ended(runs: Runs):
    """There is one inference span: an error only for errors, with what came before the end."""
    telemetry, told = runs.telemetry, runs.told
    assert telemetry.open == []
    if told is None:
        # Before 2.30 awaiting such a stream sends its request, and that has a span.
        assert len(telemetry.ended) == len(runs.traced.requests)
        return
    span = telemetry.the_round()
    assert span.parent == runs.traced.caller.get_span_context()
    assert _told(span, runs.traced) == told
    assert span.status.status_code is (StatusCode.ERROR if told.error else StatusCode.UNSET)
    assert runs.began_ns <= span.start_time <= runs.ended_ns
    # Not when it ended: the two clocks are not read at once, and a busy machine is long between.
    assert 0 <= span.end_time - span.start_time <= runs.ended_ns - runs.began_ns + MILLISECOND


def _told(span: ReadableSpan, seen: Seen) -> Told:
    error = span.attributes.get("error.type")
    if seen.error is not None and error == seen.error["type"]:
        error = ITS_OWN
    return Told(error, text_of(span), span.attributes["gen_ai.response.finish_reasons"])
