from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance import assert_conformant
from fake_gemini.live import FakeLive
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def live() -> Iterator[FakeLive]:
    """One server for all tests of the session."""
    with FakeLive() as server:
        yield server


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """Providers of its own for each test, whose spans are held against the conventions after it."""
    telemetry = Telemetry()
    with telemetry.attached():
        yield telemetry
    assert telemetry.open == []
    if telemetry.ended:
        assert_conformant(spans=telemetry.ended)
