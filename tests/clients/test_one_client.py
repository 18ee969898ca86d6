"""One client is traced and no other, whatever is made from it, and when."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING, Any

import pytest

from clients.asking import ask, chat_of, names_of, providers, say, trace
from fake_gemini import HOWS, How, Scenario, client
from fake_gemini.scenarios.failures import QUOTA_EXCEEDED, RETRIED
from fake_gemini.scenarios.text import PLAIN_TEXT
from fake_gemini.scenarios.tools import ONE_TOOL
from interactions.watching import Watched
from opentelemetry_instrumentation_gemini import GeminiInstrumentor, _clients
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks
from promises.hooks import attributes, changed
from promises.programs import close
from promises.seeing import described, dumped, requests_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_gemini import FakeGemini

ROUND = "generate_content"
LOOP = [ROUND, "execute_tool", ROUND, "invoke_agent"]


@pytest.fixture
def pair(fake: FakeGemini) -> Iterator[tuple[Any, Any]]:
    """Two clients whose every question gets the same answer."""
    both = tuple(client(fake.play(PLAIN_TEXT, repeat=True)) for _ in range(2))
    yield both
    for one in both:
        close(one)


def tooled(fake: FakeGemini) -> tuple[Any, Any]:
    """Returns two clients that are asked for a tool, and what to ask them with."""
    return tuple(client(fake.play(ONE_TOOL)) for _ in range(2))


@pytest.mark.parametrize("how", HOWS)
def test_that_client_and_no_other(how: How, pair: tuple[Any, Any], telemetry: Watched):
    """A call of the client is one span; the same call of another client is none."""
    ours, other = pair
    assert trace(ours, telemetry) is ours
    ask(how, other)
    assert names_of(telemetry) == []
    ask(how, ours)
    assert names_of(telemetry) == [ROUND]


@pytest.mark.parametrize("how", HOWS)
def test_chats_of_before_and_after(how: How, pair: tuple[Any, Any], telemetry: Watched):
    """A chat belongs to its client, also where it was made before the client was instrumented."""
    ours, other = pair
    before = chat_of(how, ours)
    trace(ours, telemetry)
    for chat in (before, chat_of(how, ours), chat_of(how, other)):
        say(how, chat)
    assert names_of(telemetry) == [ROUND] * 2


@pytest.mark.parametrize("part", ["aio", "chat", "async chat"])
def test_what_stands_for_a_client(part: str, pair: tuple[Any, Any], telemetry: Watched):
    """Half of a client, or a chat, stands for the client that it is of."""
    ours, other = pair
    async_chat = chat_of("async_call", ours)
    given = {"aio": ours.aio, "chat": chat_of("call", ours), "async chat": async_chat}[part]
    assert trace(given, telemetry) is given
    for how in ("call", "async_call"):
        ask(how, ours)
        ask(how, other)
    assert names_of(telemetry) == [ROUND] * 2


def test_to_say_it_twice_is_to_say_it_once(pair: tuple[Any, Any], telemetry: Watched):
    """Instrumented again and again, a call is one span, and one word ends it."""
    ours, _ = pair
    for _ in range(3):
        trace(ours, telemetry)
    ask("call", ours)
    assert names_of(telemetry) == [ROUND]
    assert GeminiInstrumentor().uninstrument_client(ours) is ours
    GeminiInstrumentor().uninstrument_client(ours)
    ask("call", ours)
    assert names_of(telemetry) == [ROUND]


def test_the_last_word_counts(pair: tuple[Any, Any], telemetry: Watched):
    """Instrumented again with other arguments, a client goes by those."""
    ours, _ = pair
    earlier = Watched()
    trace(ours, earlier)
    trace(ours, telemetry, capture_message_content="SPAN_ONLY")
    ask("call", ours)
    assert (names_of(earlier), names_of(telemetry)) == ([], [ROUND])
    assert "gen_ai.output.messages" in telemetry.the_span().attributes


def test_hooks_come_off_with_the_last_client(pair: tuple[Any, Any], telemetry: Watched):
    """As long as one client is instrumented the hooks are on, and not longer."""
    before = attributes()
    for one in pair:
        trace(one, telemetry)
    plugin = GeminiInstrumentor()
    plugin.uninstrument_client(pair[0])
    assert list(placed_hooks()) != []
    plugin.uninstrument_client(pair[1])
    assert (list(placed_hooks()), changed(before)) == ([], [])


def test_each_client_goes_by_its_own_arguments(pair: tuple[Any, Any], telemetry: Watched):
    """Two clients may be told to two places, and with other content."""
    ours, other = pair
    elsewhere = Watched()
    trace(ours, telemetry, capture_message_content="SPAN_ONLY")
    trace(other, elsewhere)
    for one in pair:
        ask("call", one)
    assert "gen_ai.input.messages" in telemetry.the_span().attributes
    assert "gen_ai.input.messages" not in elsewhere.the_span().attributes


def test_clients_with_the_same_arguments_share(pair: tuple[Any, Any], telemetry: Watched):
    """A program with a client for each request makes its instruments once."""
    for one in pair:
        trace(one, telemetry)
    assert len({id(tracing) for tracing in _clients._clients.values()}) == 1


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("loop_spans", [True, False])
def test_tools_of_that_client(how: How, loop_spans: bool, fake: FakeGemini, telemetry: Watched):
    """The tools that the SDK runs for the client are traced, with and without a loop's span."""
    ours, other = tooled(fake)
    trace(ours, telemetry, loop_spans=loop_spans)
    asked = {"contents": ONE_TOOL.contents, "config": {"tools": list(ONE_TOOL.tools)}}
    ask(how, other, **asked)
    assert names_of(telemetry) == []
    ask(how, ours, **asked)
    assert sorted(names_of(telemetry)) == sorted(LOOP if loop_spans else LOOP[:3])
    (tool,) = [span for span in telemetry.ended if span.name.startswith("execute_tool")]
    assert tool.attributes["gen_ai.tool.call.id"] == "call-1"
    close(ours)
    close(other)


