"""``python -m fake_gemini --port 8765``: the fake for programs in other processes."""

from __future__ import annotations

import argparse
import errno
import signal
import sys
import threading

from fake_gemini.server import FakeGemini

PORT_TAKEN = 3


def main() -> int:
    """Serves until it is interrupted or terminated; returns the exit code."""
    parser = argparse.ArgumentParser(prog="fake_gemini", description="A fake Gemini over HTTP.")
    parser.add_argument("--port", type=int, default=0, help="loopback port (default: a free one)")
    parser.add_argument("--pace", type=float, default=0.02, help="seconds between stream chunks")
    options = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        fake = FakeGemini(options.port, pace=options.pace)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(  # noqa: T201 - a program speaks
            f"Fake Gemini: port {options.port} is taken; choose another one with --port.",
            file=sys.stderr,
        )
        return PORT_TAKEN
    with fake:
        print(f"Fake Gemini at {fake.url}", flush=True)  # noqa: T201
        stopped.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
