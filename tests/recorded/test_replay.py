"""Every recorded exchange, through the real SDK, without the plugin and with it."""

import pytest

from recorded import checks, measures
from recorded.checks import Traced
from recorded.driver import WAYS, Driver, Way, driver_for
from recorded.outcome import Outcome, Player
from recorded.telemetry import Telemetry
from recorded.traffic import FOLDER, Exchange, load_scenarios


def _scenarios():
    """Return the files that hold an exchange with a driver."""
    params = [
        pytest.param(scenario, id=scenario.name)
        for scenario in load_scenarios()
        if any(map(driver_for, scenario.exchanges))
    ]
    reason = f"no recordings: {FOLDER} is absent"
    return params or [pytest.param(None, id="absent", marks=pytest.mark.skip(reason=reason))]


@pytest.mark.parametrize("way", WAYS, ids=[way.name for way in WAYS])
@pytest.mark.parametrize("scenario", _scenarios())
def test_recorded_exchanges_are_traced_truly_and_undisturbed(scenario, way, player, telemetry):
    """Each exchange of a file has its one true span, and its program notices nothing."""
    bare = _replay_bare(scenario.exchanges, way, player)
    wrong = [
        f"exchange {number}: {fault}"
        for number, exchange, driver, outcome in bare
        for fault in checks.faithful(exchange, driver, outcome)
    ]
    calls = []
    telemetry.take_metrics()
    telemetry.take_events()
    with telemetry.attached():
        for number, exchange, driver, outcome in bare:
            traced = _replay_traced(exchange, driver, way, outcome, player, telemetry)
            calls.append(traced)
            faults = [*checks.undisturbed(outcome, traced), *checks.told(traced)]
            wrong += [f"exchange {number}: {fault}" for fault in faults]
    wrong += measures.measured(calls, telemetry.take_metrics())
    wrong += measures.reported(calls, telemetry.take_events())
    assert not wrong, "\n".join(wrong)


def _replay_bare(
    exchanges: tuple[Exchange, ...], way: Way, player: Player
) -> list[tuple[int, Exchange, Driver, Outcome]]:
    return [
        (number, exchange, driver, player.best(exchange, driver, way))
        for number, exchange in enumerate(exchanges)
        if (driver := driver_for(exchange)) is not None
    ]


def _replay_traced(
    exchange: Exchange,
    driver: Driver,
    way: Way,
    bare: Outcome,
    player: Player,
    telemetry: Telemetry,
) -> Traced:
    telemetry.take_spans()
    outcome = player.play(exchange, driver, way, bare.arguments)
    spans, running = telemetry.take_spans()
    return Traced(exchange, driver, outcome, spans, running)
