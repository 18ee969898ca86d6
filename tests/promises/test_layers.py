"""The layers of the SDK at which a round trip may be hooked: the program sees none of them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.trace import StatusCode

from fake_gemini.clients import sdk_version
from fake_gemini.scenarios import failures, text
from opentelemetry_instrumentation_gemini import _instrumentor
from opentelemetry_instrumentation_gemini._patching.table import HOOKS
from promises.endings import aignore, ending_of
from promises.programs import DIRECT, Way, run
from promises.watching import Telemetry, text_of

if TYPE_CHECKING:
    from fake_gemini import FakeGemini, Scenario

LAYERS = ("continuation", "request", "public")
if sdk_version() < (2, 30):
    # There the public method sends a request when it is awaited, and is never the one to hook.
    LAYERS = LAYERS[:2]
PAUSE = 0.03

CASES: tuple[tuple[Scenario, str, StatusCode], ...] = (
    (text.PLAIN_TEXT, "call", StatusCode.UNSET),
    (failures.QUOTA_EXCEEDED, "call", StatusCode.ERROR),
    (text.PLAIN_TEXT, "read", StatusCode.UNSET),
    (failures.QUOTA_EXCEEDED, "read", StatusCode.ERROR),
    (failures.ERROR_IN_MID_STREAM, "read", StatusCode.ERROR),
    (failures.CUT_CONNECTION, "read", StatusCode.ERROR),
    (text.PLAIN_TEXT, "close", StatusCode.UNSET),
    (text.PLAIN_TEXT, "leave", StatusCode.UNSET),
    (text.PLAIN_TEXT, "drop", StatusCode.UNSET),
    (text.PLAIN_TEXT, "fail", StatusCode.UNSET),
)


def _hooks(layer: str) -> tuple[Any, ...]:
    """Returns the table as it is for an SDK that has nothing above this layer."""
    depth = LAYERS.index(layer)
    return tuple(
        hook._replace(names=hook.names[depth:])
        for hook in HOOKS
        if hook.surface == "generate_content"
    )


def _params() -> list[Any]:
    return [
        pytest.param(
            layer, way, (scenario, name, status), id=f"{layer}-{way}-{scenario.name}-{name}"
        )
        for layer in LAYERS[1:]
        for way in DIRECT
        for scenario, name, status in CASES
        if (name == "call") is not way.streams and scenario.since <= sdk_version()
    ]


@pytest.mark.parametrize(("layer", "way", "case"), _params())
def test_every_layer_is_as_invisible_as_the_preferred_one(
    layer: str,
    way: Way,
    case: tuple[Scenario, str, StatusCode],
    fake: FakeGemini,
    telemetry: Telemetry,
    monkeypatch: pytest.MonkeyPatch,
):
    """On an SDK without the upper layers a program sees no difference, and there is one span."""
    scenario, name, status = case
    ending = ending_of(name, is_async=way.is_async)
    bare = run(fake, Telemetry(), scenario, way, ending)
    monkeypatch.setattr(_instrumentor, "HOOKS", _hooks(layer))
    with telemetry.attached():
        traced = run(fake, telemetry, scenario, way, ending)
    assert traced == bare
    assert all(traced.current)
    assert telemetry.open == []
    assert telemetry.the_round().status.status_code is status


@pytest.mark.parametrize("layer", LAYERS)
def test_an_awaited_stream_that_nobody_reads_leaves_no_open_span(
    layer: str, fake: FakeGemini, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """Where awaiting sends the request, dropping the unread stream ends what awaiting began."""
    way = Way("models", "async_stream", loop=False)
    bare = run(fake, Telemetry(), text.PLAIN_TEXT, way, aignore)
    monkeypatch.setattr(_instrumentor, "HOOKS", _hooks(layer))
    with telemetry.attached():
        traced = run(fake, telemetry, text.PLAIN_TEXT, way, aignore)
    assert traced == bare
    assert telemetry.open == []
    assert len(telemetry.ended) == len(traced.requests)


def _lingering(ask: Any, seen: Any) -> None:
    for chunk in ask():
        seen.chunk(chunk)
        time.sleep(PAUSE)


async def _alingering(ask: Any, seen: Any) -> None:
    async for chunk in await ask():
        seen.chunk(chunk)
        time.sleep(PAUSE)  # noqa: ASYNC251 - a consumer that works


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("how", ["stream", "async_stream"])
def test_a_stream_lasts_until_it_is_at_its_end(
    layer: str, how: Any, fake: FakeGemini, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """The time in which the reader works counts, and the time after the end does not."""
    way = Way("models", how, loop=False)
    monkeypatch.setattr(_instrumentor, "HOOKS", _hooks(layer))
    ending = _alingering if way.is_async else _lingering
    began = time.perf_counter()
    with telemetry.attached():
        seen = run(fake, telemetry, text.PLAIN_TEXT, way, ending)
        took = time.perf_counter() - began
        time.sleep(2 * PAUSE)
    span = telemetry.the_round()
    lasted = (span.end_time - span.start_time) / 1e9
    assert len(seen.chunks) * PAUSE <= lasted <= took
    assert text_of(span) == text.SKY


def _slow_scenario() -> Scenario:
    (step,) = text.PLAIN_TEXT.steps
    return replace(text.PLAIN_TEXT, steps=(replace(step, unary=replace(step.unary, delay=PAUSE)),))


@pytest.mark.parametrize("how", ["call", "async_call"])
def test_a_call_lasts_as_long_as_the_service_takes(
    how: Any, fake: FakeGemini, telemetry: Telemetry
):
    """The span of a call lasts from the request to the answer."""
    way = Way("models", how)
    with telemetry.attached():
        run(fake, telemetry, _slow_scenario(), way, ending_of("call", is_async=way.is_async))
        time.sleep(2 * PAUSE)
    span = telemetry.the_round()
    assert (span.end_time - span.start_time) / 1e9 >= PAUSE
