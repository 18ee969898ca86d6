"""The table and the JSON file."""

import json
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .measure import Result
from .resources import Finding
from .rounds import Spread
from .scenarios import SHORT

_COLUMNS = "{:<28}{:>9}{:>21}{:>9}{:>8}{:>12}{:>7}{:>8}{:>11}{:>9}  {}"
_REFERENCE_FLOOR = 77
_PACKAGES = ("google-genai", "opentelemetry-sdk", "opentelemetry-instrumentation-gemini")


def header() -> Iterator[str]:
    """Yield what the columns mean."""
    yield "Added CPU time in microseconds: median, and the quartiles of the rounds."
    yield "lean: against a floor with the fastest JSON encoder; the marks are for the plain floor."
    yield "looped: ours in a loop of its own, with warm caches; not what a program sees."
    yield "frames: Python functions entered by ours and by the floor; exact on every machine."
    yield "distinct: how many different ones; cold, the first use is the dearest."
    yield ""
    yield _COLUMNS.format(
        "scenario",
        "SDK alone",
        "ours",
        "floor",
        "ratio",
        "95 %",
        "lean",
        "looped",
        "frames",
        "distinct",
        "mark",
    )


def row(result: Result) -> str:
    """Return the line for one scenario."""
    ours, ratio = result.ours, result.ratio
    return _COLUMNS.format(
        result.name,
        f"{result.whole.median:.0f}",
        f"{ours.median:.1f} ({ours.low:.0f}-{ours.high:.0f})",
        _middle(result.floor, ".1f"),
        _middle(ratio, ".2f"),
        "" if ratio is None else f"{ratio.low:.2f}-{ratio.high:.2f}",
        _middle(result.lean_ratio, ".2f"),
        f"{result.looped:.0f}",
        _pair(result.counts.frames, result.counts.floor_frames),
        _pair(result.counts.functions, result.counts.floor_functions),
        _verdict(*mark_of(result)),
    )


def scale(results: Sequence[Result]) -> Iterator[str]:
    """Yield how this machine compares with the one that the marks in microseconds come from."""
    for result in results:
        if result.name == SHORT and result.floor is not None:
            times = result.floor.median / _REFERENCE_FLOOR
            yield (
                f"The marks in us come from a machine on which the floor of the short call takes "
                f"{_REFERENCE_FLOOR} us.\nThis one, as busy as it is, takes {times:.1f} times that."
            )


def finding_row(finding: Finding) -> str:
    """Return the line for one finding."""
    value = f"{finding.value:.2f} {finding.unit}"
    verdict = _verdict(finding.value, finding.most, "")
    return f"{finding.name:<46}{value:>18}  {verdict:<16}{finding.detail}"


def mark_of(result: Result) -> tuple[float | None, float | None, str]:
    """Return the figure that is judged, its mark, and the mark's unit."""
    if result.most_ratio is not None and result.ratio is not None:
        return result.ratio.median, result.most_ratio, "x"
    if result.most_frames is not None:
        return result.counts.frames, result.most_frames, " frames"
    return result.ours.median, result.most_micros, " us"


def write_json(path: Path, results: Sequence[Result], findings: Sequence[Finding]) -> None:
    """Write everything that was measured."""
    document: dict[str, Any] = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "packages": {name: version(name) for name in _PACKAGES},
        "calls": [{**asdict(result), "passed": _passed(*mark_of(result))} for result in results],
        "findings": [
            {**asdict(finding), "passed": finding.value <= finding.most} for finding in findings
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _middle(spread: Spread | None, style: str) -> str:
    return "" if spread is None else format(spread.median, style)


def _pair(ours: int, floor: int | None) -> str:
    return str(ours) if floor is None else f"{ours}/{floor}"


def _passed(value: float | None, most: float | None, _unit: str = "") -> bool | None:
    return None if value is None or most is None else value <= most


def _verdict(value: float | None, most: float | None, unit: str) -> str:
    passed = _passed(value, most)
    if passed is None:
        return ""
    return f"{'pass' if passed else 'FAIL'} (<= {most:g}{unit})"
