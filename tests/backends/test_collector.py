"""A real collector between the program and a backend."""

from __future__ import annotations

import time

import pytest

from backends.collector import PYTHON, collecting
from backends.conftest import QUESTION
from backends.exporting import Pipeline

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON.exists(),
        reason="rotel is not there: make test-backends, or BACKENDS_PYTHON",
    ),
]


@pytest.fixture(name="collected")
def _collected():
    with collecting() as both:
        yield both


@pytest.mark.parametrize("protocol", ["grpc", "http"])
def test_what_is_sent_arrives(protocol, collected, genai, instrument):
    """Traces, metrics and logs come out of the collector byte for byte as they were sent."""
    collector, sink = collected
    pipeline = Pipeline(protocol, collector.url)
    instrument(pipeline)
    genai.models.generate_content(**QUESTION)
    list(genai.models.generate_content_stream(**QUESTION))
    pipeline.flush()
    for signal, sent in pipeline.sent.items():
        assert len(sent) >= 2, signal
        assert sorted(sink.wait_for(signal, len(sent))) == sorted(sent), signal
    pipeline.shutdown()


@pytest.mark.parametrize("protocol", ["grpc", "http"])
def test_a_collector_that_dies(protocol, collected, genai, instrument):
    """The program neither fails nor waits while its collector is gone, and is seen again after."""
    collector, sink = collected
    pipeline = Pipeline(protocol, collector.url, timeout=2)
    instrument(pipeline)
    genai.models.generate_content(**QUESTION)
    pipeline.flush()
    sink.wait_for("traces", 1)
    collector.kill()
    slowest = 0.0
    for _ in range(20):
        began = time.monotonic()
        assert genai.models.generate_content(**QUESTION).text
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.02)
    assert slowest < 1
    collector.start()
    before = len(sink.items["traces"])
    for _ in range(5):
        assert genai.models.generate_content(**QUESTION).text
    pipeline.flush()
    # What was sent meanwhile is the exporter's to keep or to lose.
    sink.wait_for("traces", before + 1)
    pipeline.shutdown()
