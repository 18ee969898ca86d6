"""Requests that the SDK sends again: an event for each, a count, and nothing for the program."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import HOWS, How, Scenario, client, perform, sdk_version
from fake_gemini.scenarios.continuation import SECOND_HOP_REFUSED
from fake_gemini.scenarios.failures import RETRIED, RETRIES_EXHAUSTED
from fake_gemini.scenarios.measuring import EMBED_ONE
from fake_gemini.scenarios.text import PLAIN_TEXT
from fake_gemini.scenarios.tools import ONE_TOOL
from promises.programs import ASKED, ask, close
from promises.seeing import described, dumped, requests_of
from retries.retrying import (
    BUSY,
    COUNT,
    CUT,
    FIRST_WAIT,
    RETRYING,
    TOO_MANY,
    after,
    by_status,
    retries_of,
    usage_of,
    waits_of,
)

if TYPE_CHECKING:
    from fake_gemini import FakeGemini, Outcome
    from interactions.watching import Watched

IN_PLAIN = ("call", "async_call")
over_aiohttp = pytest.mark.skipif(find_spec("aiohttp") is None, reason="needs aiohttp")


@pytest.mark.parametrize("how", HOWS)
def test_each_further_attempt_is_an_event(how: How, fake: FakeGemini, telemetry: Watched):
    """The span counts the attempts beyond the first, and says why and after what wait each came."""
    handle = fake.play(RETRIED)
    perform(handle, how, http_options=RETRIED.http_options)
    span = telemetry.the_span()
    assert len(handle.requests) == 3
    assert span.attributes[COUNT] == 2
    assert retries_of(span) == [by_status(2, 429), by_status(3, 503)]
    assert all(FIRST_WAIT <= wait < 5 for wait in waits_of(span))
    times = [span.start_time, *(event.timestamp for event in span.events), span.end_time]
    assert times == sorted(times)


@pytest.mark.parametrize("how", HOWS)
def test_retries_change_no_tokens(how: How, fake: FakeGemini, telemetry: Watched):
    """What was refused cost nothing, and it is one request of the round trip all the same."""
    for scenario in (PLAIN_TEXT, RETRIED):
        perform(fake.play(scenario), how, http_options=scenario.http_options)
    plain, retried = telemetry.ended
    assert usage_of(retried) == usage_of(plain) != {}
    assert "gcp.gen_ai.response.request_count" not in retried.attributes


@pytest.mark.parametrize("how", HOWS)
def test_the_last_failure_is_no_retry(how: How, fake: FakeGemini, telemetry: Watched):
    """Where every attempt fails, the attempts are told, and then the exception."""
    perform(fake.play(RETRIES_EXHAUSTED), how, http_options=RETRIES_EXHAUSTED.http_options)
    span = telemetry.the_span()
    assert retries_of(span) == [by_status(2, 503), by_status(3, 503)]
    assert span.attributes[COUNT] == 2
    assert span.events[-1].name == "exception"


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("scenario", [RETRIED, RETRIES_EXHAUSTED], ids=lambda one: one.name)
def test_the_program_sees_no_difference(scenario: Scenario, how: How, fake: FakeGemini):
    """Results, exceptions and requests are those of a program without the plugin."""
    from interactions.watching import Watched  # noqa: PLC0415 - a fixture would be attached

    def run() -> Any:
        handle = fake.play(scenario)
        outcome: Outcome = perform(handle, how, http_options=scenario.http_options)
        seen = [dumped(one) for one in outcome.responses], described(outcome.error)
        return seen, [request[:3] + request[4:] for request in requests_of(handle)]

    without = run()
    with Watched().attached():
        assert run() == without


@pytest.mark.parametrize("how", HOWS)
def test_one_attempt_is_no_retry(how: How, fake: FakeGemini, telemetry: Watched):
    """A call whose first request is answered has neither count nor events."""
    perform(fake.play(PLAIN_TEXT), how, http_options=RETRYING)
    span = telemetry.the_span()
    assert (COUNT in span.attributes, span.events) == (False, ())


@pytest.mark.parametrize("how", HOWS)
def test_options_of_one_call_count_too(how: How, fake: FakeGemini, telemetry: Watched):
    """Retry options may stand in the config of a call as well as in the client's."""
    if how == "async_stream" and sdk_version() < (2, 0):
        pytest.skip("this SDK does not look at them in asynchronous streams")
    genai = client(fake.play(after(PLAIN_TEXT, BUSY)))
    ask(how, genai, telemetry, config={"http_options": RETRYING})
    assert retries_of(telemetry.the_round()) == [by_status(2, 503)]
    close(genai)


@pytest.mark.parametrize("how", ["async_call", "async_stream"])
def test_the_other_transport_counts_too(
    how: How, fake: FakeGemini, telemetry: Watched, monkeypatch: pytest.MonkeyPatch
):
    """Where aiohttp is not installed, asynchronous calls are retried over HTTPX."""
    from google.genai import _api_client  # noqa: PLC0415 - loads the SDK

    monkeypatch.setattr(_api_client, "has_aiohttp", False)
    perform(fake.play(after(PLAIN_TEXT, TOO_MANY)), how, http_options=RETRYING)
    assert retries_of(telemetry.the_span()) == [by_status(2, 429)]


