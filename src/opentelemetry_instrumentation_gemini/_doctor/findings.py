"""What the doctor finds, and how it is written."""

import json
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import groupby
from typing import NamedTuple


class Level(str, Enum):
    """How much a finding matters."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


class Finding(NamedTuple):
    """One sentence of the doctor's."""

    section: str
    level: Level
    text: str


def ok(section: str, text: str) -> Finding:
    """Return a finding that is as it should be."""
    return Finding(section, Level.OK, text)


def note(section: str, text: str) -> Finding:
    """Return a finding that is worth knowing."""
    return Finding(section, Level.NOTE, text)


def problem(section: str, text: str) -> Finding:
    """Return a finding that needs its remedy."""
    return Finding(section, Level.PROBLEM, text)


def problems(findings: Iterable[Finding]) -> int:
    """Return how many findings need a remedy."""
    return sum(finding.level is Level.PROBLEM for finding in findings)


def as_text(findings: Sequence[Finding]) -> str:
    """Return *findings* for people."""
    lines: list[str] = []
    for section, group in groupby(findings, key=lambda finding: finding.section):
        lines += [section, *(f"  {item.level.value:<8}{item.text}" for item in group), ""]
    count = problems(findings)
    last = f"{count} problem{'s' * (count > 1)}" if count else "No problems"
    return "\n".join([*lines, f"{last}."])


def as_json(findings: Sequence[Finding]) -> str:
    """Return *findings* for programs."""
    count = problems(findings)
    listed = [
        {"section": item.section, "level": item.level.value, "text": item.text} for item in findings
    ]
    return json.dumps({"ok": not count, "problems": count, "findings": listed}, indent=2)
