"""The matrix: which releases of the SDKs, Python and OpenTelemetry the plugin works with.

    nox                     # everything
    nox --list              # what there is
    nox -s "sdk(1.32.0, py3.10)"

Each session makes its own environment and runs the tests in `tests/matrix` and some others, or
those of google-generativeai in `tests/legacy`, which need two minutes at most.
"""

import os
from pathlib import Path

import nox

nox.needs_version = ">= 2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_missing_interpreters = True

PYTHONS = ("3.10", "3.11", "3.12", "3.13")
OLDEST_PYTHON, NEWEST_PYTHON = PYTHONS[0], PYTHONS[-1]
NEWEST = "newest"
MCP_1, MCP_2 = "mcp < 2", "mcp >= 2"
# Each release with its oldest Python and the newest MCP that it works with: the floor, the ends of
# the majors, and where what is hooked moved in between.
SDKS = {
    "1.32.0": ("3.10", MCP_1),
    "1.60.0": ("3.10", MCP_1),
    "2.0.0": ("3.10", MCP_1),
    "2.10.0": ("3.10", MCP_1),
    "2.20.0": ("3.10", MCP_2),
    "2.34.0": ("3.11", MCP_2),
    "3.4.0": ("3.11", MCP_2),
    NEWEST: ("3.11", MCP_2),
}
FLOOR = next(iter(SDKS))
CORE = (
    "tests/matrix",
    "tests/promises/test_memory.py",
    "tests/retries",
    # The other tests of single clients use one in several event loops, which old SDKs cannot.
    "tests/clients/test_parts.py",
    "tests/clients/test_sessions.py",
)
# Not the group of all tests: parts of it need a newer OpenTelemetry than the floor.
TEST_PACKAGES = (
    "jsonschema",
    "opentelemetry-sdk",
    "pytest",
    "pytest-asyncio",
    "pytest-xdist",
    "starlette",
    "trustme",
    "uvicorn",
)
LEGACY_PACKAGES = (
    "hypothesis",
    "opentelemetry-distro",
    "opentelemetry-exporter-otlp-proto-common",
    "pillow",
)


def _find_pyenv() -> None:
    """Put pyenv's Pythons on PATH themselves: its shims exist for versions that are not active."""
    root = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()  # noqa: TID251
    found = [root / "versions" / each.parent.parent.name / "bin" for each in _pythons(root)]
    os.environ["PATH"] = os.pathsep.join([*map(str, found), os.environ["PATH"]])  # noqa: TID251


def _pythons(root: Path) -> list[Path]:
    return [each for name in PYTHONS for each in sorted(root.glob(f"versions/*/bin/python{name}"))]


_find_pyenv()


def _run_core(session: nox.Session, sdk: str, *packages: str) -> None:
    wanted = "google-genai" if sdk == NEWEST else f"google-genai=={sdk}"
    session.install("--editable", ".", wanted, *TEST_PACKAGES, *packages)
    session.run("pytest", *CORE, "-p", "no:cacheprovider", *(session.posargs or ("-n", "2")))


@nox.session
@nox.parametrize(
    "python,sdk,mcp",
    [
        nox.param(python, sdk, mcp, id=f"{sdk}, py{python}")
        for sdk, (oldest, newest_mcp) in SDKS.items()
        for python, mcp in ((oldest, MCP_1), (NEWEST_PYTHON, newest_mcp))
    ],
)
def sdk(session: nox.Session, sdk: str, mcp: str) -> None:
    """Every release, on the oldest Python with MCP 1 and on the newest with the newest MCP."""
    _run_core(session, sdk, mcp)


@nox.session
@nox.parametrize(
    "python,sdk",
    [nox.param(OLDEST_PYTHON, FLOOR, id=FLOOR), nox.param(SDKS[NEWEST][0], NEWEST, id=NEWEST)],
)
def floor(session: nox.Session, sdk: str) -> None:
    """The oldest OpenTelemetry that is declared."""
    project = nox.project.load_toml("pyproject.toml")["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["otlp"]]
    _run_core(session, sdk, *(each.replace(">=", "==") for each in declared))


@nox.session(python=NEWEST_PYTHON)
def aiohttp(session: nox.Session) -> None:
    """The async client sends through aiohttp where that is installed."""
    _run_core(session, NEWEST, MCP_2, "aiohttp")


@nox.session(python=NEWEST_PYTHON)
def no_mcp(session: nox.Session) -> None:
    """Without MCP the SDK leaves out its own code for it."""
    _run_core(session, NEWEST)


@nox.session
@nox.parametrize(
    "python,newer",
    [
        nox.param(OLDEST_PYTHON, (), id="alone"),
        nox.param(NEWEST_PYTHON, ("google-genai",), id="beside google-genai"),
    ],
)
def legacy(session: nox.Session, newer: tuple[str, ...]) -> None:
    """The SDK before google-genai, alone and in one environment with it."""
    packages = ("google-generativeai >= 0.8", *LEGACY_PACKAGES, *newer, *TEST_PACKAGES)
    session.install("--editable", ".", *packages)
    arguments = session.posargs or ("-n", "2")
    session.run("pytest", "tests/legacy", "-p", "no:cacheprovider", *arguments)
