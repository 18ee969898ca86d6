"""Programs whose tools the SDK calls: the tools and the program see nothing of the plugin."""

from __future__ import annotations

import asyncio
import gc
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

import pytest

from fake_gemini import HOWS, client
from fake_gemini.scenarios.text import PLAIN_TEXT
from fake_gemini.scenarios.tools import ONE_TOOL
from opentelemetry_instrumentation_gemini._reading.tools import read_tools
from promises.endings import Ending, ending_of
from promises.programs import Question, Way, run
from promises.tools import Tools
from promises.watching import OPERATION, Telemetry

if TYPE_CHECKING:
    from fake_gemini import FakeGemini, How
    from promises.seeing import Seen

WAYS = [Way(surface, how) for surface in ("models", "chats") for how in HOWS]


def _run(
    fake: FakeGemini, telemetry: Telemetry, way: Way, kind: str, ending: Ending | None = None
) -> tuple[Seen, Tools]:
    tools = Tools()
    tool = getattr(tools, kind)()
    ending = ending or ending_of("read" if way.streams else "call", is_async=way.is_async)
    assert ending is not None
    question = Question(way)
    question.contents = "What is the weather in Rome?"
    question.config.tools = [tool]
    seen = run(fake, telemetry, ONE_TOOL, way, ending, question)
    assert question.config.tools == [tool]
    # The two runs have functions of their own.
    seen.asked = seen.asked[0].model_copy(update={"tools": None}), *seen.asked[1:]
    return seen, tools


@pytest.fixture(autouse=True)
def _no_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the SDK not log its advice about tool loops, which it does once in a process."""
    from google.genai import models  # noqa: PLC0415

    for owner in (models.Models, models.AsyncModels):
        monkeypatch.setattr(owner, "_logged_afc_warning", True, raising=False)


KINDS = ("plain", "keyword_only", "failing", "asynchronous", "another_name")


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_a_loop_is_as_without_us(kind: str, way: Way, fake: FakeGemini, telemetry: Telemetry):
    """Tools get the same arguments, the program the same answers, whatever the tools do."""
    bare, without = _run(fake, Telemetry(), way, kind)
    with telemetry.attached():
        traced, with_us = _run(fake, telemetry, way, kind)
    assert traced == bare
    assert with_us.calls == without.calls
    assert all(traced.current)
    assert telemetry.open == []
    assert len(telemetry.rounds) == len(traced.requests)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_ctrl_c_in_a_tool_ends_everything(way: Way, fake: FakeGemini, telemetry: Telemetry):
    """An interrupt in a tool reaches the program, and no span stays open or current."""
    bare, _ = _run(fake, Telemetry(), way, "interrupted")
    with telemetry.attached():
        traced, _ = _run(fake, telemetry, way, "interrupted")
    gc.collect()
    assert traced == bare
    assert all(traced.current)
    assert telemetry.open == []


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_tools_own_spans_are_below_its_call(way: Way, fake: FakeGemini, telemetry: Telemetry):
    """Inside a tool the tool's span is current, and nothing of it is left afterwards."""
    with telemetry.attached():
        _, tools = _run(fake, telemetry, way, "plain")
    (current,) = tools.spans
    assert current.attributes[OPERATION] == "execute_tool"
    assert telemetry.open == []


def _streams() -> list[Way]:
    return [way for way in WAYS if way.streams]


@pytest.mark.parametrize("way", _streams(), ids=str)
@pytest.mark.parametrize("name", ["close", "leave", "drop", "fail", "throw", "interrupt"])
def test_a_streamed_loop_may_be_left(name: str, way: Way, fake: FakeGemini, telemetry: Telemetry):
    """A loop that its reader leaves between two rounds ends like any stream."""
    ending = ending_of(name, is_async=way.is_async)
    bare, without = _run(fake, Telemetry(), way, "plain", ending)
    with telemetry.attached():
        traced, with_us = _run(fake, telemetry, way, "plain", ending)
    assert traced == bare
    assert with_us.calls == without.calls
    assert all(traced.current)
    assert telemetry.open == []


