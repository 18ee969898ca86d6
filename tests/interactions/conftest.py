"""A fake Gemini, and telemetry that is held against the conventions after each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance import assert_conformant
from interactions.watching import Watched
from opentelemetry_instrumentation_gemini._emit import origins

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def telemetry() -> Iterator[Watched]:
    """The plugin at work with content everywhere; whatever it emits has to conform."""
    origins._made.clear()
    telemetry = Watched()
    with telemetry.attached(capture_message_content="SPAN_AND_EVENT"):
        yield telemetry
    assert telemetry.open == []
    assert_conformant(spans=telemetry.ended, metrics=telemetry.metrics(), logs=telemetry.logs())
