"""A backend that refuses, dawdles or breaks off: the program never notices."""

from __future__ import annotations

import time

import pytest

from backends.collector import PYTHON, collecting
from backends.conftest import QUESTION
from backends.envoy import Envoy
from backends.exporting import Pipeline

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON.exists(),
        reason="rotel and Envoy are not there: make test-backends, or BACKENDS_PYTHON",
    ),
]

CALLS = 20
# Below what a call takes against the fake on a busy machine, above any wait for a backend here.
SLOWEST = 1.0
TIMEOUT = 2
REFUSED = {"abort.abort_percent": 100}
FAULTS = {
    "429": {**REFUSED, "abort.http_status": 429},
    "503": {**REFUSED, "abort.http_status": 503},
    "delay": {"delay.fixed_delay_percent": 100, "delay.fixed_duration_ms": 30_000},
    "RESOURCE_EXHAUSTED": {**REFUSED, "abort.grpc_status": 8},
    "UNAVAILABLE": {**REFUSED, "abort.grpc_status": 14},
}
CASES = [
    *[("http", fault) for fault in ("429", "503", "delay")],
    *[("grpc", fault) for fault in ("429", "503", "delay", "RESOURCE_EXHAUSTED", "UNAVAILABLE")],
]


@pytest.fixture(name="collected")
def _collected():
    with collecting() as both:
        yield both


@pytest.fixture(name="envoy")
def _envoy(collected, tmp_path):
    with Envoy(collected[0], tmp_path).running() as envoy:
        yield envoy


def _ask(genai):
    """Ask a number of questions, as a program would; none fails, and none waits."""
    for number in range(CALLS):
        began = time.monotonic()
        if number % 4:
            assert genai.models.generate_content(**QUESTION).text
        else:
            assert list(genai.models.generate_content_stream(**QUESTION))
        assert time.monotonic() - began < SLOWEST
        time.sleep(0.02)


@pytest.mark.parametrize(("protocol", "fault"), CASES)
def test_a_backend_in_trouble(protocol, fault, collected, envoy, genai, instrument):
    """Calls go on as ever, and what is sent after the trouble arrives byte for byte."""
    _, sink = collected
    pipeline = Pipeline(protocol, envoy.url, timeout=TIMEOUT)
    instrument(pipeline)
    genai.models.generate_content(**QUESTION)
    pipeline.flush()
    sink.wait_for("traces", 1)
    envoy.set(**FAULTS[fault])
    _ask(genai)
    assert len(sink.items["traces"]) == 1
    assert envoy.disturbed
    envoy.set()
    genai.models.generate_content(**QUESTION)
    pipeline.flush()
    # What was sent meanwhile is the exporter's to keep or to lose.
    for signal, sent in pipeline.sent.items():
        sink.wait_for(signal, 2)
        assert set(sink.items[signal]) <= set(sent), signal
    pipeline.shutdown()


@pytest.mark.parametrize("protocol", ["http", "grpc"])
def test_a_connection_that_breaks_off(protocol, collected, envoy, genai, instrument):
    """Calls go on as ever where every connection is closed before an answer."""
    _, sink = collected
    pipeline = Pipeline(protocol, lambda *where: envoy.url(*where, broken=True), timeout=TIMEOUT)
    instrument(pipeline)
    _ask(genai)
    assert pipeline.sent["traces"]
    assert envoy.disturbed
    assert sink.items["traces"] == []
    pipeline.shutdown()