@pytest.mark.parametrize("how", HOWS)
def test_tools_in_chats_of_that_client(how: How, fake: FakeGemini, telemetry: Watched):
    """The same holds for the loop that a chat runs."""
    ours, other = tooled(fake)
    trace(ours, telemetry)
    for one in (other, ours):
        say(how, chat_of(how, one, tools=list(ONE_TOOL.tools)))
    assert sorted(names_of(telemetry)) == sorted(LOOP)
    close(ours)
    close(other)


@pytest.mark.parametrize("traced", ["outer", "inner"])
def test_a_tool_that_asks_another_client(
    traced: str, fake: FakeGemini, pair: tuple[Any, Any], telemetry: Watched
):
    """What a tool asks of a client is that client's, not the one's that called the tool."""
    (outer, spare), (inner, _) = tooled(fake), pair

    def get_weather(city: str) -> str:
        """Tell the weather."""
        return ask("call", inner)[0].text

    # Older SDKs do not resolve annotations that are text.
    get_weather.__annotations__ = {"city": str, "return": str}
    trace(outer if traced == "outer" else inner, telemetry)
    ask("call", outer, contents=ONE_TOOL.contents, config={"tools": [get_weather]})
    assert names_of(telemetry) == (LOOP if traced == "outer" else [ROUND])
    close(outer)
    close(spare)


@pytest.mark.parametrize("how", HOWS)
def test_retries_of_that_client(how: How, fake: FakeGemini, telemetry: Watched):
    """What is noted below a call's method is noted for that client only."""
    ours, other = (client(fake.play(RETRIED), **RETRIED.http_options) for _ in range(2))
    trace(ours, telemetry)
    with telemetry.user.start_as_current_span("caller") as own:
        for one in (other, ours):
            ask(how, one)
    assert telemetry.the_span().attributes["http.request.resend_count"] == 2
    assert own.events == ()
    close(ours)
    close(other)


