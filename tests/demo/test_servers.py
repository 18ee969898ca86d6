"""How the demo starts, watches and stops its servers."""

import os
import sys

import pytest
from mlflow_demo.plan import DemoError, free_port, is_free
from mlflow_demo.servers import running


@pytest.fixture(name="serve")
def _serve(tmp_path):
    def serve(command, port):
        url = f"http://127.0.0.1:{port}"
        return running("A Server", command, url=url, folder=tmp_path, environ=os.environ)

    return serve


def test_server_answers_inside_the_block_and_is_gone_after_it(serve):
    """A server lives exactly as long as its block."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]
    with serve(command, port) as server:
        server.wait_until_ready("/", 30)
        assert not is_free(port)
    assert server.process.returncode is not None
    assert is_free(port)


def test_server_that_ends_shows_its_last_words(serve, tmp_path):
    """A server that ends by itself is reported at once, with its log's end and place."""
    command = [sys.executable, "-c", "raise SystemExit('no such database')"]
    with serve(command, free_port()) as server, pytest.raises(DemoError) as failure:
        server.wait_until_ready("/", 30)
    assert "no such database" in str(failure.value)
    assert str(tmp_path / "a-server.log") in str(failure.value)


def test_silent_server_is_given_up(serve):
    """A server that never answers is given up after its time, and stopped."""
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with serve(command, free_port()) as server, pytest.raises(DemoError, match="did not answer"):
        server.wait_until_ready("/", 0.3)
    assert server.process.returncode is not None
