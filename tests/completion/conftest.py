from __future__ import annotations

import pytest

from fake_gemini import client
from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini import _guard
from opentelemetry_instrumentation_gemini._emit import completion
from promises.watching import Telemetry


@pytest.fixture
def genai(fake):
    """A client that gets the same answer to every question."""
    made = client(fake.play(PLAIN_TEXT, repeat=True))
    yield made
    made.close()


@pytest.fixture
def telemetry():
    """Providers that keep what reaches them."""
    return Telemetry()


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    """Nothing is reported or loaded yet, and the environment asks for nothing."""
    monkeypatch.setattr(_guard, "_reported", set())
    for name in ("COMPLETION_HOOK", "UPLOAD_BASE_PATH", "UPLOAD_FORMAT", "UPLOAD_MAX_QUEUE_SIZE"):
        monkeypatch.delenv(f"OTEL_INSTRUMENTATION_GENAI_{name}", raising=False)
    monkeypatch.setattr(completion, "_loaded", {})
