"""The plugin on, with everything it tells kept in memory, and not one log line of its own."""

import logging
from collections.abc import Iterator
from importlib.metadata import distributions

import pytest

from matrix.watching import Watched

LOGGER = "opentelemetry_instrumentation_gemini"
SHOWN = ("google-genai", "opentelemetry-sdk", "wrapt", "pydantic", "httpx", "aiohttp", "mcp")


def pytest_report_header() -> str:
    """Say what the tests run with: that is what a matrix is about."""
    installed = {found.metadata["name"]: found.version for found in distributions()}
    return "with: " + ", ".join(f"{name} {installed.get(name, '-')}" for name in SHOWN)


@pytest.fixture
def watched(caplog: pytest.LogCaptureFixture) -> Iterator[Watched]:
    """Instrument for one test; at its end nothing may have been logged or left open."""
    with caplog.at_level(logging.DEBUG, LOGGER), Watched() as everything:
        yield everything
        assert [record.getMessage() for record in caplog.records if record.name == LOGGER] == []
        everything.assert_sound()
