"""The generated client has retries of its own, and so its own hooks."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

import pytest

from fake_gemini import HOWS, How, client, perform, sdk_version
from fake_gemini.scenarios.interactions import OLD, PLAIN
from promises.programs import close
from retries.retrying import (
    BUSY,
    COUNT,
    CUT,
    RETRYING,
    TOO_MANY,
    after,
    by_status,
    retries_of,
    usage_of,
    waits_of,
)

if TYPE_CHECKING:
    from fake_gemini import FakeGemini, Handle
    from interactions.watching import Watched

SIMPLE = PLAIN if sdk_version() >= PLAIN.since else OLD
pytestmark = pytest.mark.skipif(sdk_version() < SIMPLE.since, reason="this SDK has no interactions")


@pytest.mark.parametrize("how", HOWS)
def test_each_further_attempt_is_an_event(how: How, fake: FakeGemini, telemetry: Watched):
    """An interaction that is refused and asked for again counts and tells its attempts."""
    handle = fake.play(after(SIMPLE, TOO_MANY, BUSY))
    outcome = perform(handle, how, http_options=RETRYING)
    assert (outcome.error, len(handle.requests)) == (None, 3)
    span = telemetry.the_span()
    assert span.attributes[COUNT] == 2
    assert retries_of(span) == [by_status(2, 429), by_status(3, 503)]
    assert all(0 < wait < 5 for wait in waits_of(span))
    assert "gcp.gen_ai.response.request_count" not in span.attributes
    assert usage_of(span)["gen_ai.usage.input_tokens"] == SIMPLE.rounds[0].tokens.input


@pytest.mark.parametrize("how", HOWS)
def test_a_lost_connection_has_no_status(how: How, fake: FakeGemini, telemetry: Watched):
    """An attempt that nobody answered is told by the type of its exception."""
    perform(fake.play(after(SIMPLE, CUT)), how, http_options=RETRYING)
    for told in retries_of(telemetry.the_span()):
        assert told["attempt"] == 2
        assert told["type"].endswith("Error")
        assert "status_code" not in told


def arrived(handle: Handle) -> None:
    deadline = time.monotonic() + 10
    while not handle.requests and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_wait_that_is_cut_short_is_no_attempt(fake: FakeGemini, telemetry: Watched):
    """Cancelled while the SDK waits, the call has sent one request and says so."""
    slow = {"retry_options": {"attempts": 3, "initial_delay": 5, "max_delay": 5, "jitter": 0}}
    handle = fake.play(after(SIMPLE, BUSY))
    genai = client(handle, **slow)

    async def run() -> None:
        asked = asyncio.ensure_future(
            genai.aio.interactions.create(model="gemini-2.5-flash", input="Why?")
        )
        await asyncio.to_thread(arrived, handle)
        await asyncio.sleep(0.1)
        asked.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asked

    asyncio.run(run())
    span = telemetry.the_span()
    assert (len(handle.requests), retries_of(span), COUNT in span.attributes) == (1, [], False)
    close(genai)
