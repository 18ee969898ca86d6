"""Which parts of the token totals spans carry, and what backends that add them up make of it."""

from __future__ import annotations

import pytest

from fake_gemini import FakeGemini, client
from fake_gemini.scenarios.media import IMAGE_IN
from fake_gemini.scenarios.text import CACHED_TOKENS, THINKING
from promises.watching import Telemetry

PREFIX = "gen_ai.usage."
TOTALS = ("input_tokens", "output_tokens")
PARTS = {"cache_read.input_tokens": "input_tokens", "reasoning.output_tokens": "output_tokens"}


@pytest.fixture(scope="module", name="fake")
def _fake():
    with FakeGemini() as server:
        yield server


def _counts(fake, scenario, **settings):
    """The token attributes of the one span of a scenario, and of the event beside it."""
    telemetry = Telemetry()
    genai = client(fake.play(scenario))
    with telemetry.attached(emit_event=True, **settings):
        genai.models.generate_content(model="gemini-2.5-flash", contents="Why?")
    genai.close()
    [event] = telemetry._logs.get_finished_logs()
    span, event = (
        {name.removeprefix(PREFIX): n for name, n in held.items() if name.startswith(PREFIX)}
        for held in (telemetry.the_round().attributes, event.log_record.attributes)
    )
    assert span == event
    return span, telemetry


def _added_up(counts):
    """The total of a backend that adds all, and takes off the parts that it knows."""
    return sum(counts.values()) - sum(counts.get(part, 0) for part in PARTS)


@pytest.mark.parametrize("scenario", [CACHED_TOKENS, IMAGE_IN], ids=lambda one: one.name)
def test_sums_are_true_without_modalities(fake, scenario):
    """Langfuse's sum is the truth without tokens by modality, and too much with them."""
    everything, _ = _counts(fake, scenario)
    counts, _ = _counts(fake, scenario, usage_breakdown="NO_MODALITIES")
    truth = sum(everything[name] for name in TOTALS)
    assert _added_up(everything) > truth
    assert _added_up(counts) == truth
    assert counts.keys() == everything.keys() & {*TOTALS, *PARTS}


@pytest.mark.parametrize("scenario", [THINKING, CACHED_TOKENS, IMAGE_IN], ids=lambda one: one.name)
def test_totals_alone(fake, scenario, monkeypatch):
    """With NONE the plain sum is the truth; MLflow's counts keep what is cached, metrics all."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GEMINI_USAGE_BREAKDOWN", "none")
    everything, rich = _counts(fake, scenario, usage_breakdown="ALL")
    counts, poor = _counts(fake, scenario)
    assert counts == {name: everything[name] for name in TOTALS}
    usage = "mlflow.chat.tokenUsage"
    assert poor.the_round().attributes[usage] == rich.the_round().attributes[usage]
    assert poor.counts() == rich.counts()


def test_a_value_that_does_not_exist(fake, monkeypatch, caplog):
    """It is told, and everything is recorded."""
    counts, _ = _counts(fake, THINKING, usage_breakdown="some")
    assert "reasoning.output_tokens" in counts
    assert "Use one of ALL, NO_MODALITIES, NONE." in caplog.text
