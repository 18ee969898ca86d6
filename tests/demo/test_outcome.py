"""The demo's exit code."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from mlflow_demo import __main__ as demo
from mlflow_demo.readback import Tokens, Trace

SERVER = SimpleNamespace(url="http://127.0.0.1:1")
REPORTED = {"promptTokenCount": 4, "candidatesTokenCount": 2, "totalTokenCount": 6}


@pytest.fixture(name="shown")
def _shown(monkeypatch):
    """Returns what showing the given traces returns, the fake having reported 4 + 2 tokens."""

    def shown(traces, *, fake=SERVER):
        monkeypatch.setattr(demo.readback, "call", lambda _url: {"reported_usage": REPORTED})
        monkeypatch.setattr(demo.readback, "settled_traces", lambda *_: traces)
        return demo.show(SERVER, "1", fake)

    return shown


def test_true_totals_succeed(shown):
    """Totals that agree are success."""
    assert shown([Trace("a", "OK", Tokens(4, 2, 6), None)]) == 0


@pytest.mark.parametrize("tokens", [Tokens(4, 2, 7), Tokens(8, 4, 12), None])
def test_wrong_totals_fail(shown, tokens, capsys):
    """A total that is off by one, doubled or missing fails the demo."""
    assert shown([Trace("a", "OK", tokens, None)]) == 1
    assert "THE TOTALS DIFFER" in capsys.readouterr().out


@pytest.mark.parametrize("fake", [SERVER, None])
def test_no_trace_fails(shown, fake, capsys):
    """Nothing in MLflow is a failure, against the fake and against the real Gemini."""
    assert shown([], fake=fake) == 1
    assert "no trace" in capsys.readouterr().out


def test_real_gemini_has_nothing_to_compare_with(shown):
    """Against the real Gemini the traces are shown and nothing is claimed about their totals."""
    assert shown([Trace("a", "OK", Tokens(1, 1, 2), None)], fake=None) == 0


def test_failing_program_fails_the_demo(monkeypatch, tmp_path, capfd):
    """A program that fails is reported with what it wrote to stderr."""
    monkeypatch.setattr(demo, "BIN", tmp_path)
    runner = tmp_path / "opentelemetry-instrument"
    runner.write_text("#!/bin/sh\necho 'it broke' >&2\nexit 3\n")
    runner.chmod(0o755)
    plan = demo.planning.plan_from({}, terminal=False)
    assert demo.run_program(plan, None, {}) == 1
    assert "it broke" in capfd.readouterr().err


def test_demo_runs_the_quickstart():
    """The demo runs the example that the documentation shows."""
    quickstart = Path(__file__).parents[2] / "examples" / "quickstart.py"
    assert quickstart.samefile(demo.ROOT / demo.PROGRAM)
