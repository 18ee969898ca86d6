"""Chats of google-generativeai that call tools by themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import google.generativeai as genai
import pytest
from opentelemetry import trace

from interactions.watching import INPUT, OUTPUT
from legacy.asking import MODEL, answer, connect, hear, run, wants
from promises.watching import OPERATION, Telemetry

if TYPE_CHECKING:
    from interactions.watching import Watched
    from legacy.fake import Fake

CONTENT = "gen_ai.tool.call.arguments"
RESULT = "gen_ai.tool.call.result"


def get_weather(city: str, days: int) -> dict[str, Any]:
    """Tell the weather of a city."""
    return {"city": city, "degrees": [20.5, days]}


def get_time(city: str) -> str:
    """Tell the time."""
    assert trace.get_current_span().attributes[OPERATION] == "execute_tool"
    return f"noon in {city}"


def fail(city: str) -> str:
    """Never work."""
    raise ValueError(f"no {city}")


def talk(fake: Fake, way: str, *tools: Any, **chat: Any) -> Any:
    """Send one message with tools."""
    connect(fake, way)
    model = genai.GenerativeModel(MODEL, tools=[*tools], system_instruction="Help.")
    session = model.start_chat(enable_automatic_function_calling=True, **chat)
    return run(way, session, "send_message", "How is Rome?")


def rounds() -> list[list[Any]]:
    """Returns what makes a loop of two rounds with two tools."""
    calls = [wants("get_weather", "call-1", city="Rome", days=2), wants("get_time", city="Rome")]
    return [[answer(*calls, prompt=10, candidates=3)], [answer("Fine.", prompt=20, candidates=4)]]


@pytest.mark.parametrize("way", ["rest", "grpc", "grpc_async"])
def test_a_loop_and_what_is_in_it(way: str, fake: Fake, telemetry: Watched):
    """A loop is one span, under it a span for each round, with its tokens, and for each tool."""
    fake.answers = rounds()
    assert talk(fake, way, get_weather, get_time).text == "Fine."
    spans = {span.attributes[OPERATION]: span for span in telemetry.ended}
    loop = spans["invoke_agent"]
    told = [(span.name, span.parent and span.parent.span_id) for span in telemetry.ended]
    assert told == [
        (f"generate_content {MODEL}", loop.context.span_id),
        ("execute_tool get_weather", loop.context.span_id),
        ("execute_tool get_time", loop.context.span_id),
        (f"generate_content {MODEL}", loop.context.span_id),
        ("invoke_agent", None),
    ]
    tokens = [
        (
            span.attributes["gen_ai.usage.input_tokens"],
            span.attributes["gen_ai.usage.output_tokens"],
        )
        for span in telemetry.rounds
    ]
    assert tokens == [(10, 3), (20, 4)]
    assert "gen_ai.usage.input_tokens" not in loop.attributes
    assert [span.attributes["gen_ai.response.finish_reasons"] for span in telemetry.rounds] == [
        ("tool_call",),
        ("stop",),
    ]
    assert loop.attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert json.loads(loop.attributes[OUTPUT])[0]["parts"][0]["content"] == "Fine."
    assert telemetry.counts()["gen_ai.invoke_agent.duration"] == 1


def test_what_a_tool_span_says(fake: Fake, telemetry: Watched):
    """A tool's call has its id, its arguments as they were in JSON, and its result."""
    fake.answers = rounds()
    talk(fake, "grpc", get_weather, get_time)
    weather, time = (one for one in telemetry.ended if one.name.startswith("execute_tool"))
    assert weather.kind.name == "INTERNAL"
    assert weather.attributes["gen_ai.tool.call.id"] == "call-1"
    assert "gen_ai.tool.call.id" not in time.attributes
    assert weather.attributes["gen_ai.tool.description"] == "Tell the weather of a city."
    # The protocol keeps no order, and has no integers: what was one is one again.
    assert json.loads(weather.attributes[CONTENT]) == {"city": "Rome", "days": 2}
    assert json.loads(weather.attributes[RESULT]) == {"city": "Rome", "degrees": [20.5, 2]}
    assert "2.0" not in weather.attributes[CONTENT]
    assert time.attributes[RESULT] == '{"result":"noon in Rome"}'


def test_what_the_rounds_say(fake: Fake, telemetry: Watched):
    """The second round shows the calls and the answers of the first, and what tools there are."""
    fake.answers = rounds()
    talk(fake, "grpc", get_weather, get_time)
    first, second = telemetry.rounds
    (wanted,) = json.loads(first.attributes[OUTPUT])
    assert wanted["parts"][0] == {
        "type": "tool_call",
        "id": "call-1",
        "name": "get_weather",
        "arguments": {"city": "Rome", "days": 2},
    }
    messages = json.loads(second.attributes[INPUT])
    assert [message["role"] for message in messages] == ["user", "assistant", "tool", "tool"]
    assert messages[2]["parts"][0]["response"] == {"city": "Rome", "degrees": [20.5, 2]}
    weather, time = json.loads(first.attributes["gen_ai.tool.definitions"])
    assert weather == {
        "type": "function",
        "name": "get_weather",
        "description": "Tell the weather of a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city", "days"],
        },
    }
    assert time["name"] == "get_time"


