"""A fake Gemini, and telemetry that is held against the conventions after each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from interactions.watching import Watched

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def telemetry() -> Iterator[Watched]:
    """The plugin at work; whatever it emits has to conform."""
    telemetry = Watched()
    with telemetry.attached():
        yield telemetry
    telemetry.conform()
