"""Start-up: what `opentelemetry-instrument python` takes with the plugin and without."""

import os
import subprocess
import sys
from pathlib import Path

from .resources import Finding

_ROUNDS = 15
_PROGRAM = (
    "import sys; print(len(sys.modules), any('google.genai' in name for name in sys.modules))"
)
_QUIET = {
    "OTEL_TRACES_EXPORTER": "none",
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_LOGS_EXPORTER": "none",
}
_WITHOUT = {"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "gemini"}


def find_startup() -> list[Finding]:
    """Return what the plugin adds to the start of a program that never uses the SDK."""
    command = Path(sys.executable).with_name("opentelemetry-instrument")
    if not command.exists():
        return []
    with_us: list[float] = []
    without: list[float] = []
    for _ in range(_ROUNDS):
        ours, modules, loaded = _start(command, {})
        bare, bare_modules, _ = _start(command, _WITHOUT)
        with_us.append(ours)
        without.append(bare)
    # Whatever disturbs a start makes it longer: the shortest of each is the truest.
    added = min(with_us) - min(without)
    detail = f"{min(with_us):.0f} ms against {min(without):.0f} ms of CPU time"
    return [
        Finding("start-up", added, "ms", 30, detail),
        Finding(
            "modules imported at start-up", modules - bare_modules, "modules", 100, f"of {modules}"
        ),
        Finding("the SDK imported at start-up", float(loaded), "", 0, ""),
    ]


def _start(command: Path, environment: dict[str, str]) -> tuple[float, int, bool]:
    """Return the CPU milliseconds, the number of modules, and whether the SDK is among them."""
    process = subprocess.Popen(
        [command, sys.executable, "-c", _PROGRAM],
        env={**os.environ, **_QUIET, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        output = process.stdout.read() if process.stdout is not None else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}.")
    count, loaded = output.split()[-2:]
    return (usage.ru_utime + usage.ru_stime) * 1000, int(count), loaded == "True"