@pytest.mark.parametrize("way", ["grpc", "grpc_async"])
def test_a_tool_that_fails(way: str, fake: Fake, telemetry: Watched):
    """This SDK lets a tool's exception through: the tool and the loop fail, the round does not."""
    fake.answers = [[answer(wants("fail", city="Rome"))]]
    heard = hear(talk, fake, way, fail)
    assert type(heard.error) is ValueError
    errors = {span.name: span.attributes.get("error.type") for span in telemetry.ended}
    assert errors == {
        f"generate_content {MODEL}": None,
        "execute_tool fail": "ValueError",
        "invoke_agent": "ValueError",
    }


def test_without_permission(fake: Fake):
    """What tools are given, give and say when they fail is content."""
    fake.answers = [*rounds(), [answer(wants("fail", city="Rome"))]]
    telemetry = Telemetry()
    with telemetry.attached(capture_message_content="NO_CONTENT"):
        talk(fake, "grpc", get_weather, get_time)
        hear(talk, fake, "grpc", fail)
    told = [dict(span.attributes) for span in telemetry.ended]
    events = [dict(event.attributes) for span in telemetry.ended for event in span.events]
    assert "Rome" not in f"{told} {events}"
    assert (len(told), len(events)) == (8, 2)


@pytest.mark.parametrize(
    ("tools", "enabled"), [([], True), ([get_weather], False)], ids=["no tools", "not automatic"]
)
def test_no_loop(tools: list[Any], enabled: bool, fake: Fake, telemetry: Watched):
    """Where the SDK calls no tools, a message is one round and nothing around it."""
    fake.answers = [[answer("Fine.")]]
    connect(fake, "grpc")
    model = genai.GenerativeModel(MODEL, tools=tools or None)
    model.start_chat(enable_automatic_function_calling=enabled).send_message("Hello")
    assert telemetry.the_round().parent is None


def test_a_chat_that_has_begun(fake: Fake, telemetry: Watched):
    """The loop's input is the whole conversation, and the chat stays as it was."""
    fake.answers = [[answer("First.")], *rounds()]
    connect(fake, "grpc")
    model = genai.GenerativeModel(MODEL, tools=[get_weather, get_time])
    chat = model.start_chat(
        history=[{"role": "user", "parts": ["Hi"]}, {"role": "model", "parts": ["Ho"]}],
        enable_automatic_function_calling=True,
    )
    chat.send_message("One")
    chat.send_message(["Two", "three"])
    assert len(chat.history) == 8
    loop = [span for span in telemetry.ended if span.name == "invoke_agent"][1]
    messages = json.loads(loop.attributes[INPUT])
    texts = [part["content"] for message in messages for part in message["parts"]]
    assert texts == ["Hi", "Ho", "One", "First.", "Two", "three"]


def test_the_caller_sees_no_difference(fake: Fake):
    """Answer and history of a loop are those of the SDK alone."""
    shown = []
    for traced in (False, True):
        fake.answers = rounds()
        if traced:
            with Telemetry().attached():
                shown.append(hear(talk, fake, "grpc", get_weather, _time).shown())
        else:
            shown.append(hear(talk, fake, "grpc", get_weather, _time).shown())
    assert shown[0] == shown[1]


def _time(city: str) -> str:
    """Tell the time."""
    return f"noon in {city}"


_time.__name__ = "get_time"


def test_no_span_around_the_loop(fake: Fake):
    """With `loop_spans` off, rounds and tools stand under the caller's span."""
    fake.answers = rounds()
    telemetry = Telemetry()
    with telemetry.attached(loop_spans=False):
        talk(fake, "grpc", get_weather, get_time)
    assert [span.parent for span in telemetry.ended] == [None] * 4


def test_a_chat_is_a_conversation(fake: Fake):
    """With `chat_conversation_ids` each chat has an id of its own on all its spans."""
    fake.answers = [[answer("A")], [answer("B")], [answer("C")]]
    telemetry = Telemetry()
    connect(fake, "grpc")
    model = genai.GenerativeModel(MODEL)
    with telemetry.attached(chat_conversation_ids=True):
        one, other = model.start_chat(), model.start_chat()
        one.send_message("1")
        run("grpc_async", one, "send_message", "2")
        other.send_message("3")
    ids = [span.attributes["gen_ai.conversation.id"] for span in telemetry.rounds]
    assert ids[0] == ids[1] != ids[2]
