"""Make or extend a virtual environment that holds this project.

uv does it where uv works, otherwise the interpreter's own venv and a recent pip. Only the standard
library is used, because this runs before anything is installed. Which index packages come from is
left to the configuration of uv and pip.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 10)
# `pip install --group` came with this release.
PIP = "pip>=25.1"
HELP_ON_FAILURE = """
The environment {folder} could not be made; the message above says what failed.
  - No network, or a proxy in between: set HTTPS_PROXY, or point pip (`pip config`) or uv
    (UV_DEFAULT_INDEX) to an index that can be reached.
  - No module named venv or ensurepip: install the system's package for it (Debian: python3-venv),
    or install uv.
  - No package fits this Python ({python}): name another one, for example PYTHON=python3.12.
"""


class SetupError(Exception):
    """The environment cannot be made; the text says why and what helps."""


def run(*command: str | Path) -> None:
    """Run one command in the project's folder and raise CalledProcessError if it fails."""
    subprocess.run([str(word) for word in command], cwd=ROOT, check=True)


def works(*command: str | Path) -> bool:
    """Tell whether a command can be run and ends well.

    A version manager's shim is found on PATH although what it stands for is not installed.
    """
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def install_with_uv(folder: Path, wanted: list[str]) -> None:
    """Let uv make the folder, unless it is there, and install into it."""
    python = folder / "bin" / "python"
    if not works(python, "-c", ""):
        run("uv", "venv", "--quiet", "--clear", "--python", sys.executable, folder)
    run("uv", "pip", "install", "--quiet", "--python", python, *wanted)


def install_with_pip(folder: Path, wanted: list[str]) -> None:
    """Make the folder with venv, unless it is there with a pip, and install into it."""
    python = folder / "bin" / "python"
    if not works(python, "-m", "pip", "--version"):
        run(sys.executable, "-m", "venv", "--clear", folder)
    pip = (python, "-m", "pip", "--disable-pip-version-check", "install", "-qq")
    run(*pip, PIP)
    run(*pip, *wanted)


def install(folder: Path, wanted: list[str]) -> None:
    """Install with uv, and where uv is absent or fails with pip."""
    if shutil.which("uv") and works("uv", "--version"):
        try:
            install_with_uv(folder, wanted)
        except subprocess.CalledProcessError:
            print("uv did not manage; trying venv and pip.", file=sys.stderr)
        else:
            return
    try:
        install_with_pip(folder, wanted)
    except subprocess.CalledProcessError as error:
        version = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(HELP_ON_FAILURE.format(folder=folder, python=version)) from error


def what_to_install(extras: list[str], groups: list[str], packages: list[str]) -> list[str]:
    """Spell the arguments that uv and pip share: dependency groups, this project, packages."""
    project = f".[{','.join(extras)}]" if extras else "."
    in_groups = [word for group in groups for word in ("--group", group)]
    return [*in_groups, "--editable", project, *packages]


def main() -> None:
    """Read the command line and make the environment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("packages", nargs="*", help="more packages to install")
    parser.add_argument("--extra", action="append", default=[], help="an extra of this project")
    parser.add_argument("--group", action="append", default=[], help="a dependency group")
    asked = parser.parse_intermixed_args()
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"Python 3.10 or newer is needed, {sys.executable} is {sys.version.split()[0]}.")
    print(f"Setting up {asked.folder} (Python {sys.version.split()[0]}) ...", flush=True)
    try:
        install(asked.folder, what_to_install(asked.extra, asked.group, asked.packages))
    except SetupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
