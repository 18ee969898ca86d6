from __future__ import annotations

from typing import Any

import pytest

from fake_gemini import HOWS, FakeGemini, How, Outcome, Round, Scenario, perform, shape_of
from fake_gemini.scenarios import ALL

PLAYS = [
    pytest.param(scenario, api, how, id=f"{scenario.name}-{api}-{how}")
    for scenario in ALL.values()
    for api in scenario.apis
    for how in HOWS
    if shape_of(how) in scenario.shapes
]


@pytest.mark.parametrize(("scenario", "api", "how"), PLAYS)
def test_the_sdk_gets_what_the_scenario_says(
    fake: FakeGemini, scenario: Scenario, api: str, how: How
) -> None:
    """Every scenario, played through the real SDK, ends as its rounds say."""
    handle = fake.play(scenario)
    rounds = scenario.rounds_of(shape_of(how))
    outcome = perform(handle, how, vertex=api == "vertex")
    assert len(handle.requests) == sum(one.hops for one in rounds)
    assert_error(outcome, scenario, rounds[-1])


def assert_error(outcome: Outcome, scenario: Scenario, last: Round) -> None:
    error: Any = outcome.error
    if last.failure is None:
        assert (type(error).__name__ if error else None) == scenario.raises, error
    elif last.failure.type == "transport":
        assert error is not None
        assert not hasattr(error, "code")
    else:
        assert type(error).__name__ == last.failure.type
        assert (error.code, error.status) == (last.failure.code, last.failure.status)
