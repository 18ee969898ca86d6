"""A fake Gemini, and telemetry that is held against the conventions after each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from interactions.watching import Watched
from opentelemetry_instrumentation_gemini._emit import origins
from opentelemetry_instrumentation_gemini._reading import jobs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def telemetry() -> Iterator[Watched]:
    """Telemetry that nothing was told before; whatever it gets has to conform."""
    origins._made.clear()
    jobs.JOBS.__init__()
    telemetry = Watched()
    yield telemetry
    telemetry.conform()
