from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from fake_gemini import FakeGemini
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def fake() -> Iterator[FakeGemini]:
    """One server for all tests of the session."""
    with FakeGemini() as server:
        yield server


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """Give each test providers of its own."""
    telemetry = Telemetry()
    yield telemetry
    telemetry.tracers.shutdown()
    telemetry.meters.shutdown()


@pytest.fixture(scope="session", autouse=True)
def _quick_collections() -> Iterator[None]:
    """Keep what was there before the tests out of their many garbage collections."""
    import google.genai  # noqa: F401, PLC0415 - not while collecting

    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
