"""A model of google-generativeai as the one client that is traced, with its chats."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import google.generativeai as genai
import pytest

from interactions.watching import Watched
from legacy.asking import MODEL, WAYS, answer, connect, wants
from opentelemetry_instrumentation_gemini import GeminiInstrumentor
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks
from promises.watching import OPERATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from legacy.fake import Fake

ROUND = "generate_content"


def get_weather(city: str) -> str:
    """Tell the weather."""
    return f"sun over {city}"


@pytest.fixture
def telemetry() -> Watched:
    """Telemetry that nothing is told unless a test instruments something."""
    return Watched()


@pytest.fixture
def traced(telemetry: Watched) -> Iterator[Any]:
    """What instruments one model, until the end of the test."""
    plugin, known = GeminiInstrumentor(), []

    def trace(given: Any) -> Any:
        known.append(given)
        return plugin.instrument_client(given, tracer_provider=telemetry.tracers)

    yield trace
    for one in known:
        assert plugin.uninstrument_client(one) is one
    assert list(placed_hooks()) == []


def names_of(telemetry: Watched) -> list[str]:
    """Returns the operations that were traced, in order of their ends."""
    return [span.attributes[OPERATION] for span in telemetry.ended]


async def ask_async(asked: Any) -> None:
    """Ask in one event loop, since the SDK's client stays with its first."""
    for owner, name in asked:
        await getattr(owner, f"{name}_async")("Which colour?")


@pytest.mark.parametrize("way", WAYS)
def test_that_model_and_no_other(way: str, fake: Fake, telemetry: Watched, traced: Any):
    """A call of the model and a message of its chat are a span each; another model's are none."""
    fake.answers = [[answer("Blue.")] for _ in range(4)]
    connect(fake, way)
    ours, other = genai.GenerativeModel(MODEL), genai.GenerativeModel(MODEL)
    before = ours.start_chat()
    assert traced(ours) is ours
    asked = (
        (other, "generate_content"),
        (ours, "generate_content"),
        (before, "send_message"),
        (other.start_chat(), "send_message"),
    )
    if way.endswith("async"):
        asyncio.run(ask_async(asked))
    else:
        for owner, name in asked:
            getattr(owner, name)("Which colour?")
    assert names_of(telemetry) == [ROUND] * 2


def test_a_chat_stands_for_its_model(fake: Fake, telemetry: Watched, traced: Any):
    """A chat may be given instead of the model that it talks to."""
    fake.answers = [[answer("Blue.")] for _ in range(2)]
    connect(fake, "rest")
    ours, other = (genai.GenerativeModel(MODEL).start_chat() for _ in range(2))
    assert traced(ours) is ours
    for chat in (other, ours):
        chat.send_message("Which colour?")
    assert names_of(telemetry) == [ROUND]


def test_tools_of_that_model(fake: Fake, telemetry: Watched, traced: Any):
    """The tools that its chat calls belong to the model; another chat's do not."""
    loop = [[answer(wants("get_weather", city="Rome"))], [answer("Fine.")]]
    fake.answers = loop * 2
    connect(fake, "rest")
    ours, other = (genai.GenerativeModel(MODEL, tools=[get_weather]) for _ in range(2))
    traced(ours)
    for model in (other, ours):
        model.start_chat(enable_automatic_function_calling=True).send_message("How is Rome?")
    assert names_of(telemetry) == [ROUND, "execute_tool", ROUND, "invoke_agent"]


def test_beside_the_process(fake: Fake, telemetry: Watched, traced: Any):
    """Where the process is instrumented too, each call is told once."""
    fake.answers = [[answer("Blue.")] for _ in range(2)]
    connect(fake, "rest")
    ours, other = genai.GenerativeModel(MODEL), genai.GenerativeModel(MODEL)
    everyone = Watched()
    with everyone.attached():
        traced(ours)
        for model in (ours, other):
            model.generate_content("Which colour?")
    assert names_of(telemetry) == names_of(everyone) == [ROUND]