@over_aiohttp
@pytest.mark.skipif(sdk_version() < (2, 34), reason="this SDK does not retry a lost connection")
@pytest.mark.parametrize("how", ["async_call", "async_stream"])
def test_a_lost_connection_has_no_status(how: How, fake: FakeGemini, telemetry: Watched):
    """An attempt that nobody answered is told by the type of its exception."""
    perform(fake.play(after(PLAIN_TEXT, CUT)), how, http_options=RETRYING)
    (told,) = retries_of(telemetry.the_span())
    assert told == {"attempt": 2, "type": "aiohttp.client_exceptions.ServerDisconnectedError"}


@over_aiohttp
@pytest.mark.parametrize("how", ["async_call", "async_stream"])
def test_the_sdks_own_second_try_counts(
    how: How, fake: FakeGemini, telemetry: Watched, monkeypatch: pytest.MonkeyPatch
):
    """Without retry options the SDK connects anew by itself; its wait cannot be known."""
    from google.genai import _api_client  # noqa: PLC0415 - loads the SDK

    monkeypatch.setattr(_api_client.random, "randint", lambda _low, _high: -1)
    handle = fake.play(replace(after(PLAIN_TEXT, CUT), http_options={}))
    outcome = perform(handle, how)
    assert (outcome.error, len(handle.requests)) == (None, 2)
    span = telemetry.the_span()
    (told,) = retries_of(span)
    assert told == {"attempt": 2, "type": "aiohttp.client_exceptions.ServerDisconnectedError"}
    assert (waits_of(span), span.attributes[COUNT]) == ([None], 1)


@pytest.mark.parametrize("how", HOWS)
def test_each_round_counts_its_own(how: How, fake: FakeGemini, telemetry: Watched):
    """In a tool loop a retry stands on the round that it was for, and on nothing else."""
    first, second = ONE_TOOL.steps
    scenario = after(ONE_TOOL)
    played = fake.play(Scenario("t", (BUSY, first, second), scenario.rounds, tools=ONE_TOOL.tools))
    perform(played, how, http_options=RETRYING)
    counts = [(span.name.split()[0], span.attributes.get(COUNT)) for span in telemetry.ended]
    assert sorted(counts, key=str) == [
        ("execute_tool", None),
        ("generate_content", 1),
        ("generate_content", None),
        ("invoke_agent", None),
    ]


@pytest.mark.skipif(sdk_version() < SECOND_HOP_REFUSED.since, reason="this SDK continues nothing")
def test_each_hop_counts_its_own_attempts(fake: FakeGemini, telemetry: Watched):
    """The attempts of a continued answer count from one for each of its requests."""
    first, _refused = SECOND_HOP_REFUSED.steps
    steps = (TOO_MANY, first, BUSY, BUSY, *PLAIN_TEXT.steps)
    perform(fake.play(Scenario("hops", steps, PLAIN_TEXT.rounds)), http_options=RETRYING)
    span = telemetry.the_span()
    assert retries_of(span) == [by_status(2, 429), by_status(2, 503), by_status(3, 503)]
    assert span.attributes[COUNT] == 3
    assert span.attributes["gcp.gen_ai.response.request_count"] == 2


@pytest.mark.parametrize("how", IN_PLAIN)
def test_other_calls_count_too(how: How, fake: FakeGemini, telemetry: Watched):
    """Embedding, counting, files: whatever calls the service may be retried."""
    scenario = after(EMBED_ONE, TOO_MANY)
    perform(fake.play(scenario), how, http_options=RETRYING)
    assert retries_of(telemetry.the_span()) == [by_status(2, 429)]


def test_an_untraced_call_tells_nobody(fake: FakeGemini, telemetry: Watched):
    """The program's own span says nothing of the retries of a call that has no span."""
    from google.genai.errors import APIError  # noqa: PLC0415 - loads the SDK

    genai = client(fake.play(Scenario("models", (BUSY, BUSY), ())), **RETRYING)
    with telemetry.user.start_as_current_span("caller") as own, pytest.raises(APIError):
        genai.models.get(model=ASKED["model"])
    assert (own.events[:-1], COUNT in own.attributes, telemetry.ended) == ((), False, [])
    close(genai)


def test_attempts_at_once_stay_apart(fake: FakeGemini, telemetry: Watched):
    """Two calls at once, one refused and one not, each have their own."""
    refused = client(fake.play(after(PLAIN_TEXT, BUSY)), **RETRYING)
    answered = client(fake.play(PLAIN_TEXT), **RETRYING)

    async def run() -> None:
        asked = (genai.aio.models.generate_content(**ASKED) for genai in (refused, answered))
        await asyncio.gather(*asked)

    asyncio.run(run())
    assert sorted(len(retries_of(span)) for span in telemetry.ended) == [0, 1]
    close(refused)
    close(answered)
