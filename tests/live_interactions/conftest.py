"""A fake of live interactions, and telemetry that is held against the conventions."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from conformance import assert_conformant
from interactions.watching import Watched
from opentelemetry_instrumentation_gemini._emit import origins
from opentelemetry_instrumentation_gemini._surfaces import interactions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_gemini.live_interactions import FakeLiveInteractions


@pytest.fixture(scope="session")
def socket() -> Iterator[FakeLiveInteractions]:
    """One server for all tests of the session."""
    from fake_gemini.live_interactions import FakeLiveInteractions  # noqa: PLC0415 - see below

    with FakeLiveInteractions() as server:
        yield server


@pytest.fixture
def telemetry() -> Iterator[Watched]:
    """The plugin at work with content everywhere; whatever it emits has to conform."""
    if find_spec("google.genai._interactions_websocket") is None:
        pytest.skip("this google-genai has no live interactions")
    origins._made.clear()
    interactions._models.clear()
    telemetry = Watched()
    with telemetry.attached(capture_message_content="SPAN_AND_EVENT"):
        yield telemetry
    assert telemetry.open == []
    if telemetry.ended:
        assert_conformant(spans=telemetry.ended, metrics=telemetry.metrics(), logs=telemetry.logs())
