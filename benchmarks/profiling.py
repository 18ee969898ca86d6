"""Where the plugin's time goes, function by function."""

import cProfile
import pstats
from contextlib import closing

from .bench import Bench
from .scenarios import Scenario

_CALLS = 2000
_LINES = 40


def print_profile(scenario: Scenario) -> None:
    """Print the functions that take the most time in *scenario*, the SDK's own work left out.

    A profiler makes short functions look dearer than they are: trust the order, not the times.
    """
    profile = cProfile.Profile()
    with closing(Bench(scenario)) as bench, bench.instrumented(scenario.providers()):
        bench.make_ready(instrumented=True)
        profile.enable()
        for _ in range(_CALLS):
            bench.play_instrumented()
        profile.disable()
    print(f"{scenario.name}: {_CALLS} calls")
    pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(_LINES)
