"""Interleaved rounds: how time is taken, and what is made of it."""

import gc
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles
from time import monotonic, thread_time_ns
from types import CodeType, FrameType

Run = Callable[[], object]
Samples = dict[str, list[float]]
"""Variant → microseconds of CPU time, one for each round."""

WHOLE = "whole"
"""The uninstrumented call that runs before every sample."""

_FEWEST, _MOST = 24, 3000
_WARM_UP = 4
_REPEATS = 4
_ROUNDS_BETWEEN_COLLECTIONS = 10
_RESAMPLES = 400
_COUNTS = 3


@dataclass(frozen=True)
class Spread:
    """A median with what lies around it, in microseconds.

    Attributes:
        median: Half of the rounds were below.
        low: A quarter of the rounds was below.
        high: A quarter of the rounds was above.
    """

    median: float
    low: float
    high: float


def interleave(
    before: Callable[[str], None], variants: Mapping[str, Run], seconds: float
) -> Samples:
    """Run every variant in every round, in random order, each right after an ordinary call.

    Args:
        before: Makes the ordinary call, which leaves the caches as they are in life, and what
            the variant of that name needs.
        variants: What is timed.
        seconds: How long to go on.
    """
    samples: Samples = {name: [] for name in [*variants, WHOLE]}
    order = list(variants)
    rounds = 0
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        until = monotonic() + seconds
        while rounds < _FEWEST + _WARM_UP or (monotonic() < until and rounds < _MOST):
            rounds += 1
            random.shuffle(order)
            if not rounds % _ROUNDS_BETWEEN_COLLECTIONS:
                gc.collect()
            ordinary: list[float] = []
            for name in order:
                taken, calls = _sample(partial(before, name), variants[name])
                samples[name].append(taken)
                ordinary.append(calls)
            samples[WHOLE].append(median(ordinary))
    finally:
        gc.enable()
        gc.unfreeze()
    return {name: values[_WARM_UP:] for name, values in samples.items()}


def _sample(before: Run, run: Run) -> tuple[float, float]:
    """Return what *run* and the call *before* it take, the median of a few in a row.

    The first one does not count: whatever ran last then was another variant, which a program
    does not have.
    """
    calls: list[float] = []
    taken: list[float] = []
    for _ in range(_REPEATS):
        calls.append(timed(before))
        taken.append(timed(run))
    return median(taken[1:]), median(calls[1:])


def timed(run: Run) -> float:
    """Return the microseconds of CPU time that *run* takes."""
    start = thread_time_ns()
    run()
    return (thread_time_ns() - start) / 1000


def count_frames(run: Run) -> tuple[int, int]:
    """Return how many Python functions *run* enters, and how many different ones.

    It is a measure without noise. Right after a real call a function's first use costs about as
    much as five further ones.
    """
    counts: list[tuple[int, int]] = []
    for _ in range(_COUNTS):
        entered: list[CodeType] = []

        def enter(frame: FrameType, event: str, _argument: object) -> None:
            if event == "call":
                entered.append(frame.f_code)  # noqa: B023 - called within the same turn

        sys.setprofile(enter)
        try:
            run()
        finally:
            sys.setprofile(None)
        counts.append((len(entered), len(set(entered))))
    # The first time something may be looked up that is remembered from then on.
    return min(counts)


def added(samples: Samples, name: str, base: str) -> Spread:
    """Return what *name* costs more than *base*, round by round."""
    return spread([one - other for one, other in zip(samples[name], samples[base], strict=True)])


def spread(values: Sequence[float]) -> Spread:
    """Return the median and the quartiles of *values*."""
    low, middle, high = quantiles(values, n=4)
    return Spread(middle, low, high)


def ratio(samples: Samples, name: str, floor: str, base: str) -> Spread:
    """Return the ratio of what two variants add, with its 95 % interval over resampled rounds."""
    count = len(samples[base])
    ours = [one - other for one, other in zip(samples[name], samples[base], strict=True)]
    least = [one - other for one, other in zip(samples[floor], samples[base], strict=True)]
    chance = random.Random(count)
    ratios = []
    for _ in range(_RESAMPLES):
        rounds = chance.choices(range(count), k=count)
        ratios.append(median(ours[at] for at in rounds) / median(least[at] for at in rounds))
    ratios.sort()
    edge = _RESAMPLES // 40
    return Spread(median(ours) / median(least), ratios[edge], ratios[-edge - 1])
