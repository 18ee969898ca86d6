"""What every folder of tests needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_gemini import FakeGemini


@pytest.fixture(scope="session")
def fake() -> Iterator[FakeGemini]:
    """One server for all tests of the session."""
    # Not every environment of the matrix has what it is made of.
    from fake_gemini import FakeGemini  # noqa: PLC0415

    with FakeGemini() as server:
        yield server
