"""Interleaved rounds: how time is taken, and what is made of it."""

import gc
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles
from time import monotonic, thread_time_ns

Run = Callable[[], object]
Samples = dict[str, list[float]]
"""Variant → microseconds of CPU time, one for each round."""

WHOLE = "whole"
"""The uninstrumented call that runs before every sample."""

_FEWEST, _MOST = 30, 3000
_WARM_UP = 10
_ROUNDS_BETWEEN_COLLECTIONS = 10
_RESAMPLES = 400


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
                ordinary.append(timed(partial(before, name)))
                samples[name].append(timed(variants[name]))
            samples[WHOLE].append(median(ordinary))
    finally:
        gc.enable()
        gc.unfreeze()
    return {name: values[_WARM_UP:] for name, values in samples.items()}


def timed(run: Run) -> float:
    """Return the microseconds of CPU time that *run* takes."""
    start = thread_time_ns()
    run()
    return (thread_time_ns() - start) / 1000


def count_frames(run: Run) -> int:
    """Return how many Python functions *run* enters: a measure that knows no noise."""
    count = 0

    def entered(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(entered)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


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