@pytest.mark.parametrize("how", ["call", "async_call"])
def test_a_nested_call_in_a_tool_is_its_own_affair(
    how: How, fake: FakeGemini, telemetry: Telemetry
):
    """What a tool asks a model stands below the tool, and the loop goes on undisturbed."""
    inner = client(fake.play(PLAIN_TEXT))
    tool = Tools(lambda: inner.models.generate_content(model="gemini-2.5-pro", contents="?"))
    genai = client(fake.play(ONE_TOOL))
    asked = {"model": "gemini-2.5-flash", "contents": "?", "config": {"tools": [tool.plain()]}}
    with telemetry.attached():
        if how == "call":
            genai.models.generate_content(**asked)
        else:
            asyncio.run(genai.aio.models.generate_content(**asked))
    nested = [one for one in telemetry.rounds if one.name.endswith("pro")]
    tools = [one for one in telemetry.ended if one.attributes[OPERATION] == "execute_tool"]
    assert [one.parent.span_id for one in nested] == [one.context.span_id for one in tools]
    assert len(telemetry.rounds) == 3
    assert telemetry.open == []


def _weather(city: str, days: int = 1, unit: Literal["C", "F"] = "C") -> str:
    """Tell the weather in a city."""
    return f"{city} {days} {unit}"


class _Station:
    """Whose calls only its own code can tell about."""

    def __call__(self, city: str) -> str:
        """Tell the weather in a city."""
        return city


def _unreadable(city: object() = "Rome") -> str:  # type: ignore[valid-type]
    """Tell the weather somewhere."""
    return str(city)


@pytest.mark.parametrize(
    ("tool", "parameters"),
    [
        (
            _weather,
            {
                "city": {"type": "string"},
                "days": {"default": 1, "type": "integer"},
                "unit": {"default": "C", "enum": ["C", "F"], "type": "string"},
            },
        ),
        (_Station(), None),
        (_unreadable, None),
    ],
    ids=["function", "object", "unreadable"],
)
def test_a_functions_parameters_are_told(
    tool: Any, parameters: Any, fake: FakeGemini, telemetry: Telemetry
):
    """The definition has what the model is told, as far as it can be known without harm."""
    genai = client(fake.play(PLAIN_TEXT))
    config = {"tools": [tool], "automatic_function_calling": {"disable": True}}
    with telemetry.attached(), suppress(Exception):
        genai.models.generate_content(model="gemini-2.5-flash", contents="Rome?", config=config)
    told = json.loads((telemetry.the_round().attributes or {})["gen_ai.tool.definitions"])
    assert told[0]["type"] == "function"
    properties = told[0].get("parameters", {}).get("properties")
    if parameters is not None:
        assert told[0]["parameters"]["required"] == ["city"]
        for each in properties.values():
            del each["title"]
    assert properties == parameters


def test_types_that_are_none_warn_nobody(recwarn: pytest.WarningsRecorder):
    """Our look at a function's types makes no warning of its own; the SDK's may."""

    def weather(city: str) -> str:
        """Tell the weather in a city."""
        return city

    weather.__annotations__["city"] = 5
    (told,) = read_tools([weather])
    assert told["name"] == "weather"
    assert "parameters" not in told
    assert not recwarn.list


class _Guide:
    """Has a tool that may be given with it or by itself."""

    def weather(self, city: str) -> str:
        """Tell the weather in a city."""
        return city


def test_what_is_told_of_a_function_is_nobody_elses_to_change():
    """A content filter may change what it gets; the next call is told anew."""
    for tool, wanted in ((_Guide().weather, {"city"}), (_Guide.weather, {"self", "city"})):
        for _ in range(2):
            (told,) = read_tools([tool])
            assert set(told["parameters"].pop("properties")) == wanted
