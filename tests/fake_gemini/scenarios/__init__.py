"""The library of scenarios, one module per subject; ``ALL`` holds them by name."""

from __future__ import annotations

from fake_gemini.scenarios import (
    blocked,
    continuation,
    failures,
    grounded,
    measuring,
    media,
    odd_answers,
    odd_usage,
    text,
    tools,
)
from fake_gemini.script import Scenario

MODULES = (
    text,
    tools,
    blocked,
    failures,
    odd_answers,
    odd_usage,
    media,
    grounded,
    continuation,
    measuring,
)
ALL = {
    found.name: found
    for module in MODULES
    for found in vars(module).values()
    if isinstance(found, Scenario)
}

__all__ = [
    "ALL",
    "blocked",
    "continuation",
    "failures",
    "grounded",
    "measuring",
    "media",
    "odd_answers",
    "odd_usage",
    "text",
    "tools",
]
