"""Memory and growth: what a large call takes, beside its time."""

import gc
import tracemalloc
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

from .bench import Bench
from .measure import OURS, PLAIN, ready
from .rounds import Run, added, interleave, timed
from .scenarios import IMAGE, MLFLOW, SHORT, Scenario, history, image, short

_MEBIBYTE = 1024 * 1024
_LARGE_IMAGE = IMAGE * 20
_LENGTHS = (500, 1000, 2000)
_REPEATS = 15


@dataclass(frozen=True)
class Finding:
    """One figure with its mark.

    Attributes:
        name: What was measured.
        value: The figure.
        unit: Its unit.
        most: The mark.
        detail: What the figure was made of.
    """

    name: str
    value: float
    unit: str
    most: float
    detail: str


def find_memory() -> list[Finding]:
    """Return the peaks of memory in relation to what is exported."""
    return [
        _peak(image("1 MB image", IMAGE, media=IMAGE)),
        _peak(history(_LENGTHS[-1])),
        _peak(replace(history(_LENGTHS[-1], settings=MLFLOW), name="the same for MLflow")),
    ]


def find_growth(seconds: float) -> list[Finding]:
    """Return how the time grows with the size of the call."""
    return [_growth(), _dropped_media(seconds)]


def _peak(scenario: Scenario) -> Finding:
    with closing(Bench(scenario)) as bench:
        spans = [item for kind, item, _ in bench.record().journal if kind == "end"]
        exported = sum(
            len(value.encode())
            for span in spans
            for value in span.attributes.values()
            if isinstance(value, str)
        )
        with bench.instrumented(scenario.providers()):
            bench.make_ready(instrumented=True)
            bench.play_instrumented()
            taken = _traced(bench.play_instrumented) - _traced(bench.play_plain)
    detail = f"{taken / 1024:.0f} KiB at most for {exported / 1024:.0f} KiB exported"
    # Bytes and the text made of them are exactly twice the export; what else there is is small.
    times = round(taken / exported, 1)
    return Finding(f"peak memory, {scenario.name}", times, "x exported", 2, detail)


def _traced(run: Run) -> int:
    """Return how many bytes *run* holds at its peak."""
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        run()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak - before


def _growth() -> Finding:
    """Compare the time for each message of a long history with that of a shorter one.

    No ordinary call runs in between: the SDK takes a second for one of this length.
    """
    each: list[float] = []
    for length in _LENGTHS:
        scenario = history(length)
        with closing(Bench(scenario)) as bench, bench.instrumented(scenario.providers()):
            bench.make_ready(instrumented=True)
            micros = _typical(bench.play_instrumented) - _typical(bench.play_plain)
            each.append(micros / length)
    detail = ", ".join(
        f"{length}: {micros:.2f} us" for length, micros in zip(_LENGTHS, each, strict=True)
    )
    name = f"time per message, {_LENGTHS[-1]} against {_LENGTHS[0]}"
    return Finding(name, each[-1] / each[0], "x", 1.3, detail)


def _typical(run: Run) -> float:
    return median(timed(run) for _ in range(_REPEATS))


def _dropped_media(seconds: float) -> Finding:
    """Compare a call with an image too large to keep with the short call."""
    scenario = short(SHORT)
    large = image("20 MB image", _LARGE_IMAGE)
    with closing(Bench(scenario)) as bench:
        variants: dict[str, Run] = {
            PLAIN: bench.play_plain,
            OURS: bench.play_instrumented,
            "plain large": partial(bench.play_plain, large),
            "large": partial(bench.play_instrumented, large),
        }
        hooked = {"large": OURS}
        before = ready(bench)
        with bench.instrumented(scenario.providers()):
            samples = interleave(lambda name: before(hooked.get(name, name)), variants, seconds)
    small = added(samples, OURS, PLAIN).median
    big = added(samples, "large", "plain large").median
    size = len(_LARGE_IMAGE) // _MEBIBYTE
    return Finding(
        f"{size} MB image with its bytes dropped",
        big / small,
        "x short call",
        1.5,
        f"{big:.0f} us against {small:.0f} us",
    )
