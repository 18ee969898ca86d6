from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk.trace import TracerProvider

import opentelemetry_instrumentation_gemini as package
from autolog.small_mlflow import SmallMlflow
from fake_gemini import FakeGemini, client
from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini import _guard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FOREIGN = ("MLFLOW_", "OTEL_")
CHANGED = ("mlflow", "mlflow.tracking.fluent", "mlflow.tracing")


@pytest.fixture
def mlflow() -> Iterator[SmallMlflow]:
    """A server with the one experiment that MLflow begins with."""
    with SmallMlflow() as server:
        yield server


@pytest.fixture
def provider() -> Iterator[TracerProvider]:
    """A tracer provider that is not the global one."""
    provider = TracerProvider(shutdown_on_exit=False)
    yield provider
    provider.shutdown()


@pytest.fixture(autouse=True)
def _clean_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith(FOREIGN)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(_guard, "_reported", set())
    for name in CHANGED:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield
    package.autolog(disable=True)
    if package.GeminiInstrumentor().arguments is not None:
        package.GeminiInstrumentor().uninstrument()


@pytest.fixture
def ask(fake: FakeGemini) -> Iterator[Callable[[], Any]]:
    """What asks Gemini a question and gets an answer."""
    genai = client(fake.play(PLAIN_TEXT, repeat=True))
    yield lambda: genai.models.generate_content(model="gemini-2.5-flash", contents="Why?")
    genai.close()


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """MLflow as a program has loaded it, with what it was told."""
    told = SimpleNamespace(uri="sqlite:///mlflow.db", experiment_id=None, run=None)
    fluent = SimpleNamespace(active_run=lambda: told.run)
    monkeypatch.setitem(sys.modules, "mlflow", SimpleNamespace(get_tracking_uri=lambda: told.uri))
    monkeypatch.setitem(sys.modules, "mlflow.tracking.fluent", fluent)

    def set_experiment(number: str) -> None:
        fluent._active_experiment_id = number

    def start_run(run_id: str, experiment_id: str) -> None:
        told.run = SimpleNamespace(info=SimpleNamespace(run_id=run_id, experiment_id=experiment_id))

    told.set_experiment, told.start_run = set_experiment, start_run
    return told
