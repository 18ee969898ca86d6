"""Starting the servers of the demo, waiting for them, and stopping them."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlflow_demo.plan import DemoError

GRACE = 10
LAST_LINES = 15

# A proxy of the user's does not know this machine's loopback address.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Server:
    """A running server and where its output goes."""

    name: str
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until_ready(self, path: str, seconds: float) -> None:
        """Return when the server answers at *path*, raise with its last words if it does not."""
        deadline = time.monotonic() + seconds
        while not answers(self.url + path):
            if self.process.poll() is not None:
                raise DemoError(f"{self.name} ended by itself; {self._last_words()}")
            if time.monotonic() > deadline:
                raise DemoError(
                    f"{self.name} did not answer within {seconds:.0f} s; {self._last_words()}"
                )
            time.sleep(0.2)

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        return f"its log, {self.log}, ends with:\n" + "\n".join(f"  {line}" for line in lines)


def answers(url: str) -> bool:
    """Tell whether an HTTP server answers there, whatever it says."""
    try:
        with DIRECT.open(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@contextmanager
def running(
    name: str, command: list[str], *, url: str, folder: Path, environ: Mapping[str, str]
) -> Iterator[Server]:
    """Run a server in *folder* for the length of a block, logging to a file there."""
    log = folder / f"{name.lower().replace(' ', '-')}.log"
    with log.open("wb") as output:
        # In a session of its own: Ctrl-C reaches this program only, which then stops the server
        # with all the workers that it has.
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Server(name, url, process, log)
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and its children, by force if it takes too long."""
    for how, patience in ((signal.SIGTERM, GRACE), (signal.SIGKILL, GRACE)):
        if process.poll() is not None:
            return
        os.killpg(process.pid, how)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
