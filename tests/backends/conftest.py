from __future__ import annotations

import pytest

from fake_gemini import client
from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini import GeminiInstrumentor

QUESTION = {"model": "gemini-2.5-flash", "contents": "Why?"}


@pytest.fixture
def genai(fake):
    """A client that gets the same answer to every question."""
    made = client(fake.play(PLAIN_TEXT, repeat=True))
    yield made
    made.close()


@pytest.fixture
def instrument():
    """What instruments, until the test ends."""
    yield lambda pipeline: GeminiInstrumentor().instrument(
        capture_message_content="SPAN_AND_EVENT", **pipeline.providers
    )
    GeminiInstrumentor().uninstrument()
