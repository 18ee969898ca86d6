"""The example program by itself."""

import os
import subprocess
import sys
from pathlib import Path

from mlflow_demo.plan import program_environment

from fake_gemini.server import FakeGemini

QUICKSTART = Path(__file__).resolve().parents[2] / "examples" / "quickstart.py"


def test_quickstart_runs_without_telemetry():
    """The program needs the SDK only, finds the fake by the SDK's variables, and does it all."""
    with FakeGemini() as fake:
        environ = program_environment(os.environ, gemini_url=fake.url, traces={})
        done = subprocess.run(
            [sys.executable, QUICKSTART], env=environ, capture_output=True, text=True, check=True
        )
    kinds = [line.split(":")[0] for line in done.stdout.splitlines() if ":" in line]
    assert kinds == ["Answer", "Stream", "Chat", "Chat", "Tool", "Vectors", "Error"]
    assert "Error:  404" in done.stdout
    assert "opentelemetry" not in QUICKSTART.read_text()
