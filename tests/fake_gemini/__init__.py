"""A fake Gemini: one local server over real HTTP and SSE, with scripted scenarios.

with FakeGemini() as fake:
    handle = fake.play(scenarios.PLAIN_TEXT)
    client(handle).models.generate_content(model="gemini-2.5-flash", contents="Hello")
    handle.requests, handle.reported_usage
"""

from __future__ import annotations

from fake_gemini.clients import (
    HOWS,
    How,
    Outcome,
    arguments,
    client,
    perform,
    sdk_version,
    shape_of,
)
from fake_gemini.handle import Handle
from fake_gemini.script import Failure, Reply, Round, Scenario, Step, Tokens
from fake_gemini.server import FakeGemini

__all__ = [
    "HOWS",
    "Failure",
    "FakeGemini",
    "Handle",
    "How",
    "Outcome",
    "Reply",
    "Round",
    "Scenario",
    "Step",
    "Tokens",
    "arguments",
    "client",
    "perform",
    "sdk_version",
    "shape_of",
]
