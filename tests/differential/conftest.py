from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from opentelemetry_instrumentation_gemini._emit.text import clean_text

pytest.register_assert_rewrite("differential.exported", "differential.judging")

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator


@pytest.fixture(scope="session", autouse=True)
def _quick_collections() -> Iterator[None]:
    """Keep what was there before the tests out of their many garbage collections."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say what failed without the half characters of a case, over which pytest-xdist dies."""
    report = yield
    report.sections = [(name, clean_text(text)) for name, text in report.sections]
    told = str(report.longrepr)
    if clean_text(told) != told:
        report.longrepr = clean_text(told)
    return report
