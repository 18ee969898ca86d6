from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from fake_gemini import FakeGemini

# The generator of the tables is a program, not an installed package.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))


@pytest.fixture
def gemini(fake: FakeGemini, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every client that is made without arguments ask the fake."""
    for name in list(os.environ):
        if name.startswith(("GOOGLE_", "GEMINI_", "MLFLOW_", "OTEL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GEMINI_API_KEY", "any-key-will-do")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", fake.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
