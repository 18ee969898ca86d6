"""How environments are made."""

import subprocess

import environment
import pytest

WANTED = ["--editable", "."]


@pytest.fixture(name="commands")
def _commands(monkeypatch):
    """Records the commands instead of running them; those that start with *failing* fail."""
    commands = []

    def run(*words):
        commands.append([str(word) for word in words])
        if commands[-1][0] in run.failing:
            raise subprocess.CalledProcessError(1, words)

    run.failing = set()
    monkeypatch.setattr(environment, "run", run)
    monkeypatch.setattr(environment.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(environment, "works", lambda program, *_: program == "uv")
    return commands, run.failing


def test_groups_extras_and_packages_are_spelt_for_both_installers():
    """uv and pip take the same words."""
    assert environment.what_to_install(["otlp"], ["test", "lint"], ["mlflow"]) == [
        "--group", "test", "--group", "lint", "--editable", ".[otlp]", "mlflow",
    ]  # fmt: skip


def test_uv_is_used_where_it_works(commands, tmp_path):
    """A working uv makes the environment alone."""
    ran, _ = commands
    environment.install(tmp_path / "env", WANTED)
    assert [words[:2] for words in ran] == [["uv", "venv"], ["uv", "pip"]]


def test_pip_takes_over_where_uv_fails(commands, tmp_path):
    """An index that only pip is configured for is reached by pip, after uv has failed."""
    ran, failing = commands
    failing.add("uv")
    environment.install(tmp_path / "env", WANTED)
    assert ran[-1][-2:] == WANTED
    assert "install" in ran[-1]
    assert environment.PIP in ran[-2]


def test_failure_says_what_helps(commands, tmp_path, monkeypatch):
    """When nothing can be installed the message names network, venv and Python."""
    _, failing = commands
    monkeypatch.setattr(environment.sys, "executable", "python-of-the-test")
    failing.update({"uv", "python-of-the-test"})
    with pytest.raises(environment.SetupError, match=r"(?s)HTTPS_PROXY.*python3-venv.*PYTHON="):
        environment.install(tmp_path / "env", WANTED)


def test_shim_without_a_program_behind_it_does_not_work(tmp_path):
    """A program that is found but fails, or cannot be run at all, is not used."""
    shim = tmp_path / "shim"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert not environment.works(shim)
    assert not environment.works(tmp_path / "absent")
