from __future__ import annotations

import os

import pytest

from opentelemetry_instrumentation_gemini import GeminiInstrumentor, _guard


@pytest.fixture(autouse=True)
def _clean_state(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("MLFLOW_", "OTEL_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(_guard, "_reported", set())
    yield
    if GeminiInstrumentor().arguments is not None:
        GeminiInstrumentor().uninstrument()
