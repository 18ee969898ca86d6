"""Run google-genai's own tests without and with this plugin, and list what only passes without.

    python scripts/sdk_tests.py            # the newest release, and the last 2.x
    python scripts/sdk_tests.py 3.4.0      # another one

The tests are those in the SDK's wheel. Each release gets an environment of its own. A test that
only fails with the plugin is repeated alone, with and without it, before it counts: some depend
on time.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parent
NEWEST = "newest"
RELEASES = (NEWEST, "2.34.0")
TESTS = "google/genai/tests"
PACKAGES = (
    "aiohttp",
    "httpx",
    "mcp",
    "opentelemetry-sdk",
    "pillow",
    "pytest",
    "pytest-asyncio",
    "pytest-xdist",
)
# The tests must neither use a real account nor be traced by somebody else's settings.
PRIVATE = ("GEMINI_", "GOOGLE_", "GCLOUD_", "OTEL_", "PYTEST_")
OPTIONS = (
    *("--mode", "replay"),
    # Without it pytest imports a second copy of the SDK as `genai`.
    *("-o", "consider_namespace_packages=true"),
    "--continue-on-collection-errors",
    *("-p", "no:cacheprovider"),
    *("-p", "sdk_tests_plugin"),
    *("-q", "--tb=short", "--no-header", "--disable-warnings"),
)


@dataclass
class Run:
    """One run of the SDK's tests: the outcome of each, the spans, and the plugin's own lines."""

    outcomes: dict[str, str]
    spans: dict[str, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def passed(self) -> set[str]:
        """The tests that passed."""
        return {test for test, outcome in self.outcomes.items() if outcome == "passed"}


@dataclass(frozen=True)
class Sdk:
    """An environment with one release of the SDK."""

    python: Path
    root: Path
    version: str

    def run(self, folder: Path, *, traced: bool, tests: list[str], workers: int) -> Run:
        """Run *tests*; what pytest prints goes to a log file in *folder*."""
        name = f"{self.version}-{'with' if traced else 'without'}{'' if workers else '-again'}"
        outcomes = folder / f"{name}.json"
        outcomes.unlink(missing_ok=True)
        nothing = folder / "no-replays"
        nothing.mkdir(parents=True, exist_ok=True)
        # Without a file of its own pytest would find this project's settings.
        settings = folder / "pytest.ini"
        settings.write_text("[pytest]\n", "utf-8")
        command = [
            *(str(self.python), "-m", "pytest", *tests, *OPTIONS),
            *("-c", str(settings), "--rootdir", str(self.root)),
            *("-n", str(workers), "--dist", "loadfile", "--outcomes", str(outcomes)),
            *(["--traced"] if traced else []),
        ]
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(PRIVATE)},
            "GOOGLE_GENAI_REPLAYS_DIRECTORY": str(nothing),
            "PYTHONPATH": str(SCRIPTS),
        }
        began = time.monotonic()
        log = folder / f"{name}.log"
        with log.open("w") as output:
            # Half of the tests need recordings that are not shipped, so pytest never ends with 0.
            done = subprocess.run(
                command, cwd=self.root, env=environ, stdout=output, stderr=output, check=False
            )
        seconds = time.monotonic() - began
        if not outcomes.exists():
            sys.exit(f"pytest ended early ({done.returncode}):\n{log.read_text('utf-8')[-2000:]}")
        return Run(**json.loads(outcomes.read_text("utf-8")), seconds=seconds)


def make_sdk(release: str, folder: Path) -> Sdk:
    """Make an environment for *release*."""
    shutil.rmtree(folder, ignore_errors=True)
    wanted = "google-genai" if release == NEWEST else f"google-genai=={release}"
    setup = [sys.executable, str(SCRIPTS / "environment.py"), str(folder), wanted, *PACKAGES]
    subprocess.run(setup, check=True)
    python = folder / "bin" / "python"
    version = subprocess.run(
        [python, "-c", "import importlib.metadata as m; print(m.version('google-genai'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    variables = {"base": str(folder), "platbase": str(folder)}
    root = Path(sysconfig.get_path("purelib", "venv", vars=variables))
    return Sdk(python, root, version.stdout.strip())


def compare(sdk: Sdk, folder: Path, workers: int) -> bool:
    """Run the tests of *sdk* twice, print the figures, and tell whether nothing was lost."""
    without, traced = (
        sdk.run(folder, traced=on, tests=[TESTS], workers=workers) for on in (False, True)
    )
    print(f"\ngoogle-genai {sdk.version}, Python {sys.version.split()[0]}")
    for name, run in (("without", without), ("with", traced)):
        print(f"  {name:8} {len(run.passed)} passed of {len(run.outcomes)}, {run.seconds:.0f} s")
    print("  spans   ", ", ".join(f"{count} {what}" for what, count in traced.spans.items()))
    lost = sorted(without.passed - traced.passed)
    real = again(sdk, folder, lost) if lost else []
    for test in lost:
        print(f"  {'LOST  ' if test in real else 'unsteady'} {test}")
    for line in traced.lines:
        print(f"  LOGGED  {line}")
    open_spans = traced.spans.get("started", 0) - traced.spans.get("ended", 0)
    print(f"  {len(real)} lost, {len(traced.lines)} log lines, {open_spans} spans left open")
    return bool(without.passed) and bool(traced.spans) and not real


def again(sdk: Sdk, folder: Path, lost: list[str]) -> list[str]:
    """Repeat *lost* tests alone, and return those that still only pass without the plugin."""
    modules = sorted({test.partition("::")[0] for test in lost})
    without, traced = (sdk.run(folder, traced=on, tests=modules, workers=0) for on in (False, True))
    return [test for test in lost if test in without.passed - traced.passed]


def main() -> None:
    """Read the command line and compare each release."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("releases", nargs="*", default=RELEASES, metavar="RELEASE")
    parser.add_argument("-n", type=int, default=os.cpu_count(), metavar="N", help="processes")
    parser.add_argument("--logs", type=Path, help="keep pytest's own output in this folder")
    asked: Any = parser.parse_args()
    kept = [compare_release(release, asked.logs, asked.n) for release in asked.releases]
    sys.exit(not all(kept))


def compare_release(release: str, logs: Path | None, workers: int) -> bool:
    """Make the environment of *release* and compare."""
    sdk = make_sdk(release, SCRIPTS.parent / ".venvs" / f"sdk-tests-{release}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = logs or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        return compare(sdk, folder.resolve(), workers)


if __name__ == "__main__":
    main()
