"""What the application says with `annotate()` and in its baggage, on the spans within."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import baggage
from opentelemetry.context import attach, detach, get_current

from fake_gemini import client
from fake_gemini.scenarios.measuring import COUNT_TOKENS
from opentelemetry_instrumentation_gemini import annotate
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_gemini import FakeGemini

ASKED = {"model": "gemini-2.5-flash", "contents": "Why?"}
CONVERSATION, SESSION, USER = "gen_ai.conversation.id", "session.id", "user.id"
PROMPT = "gen_ai.prompt.name"
NAMES = (CONVERSATION, SESSION, USER, PROMPT)


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """The plugin at work."""
    telemetry = Telemetry()
    with telemetry.attached():
        yield telemetry


def _told(telemetry: Telemetry) -> list[dict[str, Any]]:
    return [
        {name: span.attributes[name] for name in NAMES if name in span.attributes}
        for span in telemetry.ended
    ]


def test_a_block_annotates_the_calls_within_and_no_others(genai: Any, telemetry: Telemetry):
    """Blocks nest, inner values win, and what is outside stays without."""
    with annotate(conversation_id="outer", user_id="u-12"):
        with annotate(conversation_id="inner", prompt_name="greeting"):
            genai.models.generate_content(**ASKED)
        genai.models.generate_content(**ASKED)
    genai.models.generate_content(**ASKED)
    assert _told(telemetry) == [
        {CONVERSATION: "inner", USER: "u-12", PROMPT: "greeting"},
        {CONVERSATION: "outer", USER: "u-12"},
        {},
    ]


def test_a_decorated_function_annotates_its_calls(genai: Any, telemetry: Telemetry):
    """It can be called again, and inside itself, and keeps its name."""

    @annotate(user_id="u-12")
    def ask(again: bool) -> str:
        if again:
            ask(again=False)
        return genai.models.generate_content(**ASKED).text

    ask(again=True)
    ask(again=False)
    assert ask.__name__ == "ask"
    assert _told(telemetry) == [{USER: "u-12"}] * 3


def test_a_decorated_async_function_annotates_what_it_awaits(genai: Any, telemetry: Telemetry):
    """Its body runs after the call has returned; calls run side by side, each within its own."""

    def asking(user: str) -> Any:
        @annotate(user_id=user)
        async def ask() -> str:
            return (await genai.aio.models.generate_content(**ASKED)).text

        return ask

    async def main() -> None:
        before = get_current()
        await asyncio.gather(*(asking(user)() for user in ("u-1", "u-2", "u-3")))
        await asking("u-4")()
        assert get_current() == before

    asyncio.run(main())
    assert sorted(told[USER] for told in _told(telemetry)) == ["u-1", "u-2", "u-3", "u-4"]


def test_threads_may_share_one_block(genai: Any, telemetry: Telemetry):
    """Each leaves what it entered, in whatever order they do, and nothing stays behind."""
    shared, both, first_left = annotate(user_id="u-12"), Barrier(2), Event()

    def ask(first: bool) -> bool:
        before = get_current()
        with shared:
            both.wait(5)
            genai.models.generate_content(**ASKED)
            assert first or first_left.wait(5)
        if first:
            first_left.set()
        return get_current() == before

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(ask, (True, False))) == [True, True]
    assert _told(telemetry) == [{USER: "u-12"}] * 2


def test_a_block_ends_what_was_left_behind_within(genai: Any, telemetry: Telemetry):
    """A context that the program attaches in a block and forgets is gone after it."""
    before = get_current()
    with annotate(user_id="u-12"):
        attach(baggage.set_baggage("session.id", "s-1"))
    assert get_current() == before
    genai.models.generate_content(**ASKED)
    assert _told(telemetry) == [{}]


def test_what_one_thread_leaves_behind_is_no_other_threads():
    """Of a shared annotation each thread ends its own block, whatever another one does in its."""
    shared, one_in, both_in, one_out = annotate(user_id="u-12"), Event(), Event(), Event()

    def forget() -> Any:
        with shared:
            one_in.set()
            assert both_in.wait(10)
            attach(baggage.set_baggage("session.id", "s-1"))
        one_out.set()
        return get_current()

    def stay() -> Any:
        assert one_in.wait(10)
        with shared:
            both_in.set()
            assert one_out.wait(10)
        return get_current()

    with ThreadPoolExecutor(2) as threads:
        left = [threads.submit(one) for one in (stay, forget)]
        assert [dict(one.result()) for one in left] == [{}, {}]


def test_it_reaches_what_inherits_the_context(genai: Any, telemetry: Telemetry):
    """A thread of `asyncio.to_thread` and a task started within are within."""

    async def main() -> None:
        with annotate(user_id="u-12"):
            task = asyncio.create_task(genai.aio.models.generate_content(**ASKED))
            await asyncio.to_thread(genai.models.generate_content, **ASKED)
        await task

    asyncio.run(main())
    assert _told(telemetry) == [{USER: "u-12"}] * 2


def test_where_there_is_no_conversation_it_is_the_session(fake: FakeGemini, telemetry: Telemetry):
    """The conventions have conversations and prompts for inferences, loops and tools only."""
    genai = client(fake.play(COUNT_TOKENS))
    with annotate(conversation_id="support-4711", prompt_name="greeting"):
        genai.models.count_tokens(**ASKED)
    genai.close()
    assert _told(telemetry) == [{SESSION: "support-4711"}]


def test_the_baggage_counts_too(genai: Any, telemetry: Telemetry):
    """Session and user are taken from it; what `annotate()` says wins."""
    carried = baggage.set_baggage("session.id", "s-1", baggage.set_baggage("user.id", "u-1"))
    token = attach(carried)
    try:
        genai.models.generate_content(**ASKED)
        with annotate(user_id="u-2"):
            genai.models.generate_content(**ASKED)
    finally:
        detach(token)
    assert _told(telemetry) == [{SESSION: "s-1", USER: "u-1"}, {SESSION: "s-1", USER: "u-2"}]


def test_each_chat_has_an_id_of_its_own_on_request(genai: Any):
    """With `chat_conversation_ids` a chat is a conversation, unless the application names one."""
    telemetry = Telemetry()
    one, other = (genai.chats.create(model="gemini-2.5-flash") for _ in range(2))
    with telemetry.attached(chat_conversation_ids=True):
        for chat in (one, one, other):
            chat.send_message("Why?")
        with annotate(conversation_id="support-4711"):
            one.send_message("Why?")
    ids = [told[CONVERSATION] for told in _told(telemetry)]
    assert ids[0] == ids[1] != ids[2]
    assert ids[3] == "support-4711"
