"""A fake Gemini, telemetry that is held against the conventions, and clients that are let go."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from interactions.watching import Watched
from opentelemetry_instrumentation_gemini import GeminiInstrumentor, _clients, _guard
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def telemetry() -> Iterator[Watched]:
    """Telemetry that nothing is told unless a test instruments something; it has to conform."""
    telemetry = Watched()
    yield telemetry
    telemetry.conform()


@pytest.fixture(autouse=True)
def _left_as_found() -> Iterator[None]:
    """Let go of every client, and look whether the hooks come off with the last one."""
    yield
    for mark in list(_clients._clients):
        _clients.remove_client((mark,))
    GeminiInstrumentor().uninstrument_client(None)
    assert list(placed_hooks()) == []


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is logged from WARNING on, by a process that has not warned of anything yet."""
    monkeypatch.setattr(_guard, "_reported", set())
    caplog.set_level(logging.WARNING)
    return caplog
