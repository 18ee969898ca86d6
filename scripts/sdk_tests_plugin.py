"""A pytest plugin: what each test came to, and, with `--traced`, the plugin of this project on.

It works alone and under pytest-xdist, where each worker traces and the controller sums up.
"""

import json
import logging
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.context import Context
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider

from opentelemetry_instrumentation_gemini import GeminiInstrumentor

_WORST_FIRST = ("failed", "skipped", "passed")


class _Counting(SpanProcessor):
    """Counts spans by what became of them."""

    def __init__(self, seen: Counter[str]) -> None:
        self._seen = seen

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        self._seen["started"] += 1

    def on_end(self, span: ReadableSpan) -> None:
        self._seen["ended"] += 1
        attributes = span.attributes or {}
        self._seen["with content"] += any(name.endswith(".messages") for name in attributes)
        self._seen["with usage"] += "gen_ai.usage.input_tokens" in attributes
        self._seen["of errors"] += not span.status.is_unset


class _OwnLines(logging.Handler):
    """Keeps what this project's plugin logs, with the test that was running."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines
        self.test = "(collection)"

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(f"{self.test}: {record.levelname} {record.getMessage()}")


class Watch:
    """Takes outcomes and, where tests run traced, what the plugin did."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._outcomes: dict[str, str] = {}
        self._spans: Counter[str] = Counter()
        self._lines: list[str] = []
        self._handler = _OwnLines(self._lines)
        if config.getoption("--traced"):
            logging.getLogger("opentelemetry_instrumentation_gemini").addHandler(self._handler)
            self._trace()

    def _trace(self) -> None:
        tracers = TracerProvider()
        tracers.add_span_processor(_Counting(self._spans))
        GeminiInstrumentor().instrument(
            tracer_provider=tracers,
            meter_provider=MeterProvider([InMemoryMetricReader()]),
            logger_provider=LoggerProvider(),
            capture_message_content="SPAN_AND_EVENT",
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Remember which test runs."""
        self._handler.test = item.nodeid
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the worst outcome of a test's setup, call and teardown."""
        known = self._outcomes.get(report.nodeid, "passed")
        self._outcomes[report.nodeid] = min(known, report.outcome, key=_WORST_FIRST.index)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker saw."""
        seen: dict[str, Any] = getattr(node, "workeroutput", {})
        self._spans.update(seen.get("spans", {}))
        self._lines += seen.get("lines", [])

    def pytest_sessionfinish(self) -> None:
        """Send what was seen to the controller, or write it down if this is it."""
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput.update(spans=dict(self._spans), lines=self._lines)
            return
        report = {"outcomes": self._outcomes, "spans": self._spans, "lines": self._lines}
        Path(self._config.getoption("--outcomes")).write_text(json.dumps(report), "utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    parser.addoption("--traced", action="store_true", help="trace the SDK while it is tested")
    parser.addoption("--outcomes", required=True, help="the file to write the outcomes to")


def pytest_configure(config: pytest.Config) -> None:
    """Start to watch."""
    config.pluginmanager.register(Watch(config))
