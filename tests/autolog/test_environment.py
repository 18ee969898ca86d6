"""Where traces go, and with what credentials."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from opentelemetry_instrumentation_gemini._mlflow.environment import (
    Destination,
    access,
    current_destination,
)

SERVER = "http://mlflow.test:5000"
NOTHING = Destination()


def found(given=NOTHING):
    return current_destination(given)


def test_nothing_said():
    """Where nothing is said, nothing is guessed."""
    assert found() == Destination(None, None, None, None)


def test_environment(monkeypatch):
    """MLflow's variables name the server, the experiment and the run."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", SERVER)
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", "7")
    monkeypatch.setenv("MLFLOW_RUN_ID", "r1")
    assert found() == Destination(SERVER, None, "7", "r1")


def test_experiment_name_counts_before_its_id(monkeypatch):
    """Of an experiment's name and id the name counts, as in MLflow."""
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", "7")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "Gemini")
    assert found() == Destination(None, "Gemini", None, None)


def test_empty_variables_say_nothing(monkeypatch):
    """An empty variable is one that is not set."""
    for name in ("TRACKING_URI", "EXPERIMENT_ID", "EXPERIMENT_NAME", "RUN_ID"):
        monkeypatch.setenv(f"MLFLOW_{name}", "")
    assert found() == NOTHING


def test_arguments_count_before_all(monkeypatch, loaded):
    """What was given counts before what MLflow and the environment say."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://other.test")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "other")
    monkeypatch.setenv("MLFLOW_RUN_ID", "other")
    loaded.start_run("other", "9")
    given = Destination(SERVER, "Gemini", None, "mine")
    assert found(given) == given


def test_loaded_mlflow_counts_before_the_environment(monkeypatch, loaded):
    """Where MLflow is loaded, its URI and its experiment count."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://other.test")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "other")
    loaded.uri = SERVER
    loaded.set_experiment("4")
    assert found() == Destination(SERVER, None, "4", None)


def test_loaded_mlflow_without_an_experiment(monkeypatch, loaded):
    """Where MLflow was told no experiment, the environment names it."""
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "Gemini")
    loaded.uri = SERVER
    assert found() == Destination(SERVER, "Gemini", None, None)


def test_active_run_brings_its_experiment(monkeypatch, loaded):
    """A run that is active counts, and so does the experiment that it is in."""
    monkeypatch.setenv("MLFLOW_RUN_ID", "other")
    loaded.uri = SERVER
    loaded.set_experiment("4")
    loaded.start_run("r1", "5")
    assert found() == Destination(SERVER, None, "5", "r1")


def test_runs_of_another_server_do_not_count(loaded):
    """A run is no use on a server that does not have it."""
    loaded.uri = "http://other.test"
    loaded.start_run("r1", "5")
    assert found(Destination(SERVER)) == Destination(SERVER, None, None, None)


def test_a_slash_makes_no_other_server(loaded):
    """A URI with a slash at its end is the same server."""
    loaded.uri = f"{SERVER}/"
    loaded.start_run("r1", "5")
    assert found(Destination(SERVER)) == Destination(SERVER, None, "5", "r1")


def test_a_broken_mlflow_is_no_obstacle(loaded, monkeypatch, caplog):
    """If MLflow cannot be asked, the environment counts."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", SERVER)
    loaded.run = object()
    assert found().uri == SERVER
    assert "AttributeError" in caplog.text


def test_password_counts_before_token(monkeypatch):
    """Name and password are sent where both are there, a token otherwise."""
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t0")
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "añil")
    assert access().authorization == "Bearer t0"
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "p:1")
    scheme, _, text = access().authorization.partition(" ")
    assert (scheme, base64.b64decode(text).decode()) == ("Basic", "añil:p:1")


def test_stored_credentials(monkeypatch):
    """MLflow's file of credentials is read, and the environment counts before it."""
    folder = Path("~/.mlflow").expanduser()
    folder.mkdir()
    (folder / "credentials").write_text(
        "[mlflow]\nmlflow_tracking_username = a\nmlflow_tracking_password = 100%\n"
    )
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "b")
    assert base64.b64decode(access().authorization.partition(" ")[2]) == b"b:100%"


@pytest.mark.parametrize("text", ["no section\n", "[other]\na = b\n", "\x00[mlflow", "[mlflow]\n"])
def test_a_foreign_file_of_credentials(text):
    """A file that is not as MLflow writes it holds no credentials."""
    folder = Path("~/.mlflow").expanduser()
    folder.mkdir()
    (folder / "credentials").write_text(text)
    assert access().authorization is None


def test_encryption_and_workspace(monkeypatch):
    """Certificates and the workspace are MLflow's own."""
    assert access() == ({}, None, None, None)
    monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", "/ca.pem")
    monkeypatch.setenv("MLFLOW_TRACKING_CLIENT_CERT_PATH", "/me.pem")
    monkeypatch.setenv("MLFLOW_WORKSPACE", "team")
    assert access() == ({"X-MLFLOW-WORKSPACE": "team"}, None, "/ca.pem", "/me.pem")
    monkeypatch.setenv("MLFLOW_TRACKING_INSECURE_TLS", "TRUE")
    assert access().verify is False
