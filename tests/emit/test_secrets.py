"""Credentials in the texts of errors, which are told without permission."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import pytest

from fake_gemini import FakeGemini, client
from fake_gemini.scenarios.text import PLAIN_TEXT
from promises.watching import Telemetry

ASKED: dict[str, Any] = {"model": "gemini-2.5-flash", "contents": "Why?"}
SECRET = "open-sesame"


def _fail(genai: Any, *, asynchronous: bool) -> Any:
    """Return the span of a call that does not get through."""
    telemetry = Telemetry()
    # Each HTTP client has an exception of its own for each of these.
    failing = pytest.raises(Exception)
    with telemetry.attached(capture_message_content="NO_CONTENT"), failing:
        _ask(genai, asynchronous=asynchronous)
    genai.close()
    return telemetry.the_round()


def _ask(genai: Any, *, asynchronous: bool) -> None:
    if asynchronous:
        asyncio.run(genai.aio.models.generate_content(**ASKED))
    else:
        genai.models.generate_content(**ASKED)


def _texts(span: Any) -> str:
    told = [dict(event.attributes) for event in span.events]
    return f"{span.status.description} {told}"


def test_a_header_that_http_refuses_is_not_quoted(fake: FakeGemini):
    """A key out of a file ends with a newline; HTTP clients then quote it, and nobody else does."""
    headers = {"X-Gateway-Key": f"{SECRET}\n"}
    span = _fail(client(fake.play(PLAIN_TEXT), headers=headers), asynchronous=False)
    assert "Illegal header value b'[REDACTED]'" in span.status.description
    assert SECRET not in _texts(span)


def test_a_password_in_an_address_is_not_quoted():
    """An address that is refused is told without it."""
    span = _fail(client(f"ftp://me:{SECRET}@127.0.0.1"), asynchronous=True)
    assert SECRET not in _texts(span)


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999", "http://[::1"])
def test_an_address_that_none_can_read_costs_no_more_than_itself(address: str):
    """The span of the call that fails still says which model was asked."""
    span = _fail(client(address), asynchronous=False)
    assert span.name == "generate_content gemini-2.5-flash"
    assert "server.address" not in span.attributes


@pytest.mark.parametrize("spelling", ["x-gemini-service-tier", "X-Gemini-Service-Tier"])
@pytest.mark.parametrize("asynchronous", [False, True])
def test_the_service_tier_is_read_however_it_is_spelt(
    spelling: str, asynchronous: bool, fake: FakeGemini
):
    """HTTPX gives headers in small letters, and aiohttp as the service writes them."""
    step = PLAIN_TEXT.steps[0]
    reply = dataclasses.replace(step.unary, headers=((spelling, "priority"),))
    scenario = dataclasses.replace(PLAIN_TEXT, steps=(dataclasses.replace(step, unary=reply),))
    genai, telemetry = client(fake.play(scenario)), Telemetry()
    with telemetry.attached():
        _ask(genai, asynchronous=asynchronous)
    genai.close()
    told = telemetry.the_round().attributes
    assert told["gcp.gen_ai.response.service_tier"] == "priority"
