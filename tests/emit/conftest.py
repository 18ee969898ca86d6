"""What the tests of what leaves have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import FakeGemini, client
from fake_gemini.scenarios.text import PLAIN_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def genai(fake: FakeGemini) -> Iterator[Any]:
    """A client whose every question gets the same answer."""
    genai = client(fake.play(PLAIN_TEXT, repeat=True))
    yield genai
    genai.close()
