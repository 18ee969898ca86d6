"""A real MLflow server on SQLite."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts"))

from mlflow_demo import plan, readback  # noqa: E402 - the scripts are no package
from mlflow_demo.servers import running  # noqa: E402

__all__ = ["PYTHON", "ROOT", "needs_mlflow", "plan", "readback", "running", "serving"]

# An environment that holds MLflow; the tests' own does not.
PYTHON = Path(os.environ.get("MLFLOW_PYTHON", ROOT / ".venvs/demo/bin/python"))
PATIENCE = 180

needs_mlflow = pytest.mark.skipif(
    not PYTHON.exists(), reason="MLflow is not there: make test-backends, or MLFLOW_PYTHON"
)


@contextmanager
def serving(folder, python=PYTHON):
    """Give a server from the environment of *python* that keeps what it gets in *folder*."""
    port = plan.free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    environ |= {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    command = [
        str(python.with_name("mlflow")),
        "server",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--workers", "1", "--backend-store-uri", "sqlite:///mlflow.db"]
    url = f"http://127.0.0.1:{port}"
    with running("MLflow", command, url=url, folder=folder, environ=environ) as server:
        server.wait_until_ready("/health", PATIENCE)
        yield server
