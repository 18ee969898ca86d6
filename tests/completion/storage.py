"""What the upload hook wrote, and a storage that is as slow as a test wants it."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

PATIENCE = 10


def read(reference):
    """The JSON at a file:// reference, once it is there."""
    path = Path(unquote(urlsplit(reference).path))
    deadline = time.monotonic() + PATIENCE
    while not (path.exists() and path.read_text().endswith("\n")):
        assert time.monotonic() < deadline, f"{path} was never written"
        time.sleep(0.01)
    return json.loads(path.read_text())


def slow_storage():
    """A file system of fsspec's in memory that writes nothing until its gate is opened."""
    from fsspec.implementations.memory import MemoryFileSystem  # noqa: PLC0415 - an extra

    class Slow(MemoryFileSystem):
        protocol = "slow"
        store = {}  # noqa: RUF012 - so does the class above
        gate = threading.Event()

        def _open(self, path, *args, **kwargs):
            if "one_off_test" not in path:
                assert self.gate.wait(PATIENCE), "the gate was never opened"
            return super()._open(path, *args, **kwargs)

    return Slow
