"""A real Phoenix on SQLite, and what its APIs say."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path

from backends.collector import wait_until
from backends.mlflow_server import ROOT, plan, readback, running

# An environment that holds Phoenix; the tests' own does not.
PYTHON = Path(os.environ.get("PHOENIX_PYTHON", ROOT / ".venvs/phoenix/bin/python"))
PATIENCE = 180
SESSIONS = """
query ($project: String!) {
  getProjectByName(name: $project) {
    sessions(first: 50) {
      edges { node {
        sessionId userId numTraces
        tokenUsage { prompt completion total }
        costSummary { total { cost } }
      } }
    }
    spans(first: 50) {
      edges { node { name costSummary { total { cost } } } }
    }
  }
}
"""


class Phoenix:
    """A running server."""

    def __init__(self, url, grpc):
        self._url = url
        self._grpc = grpc

    def url(self, protocol):
        """Where an exporter of spans sends to."""
        return self._grpc if protocol == "grpc" else f"{self._url}/v1/traces"

    def spans(self, project, count):
        """The spans of a project in the order of their starts, once there are as many."""
        url = f"{self._url}/v1/projects/{project}/spans?limit=100&sort=start_time&order=asc"
        found = []

        def are_there():
            found[:] = readback.call(url)["data"] if self._has(project) else []
            return len(found) >= count

        wait_until(are_there, f"{count} spans in Phoenix")
        return found

    def totals(self, project):
        """What Phoenix has summed up: its sessions, and the cost of each span that has one."""
        body = {"query": SESSIONS, "variables": {"project": project}}
        answer = readback.call(f"{self._url}/graphql", body)
        assert "errors" not in answer, answer
        held = answer["data"]["getProjectByName"]
        sessions, spans = (
            [edge["node"] for edge in held[name]["edges"]] for name in ("sessions", "spans")
        )
        costs = [span["costSummary"]["total"]["cost"] for span in spans if span["costSummary"]]
        return sessions, costs

    def _has(self, project):
        projects = readback.call(f"{self._url}/v1/projects?limit=100")["data"]
        return any(one["name"] == project for one in projects)


@contextmanager
def serving(folder):
    """Give a server that keeps what it gets in *folder*."""
    port, grpc_port = plan.free_port(), plan.free_port()
    environ = {name: value for name, value in os.environ.items() if "PHOENIX" not in name}
    environ |= {
        "PHOENIX_WORKING_DIR": str(folder),
        "PHOENIX_HOST": "127.0.0.1",
        "PHOENIX_PORT": str(port),
        "PHOENIX_GRPC_PORT": str(grpc_port),
        "PHOENIX_TELEMETRY_ENABLED": "false",
    }
    url = f"http://127.0.0.1:{port}"
    command = [str(PYTHON.with_name("phoenix")), "serve"]
    with running("Phoenix", command, url=url, folder=folder, environ=environ) as server:
        server.wait_until_ready("/healthz", PATIENCE)
        yield Phoenix(url, f"http://127.0.0.1:{grpc_port}")
