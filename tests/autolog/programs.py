"""Whole programs that call Gemini, run as their users run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

OTEL = Path(sys.executable).with_name("opentelemetry-instrument")
FOREIGN = ("MLFLOW_", "OTEL_", "GEMINI_", "GOOGLE_", "PYTHON")

ONE_CALL = """
from google import genai

client = genai.Client()
print(client.models.generate_content(model="gemini-2.5-flash", contents="Why?").text)
"""
AUTOLOG = """
from opentelemetry_instrumentation_gemini import autolog

autolog()
"""


def run(
    program: str,
    gemini: str,
    *before: str | Path,
    python: str | Path = sys.executable,
    **environ: str,
) -> subprocess.CompletedProcess[str]:
    """Run *program* against the fake Gemini at *gemini*, under the command *before* if any."""
    return subprocess.run(
        [*map(str, before), str(python), "-c", program],
        env=_environment({"GEMINI_API_KEY": "key", "GOOGLE_GEMINI_BASE_URL": gemini, **environ}),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def _environment(wanted: Mapping[str, str]) -> dict[str, str]:
    """The variables that a program gets: none that this machine happens to have for it."""
    kept = {name: os.environ[name] for name in os.environ if not name.startswith(FOREIGN)}
    quiet = {"OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none", "NO_PROXY": "127.0.0.1"}
    return {**kept, **quiet, **wanted}
