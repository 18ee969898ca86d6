from __future__ import annotations

import gc
import logging
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import HOWS, FakeGemini, client
from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini import _guard
from promises.programs import ask, close
from promises.seeing import THE_SDKS_OWN, listening
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def telemetry() -> Telemetry:
    """Give each test providers of its own."""
    return Telemetry()


@pytest.fixture
def genai(fake: FakeGemini) -> Iterator[Any]:
    """A client whose every question gets the same answer."""
    genai = client(fake.play(PLAIN_TEXT, repeat=True))
    yield genai
    close(genai)


@pytest.fixture
def no_complaints() -> Iterator[None]:
    """Let nothing warn, log or raise where nobody can catch it."""
    heard: list[Any] = []
    with listening(heard):
        yield
        gc.collect()
    assert [one for one in heard if one[0] not in THE_SDKS_OWN] == []


@pytest.fixture
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start as a process in which nothing was reported yet."""
    monkeypatch.setattr(_guard, "_reported", set())


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, fresh_process: None) -> Any:
    """What is logged from WARNING on, by a process that has not warned of anything yet."""
    caplog.set_level(logging.WARNING)
    return caplog


@pytest.fixture(scope="session", autouse=True)
def _quick_collections(fake: FakeGemini) -> Iterator[None]:
    """Load what the tests need, and keep it out of their many garbage collections."""
    for how in HOWS:
        ask(how, client(fake.play(PLAIN_TEXT)), Telemetry())
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
