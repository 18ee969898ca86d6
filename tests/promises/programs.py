"""Small programs of a user: a way to ask, and what becomes of the answer."""

from __future__ import annotations

import asyncio
import copy
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from opentelemetry import trace

from fake_gemini import HOWS, How, client
from promises.seeing import Seen, described, hear_loop, listening, no_collections, requests_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from google.genai import Client

    from fake_gemini import FakeGemini, Scenario
    from promises.endings import Ending
    from promises.watching import Telemetry

Surface: TypeAlias = Literal["models", "chats"]
MODEL = "gemini-2.5-flash"
ASKED = {"model": MODEL, "contents": "Why is the sky blue?"}
"""The arguments of a program that asks simply."""


@dataclass(frozen=True)
class Way:
    """How a program asks.

    With `loop` the SDK's tool loop stands between the program and the model round, which then
    sees no more of the program than that its stream is dropped.
    """

    surface: Surface
    how: How
    vertex: bool = False
    loop: bool = True

    @property
    def is_async(self) -> bool:
        """Whether it is asked from a coroutine."""
        return self.how.startswith("async")

    @property
    def streams(self) -> bool:
        """Whether the answer comes in chunks."""
        return self.how.endswith("stream")

    def __str__(self) -> str:
        """Returns a name for test ids."""
        api = "vertex" if self.vertex else "gemini"
        return f"{self.surface}-{self.how}-{api}{'' if self.loop else '-direct'}"

    def asking(self, genai: Client, question: Question) -> Callable[[], Any]:
        """Returns the SDK's method, ready to be called, and makes its chat if it needs one."""
        side: Any = genai.aio if self.is_async else genai
        if self.surface == "models":
            method = side.models.generate_content_stream
            if not self.streams:
                method = side.models.generate_content
            asked = {"contents": question.contents, "config": question.config}
            return lambda: method(model=MODEL, **asked)
        question.chat = side.chats.create(model=MODEL, config=question.config)
        method = question.chat.send_message_stream if self.streams else question.chat.send_message
        return lambda: method(question.contents)


WAYS = (
    *(Way("models", how, vertex) for how in HOWS for vertex in (False, True)),
    # What differs between the two services lies below both surfaces.
    *(Way("chats", how) for how in HOWS),
)
DIRECT = tuple(Way("models", how, loop=False) for how in HOWS)
"""Ways without the SDK's loop: a synchronous program reads the hooked generator itself."""


class Question:
    """What the program asks with: objects of its own, made anew for each run."""

    def __init__(self, way: Way) -> None:
        from google.genai import types  # noqa: PLC0415 - other tests need no SDK

        self.chat: Any = None
        self.contents: Any = ["Why is the sky blue?", types.Part(text="In one line.")]
        self.config = types.GenerateContentConfig(
            system_instruction="Be brief.",
            temperature=0.25,
            stop_sequences=["END"],
            safety_settings=[
                types.SafetySetting(
                    category="HARM_CATEGORY_HARASSMENT", threshold="BLOCK_ONLY_HIGH"
                )
            ],
        )
        if not way.loop:
            self.config.automatic_function_calling = types.AutomaticFunctionCallingConfig(
                disable=True
            )

    def state(self) -> Any:
        """Returns a copy of what it asks with, and the identities of these objects."""
        parts = (self.config, self.contents, *self.contents)
        return copy.deepcopy(parts), [id(part) for part in parts]


def run(
    fake: FakeGemini,
    telemetry: Telemetry,
    scenario: Scenario,
    way: Way,
    ending: Ending,
    question: Question | None = None,
) -> Seen:
    """Run the program once and return what it saw."""
    handle = fake.play(scenario)
    genai = client(handle, vertex=way.vertex)
    seen = Seen()
    question = question or Question(way)
    ask = way.asking(genai, question)
    before = question.state()
    with (
        no_collections(),
        listening(seen.complaints),
        telemetry.user.start_as_current_span("caller") as seen.caller,
    ):
        try:
            if way.is_async:
                asyncio.run(_inside_loop(genai, ask, ending, seen))
            else:
                ending(ask, seen)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is compared
            seen.error = described(error)
        seen.look()
    seen.asked, _ = after = question.state()
    seen.untouched = after == before
    seen.history = question.chat and [one.model_dump() for one in question.chat.get_history()]
    seen.requests = requests_of(handle)
    close(genai)
    return seen


def close(genai: Any) -> None:
    """Close a client, if this SDK can."""
    if hasattr(genai, "close"):
        genai.close()


async def close_async(genai: Any) -> None:
    """Close the asynchronous half of a client, if this SDK can."""
    if hasattr(genai.aio, "aclose"):
        await genai.aio.aclose()


async def _inside_loop(genai: Client, ask: Any, ending: Ending, seen: Seen) -> None:
    hear_loop(seen.complaints)
    try:
        await ending(ask, seen)
    finally:
        seen.look()
        # What the garbage collector closes, it closes in tasks of their own.
        for _ in range(5):
            await asyncio.sleep(0)
        await close_async(genai)


@contextmanager
def user_span(telemetry: Telemetry, name: str = "caller") -> Iterator[Any]:
    """Make a span of the user's own current, and look whether it still is at the end."""
    with telemetry.user.start_as_current_span(name) as own:
        yield own
        assert trace.get_current_span() is own


def ask(how: How, genai: Any, telemetry: Telemetry, **asked: Any) -> list[Any]:
    """Ask in one of the four shapes, below a span of the user's, and return what came."""
    asked = {**ASKED, **asked}

    async def ask_async() -> list[Any]:
        with user_span(telemetry):
            if how == "async_call":
                return [await genai.aio.models.generate_content(**asked)]
            return [one async for one in await genai.aio.models.generate_content_stream(**asked)]

    if how.startswith("async"):
        return asyncio.run(ask_async())
    with user_span(telemetry):
        if how == "call":
            return [genai.models.generate_content(**asked)]
        return list(genai.models.generate_content_stream(**asked))
