"""What the demo's tests share."""

import socket
import sys
from pathlib import Path

import pytest

# The demo and the setup script are programs, not installed packages.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))


@pytest.fixture(name="taken_port")
def _taken_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
