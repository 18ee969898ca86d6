"""Embeddings and token counts: one program for each scenario, without the plugin and with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import perform
from fake_gemini.scenarios import ALL
from promises.seeing import described, dumped, listening, no_collections, requests_of

if TYPE_CHECKING:
    from fake_gemini import FakeGemini, How, Scenario
    from promises.watching import Telemetry

PLAYS = [
    pytest.param(scenario, how, api == "vertex", id=f"{scenario.name}-{how}-{api}")
    for scenario in ALL.values()
    if scenario.operation in {"embed", "count_tokens", "compute_tokens"}
    for how in ("call", "async_call")
    for api in scenario.apis
]


def _play(fake: FakeGemini, scenario: Scenario, how: How, vertex: bool) -> list[Any]:
    handle = fake.play(scenario)
    heard: list[Any] = []
    with no_collections(), listening(heard):
        outcome = perform(handle, how, vertex=vertex)
    answers = [dumped(answer) for answer in outcome.responses]
    return [answers, described(outcome.error), requests_of(handle), heard]


@pytest.mark.parametrize(("scenario", "how", "vertex"), PLAYS)
def test_a_method_beside_generation_is_as_without_us(
    scenario: Scenario, how: How, vertex: bool, fake: FakeGemini, telemetry: Telemetry
):
    """Answers, exceptions, bytes on the wire and complaints are as without us."""
    bare = _play(fake, scenario, how, vertex)
    with telemetry.attached():
        assert _play(fake, scenario, how, vertex) == bare
    assert telemetry.open == []
    assert len(telemetry.ended) == 1
