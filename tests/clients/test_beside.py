"""One client's instrumentation beside the process's: never two spans for a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from clients.asking import ask, chat_of, names_of, providers, say, trace
from fake_gemini import HOWS, How, client
from fake_gemini.scenarios.text import PLAIN_TEXT
from fake_gemini.scenarios.tools import ONE_TOOL
from interactions.watching import Watched
from opentelemetry_instrumentation_gemini import GeminiInstrumentor
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks
from promises.programs import close

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_gemini import FakeGemini

ROUND = "generate_content"


@pytest.fixture
def pair(fake: FakeGemini) -> Iterator[tuple[Any, Any]]:
    """Two clients whose every question gets the same answer."""
    both = tuple(client(fake.play(PLAIN_TEXT, repeat=True)) for _ in range(2))
    yield both
    for one in both:
        close(one)


@pytest.fixture
def everyone() -> Watched:
    """Where the process's calls go."""
    return Watched()


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("first", ["client", "process"])
def test_each_call_is_told_once(
    how: How, first: str, pair: tuple[Any, Any], telemetry: Watched, everyone: Watched
):
    """The client's calls go where it says, all others where the process says."""
    ours, _ = pair
    if first == "client":
        trace(ours, telemetry)
    with everyone.attached():
        trace(ours, telemetry)
        for one in pair:
            ask(how, one)
            say(how, chat_of(how, one))
    assert names_of(telemetry) == names_of(everyone) == [ROUND] * 2


def test_a_client_without_arguments(pair: tuple[Any, Any], everyone: Watched):
    """A client of which nothing is said apart is told once, where the process says."""
    with everyone.attached():
        GeminiInstrumentor().instrument_client(pair[0])
        ask("call", pair[0])
    assert names_of(everyone) == [ROUND]


def test_the_process_goes_first(pair: tuple[Any, Any], telemetry: Watched, everyone: Watched):
    """When the process is no longer instrumented, the client still is."""
    ours, _ = pair
    with everyone.attached():
        trace(ours, telemetry)
    for one in pair:
        ask("call", one)
    assert (names_of(telemetry), names_of(everyone)) == ([ROUND], [])


def test_the_client_goes_first(pair: tuple[Any, Any], telemetry: Watched, everyone: Watched):
    """When the client is no longer instrumented, its calls are like all others."""
    ours, _ = pair
    with everyone.attached():
        trace(ours, telemetry)
        GeminiInstrumentor().uninstrument_client(ours)
        ask("call", ours)
    assert (names_of(telemetry), names_of(everyone)) == ([], [ROUND])
    assert list(placed_hooks()) == []


def test_the_process_again(pair: tuple[Any, Any], telemetry: Watched, everyone: Watched):
    """The process may be instrumented again and again around a client that stays."""
    trace(pair[0], telemetry)
    for _ in range(2):
        with everyone.attached():
            for one in pair:
                ask("call", one)
    assert names_of(telemetry) == names_of(everyone) == [ROUND] * 2


@pytest.mark.parametrize("how", HOWS)
def test_tools_go_where_their_loop_goes(
    how: How, fake: FakeGemini, telemetry: Watched, everyone: Watched
):
    """A loop, its rounds and its tools are one trace, in the one place or in the other."""
    ours, other = (client(fake.play(ONE_TOOL)) for _ in range(2))
    asked = {"contents": ONE_TOOL.contents, "config": {"tools": list(ONE_TOOL.tools)}}
    with everyone.attached():
        trace(ours, telemetry)
        for one in (ours, other):
            ask(how, one, **asked)
    for told in (telemetry, everyone):
        assert sorted(names_of(told)) == ["execute_tool", ROUND, ROUND, "invoke_agent"]
        assert len({span.context.trace_id for span in told.ended}) == 1
    close(ours)
    close(other)


def test_the_processs_arguments_stay_its_own(
    pair: tuple[Any, Any], telemetry: Watched, everyone: Watched
):
    """What is said for a client changes nothing for the others."""
    with everyone.attached(capture_message_content="NO_CONTENT"):
        GeminiInstrumentor().instrument_client(
            pair[0], **providers(telemetry), capture_message_content="SPAN_ONLY"
        )
        for one in pair:
            ask("call", one)
    assert "gen_ai.input.messages" in telemetry.the_span().attributes
    assert "gen_ai.input.messages" not in everyone.the_span().attributes
