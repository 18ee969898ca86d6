"""The library of scenarios, one module per subject; ``ALL`` holds them by name."""

from __future__ import annotations

from fake_gemini.scenarios import failures, text, tools

ALL = {
    scenario.name: scenario for module in (text, tools, failures) for scenario in module.SCENARIOS
}

__all__ = ["ALL", "failures", "text", "tools"]
