from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fake_gemini import FakeGemini

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def fake() -> Iterator[FakeGemini]:
    """One server for all tests of the session."""
    with FakeGemini() as server:
        yield server
