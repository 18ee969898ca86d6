"""A session that is still open when the process ends is not lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fake_gemini.live import Hear, Say, spoken

if TYPE_CHECKING:
    from fake_gemini.live import FakeLive

PROGRAM = """
import asyncio, sys, weakref
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter

class Anything:
    pass

# Whoever uses it first decides when it runs at the end.
finalizer = weakref.finalize(Anything, print, file=sys.stderr)

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter(
    formatter=lambda span: span.to_json(indent=None) + "\\n")))

from opentelemetry_instrumentation_gemini import GeminiInstrumentor
GeminiInstrumentor().instrument(tracer_provider=provider, capture_message_content="SPAN_ONLY")

from google import genai
client = genai.Client(vertexai=False, api_key="k", http_options={"base_url": sys.argv[1]})

async def main():
    manager = client.aio.live.connect(model="gemini-live")
    session = await manager.__aenter__()
    await session.send_client_content(turns={"role": "user", "parts": [{"text": "Hi!"}]})
    async for message in session.receive():
        if message.data:
            return manager, session

loop = asyncio.new_event_loop()
kept = loop.run_until_complete(main())
HOW
"""


@pytest.mark.parametrize("how", ["", "sys.exit(3)", "raise SystemExit(3)"])
def test_a_session_left_open_at_exit_is_exported(live: FakeLive, how: str):
    """Session and turn end, as left and not as failed, before the exporter is shut down."""
    handle = live.play(Hear(), Say(*spoken("I was")))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("HOW", how), handle.url],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parent,
    )
    spans = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [span["name"] for span in spans] == [
        "generate_content gemini-live",
        "live_session gemini-live",
    ], done.stderr
    assert {span["status"]["status_code"] for span in spans} == {"UNSET"}
    assert "I was" in spans[0]["attributes"]["gen_ai.output.messages"]
    assert done.returncode == (3 if how else 0)