def test_nothing_is_kept_alive(fake: FakeGemini, telemetry: Watched):
    """A client that its program lets go of is gone, and forgotten."""
    ours = trace(client(fake.play(PLAIN_TEXT)), telemetry)
    chat = chat_of("call", ours)
    say("call", chat)
    close(ours)
    watched = [weakref.ref(one) for one in (ours, ours._api_client, chat)]
    del ours, chat
    gc.collect()
    assert [one() for one in watched] == [None] * 3
    assert not _clients.any_client()


def test_a_chat_outlives_its_client(
    fake: FakeGemini, telemetry: Watched, monkeypatch: pytest.MonkeyPatch
):
    """What was made from a client stays traced when nobody holds the client itself."""
    ours = client(fake.play(PLAIN_TEXT, repeat=True))
    api_client = ours._api_client
    # The SDK closes a client's transports when the client is gone.
    monkeypatch.setattr(type(api_client), "close", lambda _self: None, raising=False)
    chat = chat_of("call", trace(ours, telemetry))
    del ours
    gc.collect()
    say("call", chat)
    monkeypatch.undo()
    close(api_client)
    assert names_of(telemetry) == [ROUND]


@pytest.mark.parametrize("given", [None, "client", 7, object(), dict])
def test_what_is_no_client(given: Any, log: Any):
    """Anything else comes back as it is, and one warning says what to do."""
    plugin = GeminiInstrumentor()
    for _ in range(2):
        assert plugin.instrument_client(given) is given
    (warned,) = log.records
    assert type(given).__qualname__ in warned.getMessage()
    assert "google.genai Client" in warned.getMessage()
    assert "instrument()" in warned.getMessage()
    assert plugin.uninstrument_client(given) is given
    assert list(placed_hooks()) == []


def test_a_disabled_sdk(pair: tuple[Any, Any], telemetry: Watched, monkeypatch: pytest.MonkeyPatch):
    """Where OpenTelemetry is disabled as a whole, no hook goes on."""
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert trace(pair[0], telemetry) is pair[0]
    assert list(placed_hooks()) == []


def test_a_fault_of_ours_is_not_the_programs(
    pair: tuple[Any, Any], telemetry: Watched, log: Any, monkeypatch: pytest.MonkeyPatch
):
    """Should telling clients apart fail, calls go on, untraced, and one warning says so."""

    def fail(*_args: Any) -> None:
        raise LookupError("a fault of the plugin")

    ours, _ = pair
    monkeypatch.setattr(_clients, "client_reader", lambda _owner: fail)
    trace(ours, telemetry)
    assert [len(ask(how, ours)) for how in HOWS] == [1, 3, 1, 3]
    assert names_of(telemetry) == []
    assert [record.getMessage()[:24] for record in log.records] == ["Gemini telemetry failed "]


@pytest.mark.parametrize("how", HOWS)
def test_programs_see_no_difference(how: How, fake: FakeGemini):
    """Neither the traced client's program nor the other's gets anything else than before."""

    def run(telemetry: Watched | None, scenario: Scenario, *, traced: bool) -> Any:
        handle = fake.play(scenario)
        genai = client(handle)
        if telemetry and traced:
            trace(genai, telemetry)
        got, error = [], None
        try:
            got = [dumped(one) for one in ask(how, genai)]
        except Exception as raised:  # noqa: BLE001 - it is compared
            error = described(raised)
        close(genai)
        return got, error, [request[:3] + request[4:] for request in requests_of(handle)]

    for scenario in (PLAIN_TEXT, QUOTA_EXCEEDED):
        for traced in (True, False):
            without = run(None, scenario, traced=traced)
            assert run(Watched(), scenario, traced=traced) == without


def test_arguments_that_are_absent(pair: tuple[Any, Any], telemetry: Watched):
    """What is not said for a client is as for the process; what is said counts more."""
    ours, other = pair
    elsewhere = Watched()
    with telemetry.attached(capture_message_content="SPAN_ONLY"):
        plugin = GeminiInstrumentor()
        plugin.instrument_client(ours)
        plugin.instrument_client(other, **providers(elsewhere))
    for one in pair:
        ask("call", one)
    for told in (telemetry, elsewhere):
        assert "gen_ai.input.messages" in told.the_span().attributes
