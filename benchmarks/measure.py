"""One scenario measured: the plain call, ours, and the floor, by turns."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from statistics import median
from typing import Any

from .bench import Bench
from .floor import check_floor, make_floor
from .rounds import (
    WHOLE,
    Run,
    Samples,
    Spread,
    added,
    count_frames,
    interleave,
    ratio,
    spread,
    timed,
)
from .scenarios import Scenario

PLAIN, OURS, FLOOR, LEAN, INSTRUMENTED = "plain", "ours", "floor", "lean", "instrumented"
"""The variants of a call."""


_LOOPS = 100


@dataclass(frozen=True)
class Counts:
    """How many Python functions a variant adds; exact, and the same on each machine.

    Attributes:
        frames: How many the plugin enters.
        functions: How many different ones.
        floor_frames: How many the floor enters.
        floor_functions: How many different ones.
    """

    frames: int
    functions: int
    floor_frames: int | None
    floor_functions: int | None


@dataclass(frozen=True)
class Result:
    """What a scenario costs, in microseconds of CPU time.

    Attributes:
        name: The scenario.
        rounds: How many rounds counted.
        ours: What the plugin adds.
        floor: What hand-written code with `json.dumps` adds.
        lean: What hand-written code with the fastest encoder adds.
        ratio: `ours` over `floor`, with a 95 % interval.
        lean_ratio: `ours` over `lean`, with a 95 % interval.
        whole: The uninstrumented call through the transport.
        instrumented: The instrumented call through the transport.
        looped: What the plugin adds in a loop of its own, with warm caches; no figure to go by.
        counts: How many Python functions are entered, and how many different ones.
        most_ratio: The mark for `ratio`.
        most_micros: The mark for `ours`.
        most_frames: The mark for the functions that the plugin enters.
    """

    name: str
    rounds: int
    ours: Spread
    floor: Spread | None
    lean: Spread | None
    ratio: Spread | None
    lean_ratio: Spread | None
    whole: Spread
    instrumented: Spread
    looped: float
    counts: Counts
    most_ratio: float | None
    most_micros: float | None
    most_frames: int | None


def measure(scenario: Scenario, seconds: float) -> Result:
    """Measure one scenario for about so many *seconds*."""
    with closing(Bench(scenario)) as bench:
        variants: dict[str, Run] = {PLAIN: bench.play_plain, OURS: bench.play_instrumented}
        if scenario.floored:
            variants |= _floors(bench)
        variants[INSTRUMENTED] = bench.call_instrumented
        with bench.instrumented(scenario.providers()):
            samples = interleave(ready(bench), variants, seconds)
            return Result(
                **_figures(samples, floored=scenario.floored),
                counts=_counts(bench, variants),
                name=scenario.name,
                looped=_looped(bench),
                most_ratio=scenario.most_ratio,
                most_micros=scenario.most_micros,
                most_frames=scenario.most_frames,
            )


def _figures(samples: Samples, *, floored: bool) -> dict[str, Any]:
    return {
        "rounds": len(samples[PLAIN]),
        "ours": added(samples, OURS, PLAIN),
        "floor": added(samples, FLOOR, PLAIN) if floored else None,
        "lean": added(samples, LEAN, PLAIN) if floored else None,
        "ratio": ratio(samples, OURS, FLOOR, PLAIN) if floored else None,
        "lean_ratio": ratio(samples, OURS, LEAN, PLAIN) if floored else None,
        "whole": spread(samples[WHOLE]),
        "instrumented": spread(samples[INSTRUMENTED]),
    }


def _counts(bench: Bench, variants: Mapping[str, Run]) -> Counts:
    counts: dict[str, tuple[int, int]] = {}
    for name in (PLAIN, OURS, FLOOR):
        if name in variants:
            ready(bench)(name)
            counts[name] = count_frames(variants[name])
    frames, functions = counts[PLAIN]
    ours, floor = counts[OURS], counts.get(FLOOR)
    return Counts(
        frames=ours[0] - frames,
        functions=ours[1] - functions,
        floor_frames=None if floor is None else floor[0] - frames,
        floor_functions=None if floor is None else floor[1] - functions,
    )


def _looped(bench: Bench) -> float:
    bench.make_ready(instrumented=True)
    ours = median(timed(bench.play_instrumented) for _ in range(_LOOPS))
    return ours - median(timed(bench.play_plain) for _ in range(_LOOPS))


def ready(bench: Bench) -> Callable[[str], None]:
    """Return what makes *bench* ready for each variant."""
    return lambda variant: bench.make_ready(instrumented=variant in {OURS, INSTRUMENTED})


def _floors(bench: Bench) -> dict[str, Run]:
    scenario = bench.scenario
    recorder = bench.record()
    check_floor(recorder, scenario.media)

    def after_plain(floor: Run) -> Run:
        def run() -> None:
            bench.play_plain()
            floor()

        return run

    return {
        name: after_plain(
            make_floor(recorder, scenario.providers(), scenario.media, lean=name == LEAN)
        )
        for name in (FLOOR, LEAN)
    }
