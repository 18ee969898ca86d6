"""A fake Gemini, and telemetry that is held against the conventions after each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance import assert_conformant
from fake_gemini import FakeGemini
from interactions.watching import Watched

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def fake() -> Iterator[FakeGemini]:
    """One server for all tests of the session."""
    with FakeGemini() as server:
        yield server


@pytest.fixture
def telemetry() -> Iterator[Watched]:
    """The plugin at work; whatever it emits has to conform."""
    telemetry = Watched()
    with telemetry.attached():
        yield telemetry
    assert telemetry.open == []
    if telemetry.ended:
        assert_conformant(spans=telemetry.ended, metrics=telemetry.metrics())
