"""Programs in processes of their own, for what a process can do only once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
INSTRUMENT = "from opentelemetry.instrumentation.auto_instrumentation import run; run()"
"""What the command `opentelemetry-instrument` does."""
TIMEOUT = 120
QUIET = {
    "OTEL_TRACES_EXPORTER": "none",
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_LOGS_EXPORTER": "none",
}
"""An OpenTelemetry without exporters, which would import their HTTP clients."""


def python(program: str, *, auto: bool = False, **environment: str) -> Any:
    """Run a program in a fresh interpreter and return what it handed to `tell`.

    Args:
        program: Its text; `tell(value)` hands a value to the test.
        auto: Whether it runs under `opentelemetry-instrument`.
        environment: Variables that it gets, beside those that every program needs.
    """
    prelude = "import json\ndef tell(value):\n    print('told:' + json.dumps(value))\n"
    done = run(["-c", prelude + textwrap.dedent(program)], auto=auto, **environment)
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stdout.splitlines() if line.startswith("told:")]
    return json.loads(told[-1].removeprefix("told:"))


def run(
    arguments: list[str], *, auto: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments and return what it said."""
    command = [sys.executable, *arguments]
    if auto:
        command = [sys.executable, "-c", INSTRUMENT, *command]
    return subprocess.run(
        command,
        env={**_bare_environment(), **environment},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


def _bare_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    path = [str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(path)}
