"""A tool's span reaches from the model's call to the program's response."""

from __future__ import annotations

import asyncio
import json
from time import time_ns
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from fake_gemini import sdk_version
from fake_gemini.live import Hear, Say, complete, content, spoken, text, tool_call, usage
from live.talking import connect, listen, tell
from live.watching import FINISH, answered, of, parts, seconds, session_of, tokens, turns_of

if TYPE_CHECKING:
    from fake_gemini.live import FakeLive
    from promises.watching import Telemetry

pytestmark = pytest.mark.asyncio
PAUSE = 0.03
DROPS_IDS = sdk_version() < (1, 60)
"""Older releases keep the ids of calls to themselves, on Vertex AI."""
WEATHER = {"name": "get_weather", "description": "Look the weather up."}
TOOLS = [{"function_declarations": [WEATHER]}]


def response(call_id: str | None = "call-1", **fields: Any) -> dict[str, Any]:
    """Returns a function response."""
    answer = {"name": "get_weather", "response": {"output": "sunny"}, **fields}
    return answer if call_id is None else {"id": call_id, **answer}


async def converse(session: Any, *responses: Any) -> None:
    """Ask something, answer each tool call with the next responses, and listen to the end."""
    due = iter(responses)
    await tell(session, "Weather in Rome?")
    async for message in session.receive():
        if message.tool_call:
            await asyncio.sleep(PAUSE)
            await session.send_tool_response(function_responses=next(due))


@pytest.mark.parametrize("vertex", [False, True])
async def test_a_call_and_its_response_are_one_span(
    live: FakeLive, telemetry: Telemetry, vertex: bool
):
    """It stands beside its turn, with id, arguments and result; the turn goes on behind it."""
    handle = live.play(
        Hear(),
        Say(tool_call("get_weather", city="Rome")),
        Hear(),
        Say(*spoken("Sunny."), *complete(30, 9)),
    )
    async with connect(handle, vertex=vertex, tools=TOOLS) as session:
        await converse(session, response())

    (tool,) = of(telemetry, "execute_tool")
    assert (tool.name, tool.kind) == ("execute_tool get_weather", SpanKind.INTERNAL)
    assert tool.parent.span_id == session_of(telemetry).context.span_id
    if not DROPS_IDS or not vertex:
        assert tool.attributes["gen_ai.tool.call.id"] == "call-1"
    assert tool.attributes["gen_ai.tool.type"] == "function"
    assert tool.attributes["gen_ai.tool.description"] == WEATHER["description"]
    assert json.loads(tool.attributes["gen_ai.tool.call.arguments"]) == {"city": "Rome"}
    assert json.loads(tool.attributes["gen_ai.tool.call.result"]) == {"output": "sunny"}
    assert tool.status.status_code is StatusCode.UNSET
    assert seconds(tool) >= PAUSE * 0.9

    (turn,) = turns_of(telemetry)
    assert [part["type"] for part in parts(turn)] == ["tool_call", "text"]
    assert [part["type"] for part in parts(turn, "gen_ai.input.messages")] == [
        "text",
        "tool_call_response",
    ]
    assert turn.attributes[FINISH] == ("stop",)
    assert tokens(turn) == (30, 9)
    assert session_of(telemetry).attributes["gcp.gen_ai.live.tool_call_count"] == 1
    assert telemetry.counts()["gen_ai.execute_tool.duration"] == 1


async def test_a_result_that_comes_late_belongs_to_the_next_turn(
    live: FakeLive, telemetry: Telemetry
):
    """Some models end the turn with the call, and answer in another one."""
    handle = live.play(
        Hear(),
        Say(tool_call("get_weather")),
        Hear(),
        Say(*complete(24, 5), *spoken("Sunny."), *complete(44, 11)),
    )
    async with connect(handle, tools=TOOLS) as session:
        await converse(session, response())
        await listen(session)

    first, second = turns_of(telemetry)
    assert first.attributes[FINISH] == ("tool_call",)
    assert [part["type"] for part in parts(first, "gen_ai.input.messages")] == ["text"]
    assert [part["type"] for part in parts(second, "gen_ai.input.messages")] == [
        "tool_call_response"
    ]
    assert (tokens(first), tokens(second)) == ((24, 5), (44, 11))


async def test_calls_in_parallel_find_their_responses(live: FakeLive, telemetry: Telemetry):
    """Responses may come together or apart, and in any order."""
    calls = [{"id": f"call-{n}", "name": "get_weather", "args": {"n": n}} for n in (1, 2, 3)]
    handle = live.play(
        Hear(),
        Say({"toolCall": {"functionCalls": calls}}),
        Hear(2),
        Say(*text("Done."), *complete(9, 3)),
    )
    async with connect(handle, tools=TOOLS) as session:
        await tell(session, "Weather?")
        async for message in session.receive():
            if message.tool_call:
                await session.send_tool_response(function_responses=response("call-3"))
                await session.send_tool_response(
                    function_responses=[response("call-2"), response("call-1")]
                )

    tools = of(telemetry, "execute_tool")
    ids = [tool.attributes["gen_ai.tool.call.id"] for tool in tools]
    arguments = [json.loads(tool.attributes["gen_ai.tool.call.arguments"]) for tool in tools]
    assert sorted(ids) == ["call-1", "call-2", "call-3"]
    assert [f"call-{given['n']}" for given in arguments] == ids


async def test_a_call_without_an_id_is_found_by_its_name(live: FakeLive, telemetry: Telemetry):
    """Vertex AI gives some calls no id."""
    handle = live.play(
        Hear(), Say(tool_call("get_weather", None)), Hear(), Say(*text("Sunny."), *complete(9, 3))
    )
    async with connect(handle, vertex=True, tools=TOOLS) as session:
        await converse(session, response(None))

    (tool,) = of(telemetry, "execute_tool")
    assert "gen_ai.tool.call.id" not in tool.attributes
    assert json.loads(tool.attributes["gen_ai.tool.call.result"]) == {"output": "sunny"}


async def test_a_response_with_an_error_is_an_error(live: FakeLive, telemetry: Telemetry):
    """The Live API's word for a tool that failed is `error`."""
    handle = live.play(
        Hear(), Say(tool_call("get_weather")), Hear(), Say(*text("Sorry."), *complete(9, 3))
    )
    async with connect(handle, tools=TOOLS) as session:
        said = "No such city for Bearer ya29.open-sesame."
        await converse(session, response(response={"error": said}))

    (tool,) = of(telemetry, "execute_tool")
    assert tool.status.status_code is StatusCode.ERROR
    assert tool.status.description == "No such city for Bearer [REDACTED]"
    assert tool.attributes["error.type"] == "tool_error"
    assert turns_of(telemetry)[0].status.status_code is StatusCode.UNSET


async def test_a_call_that_the_model_takes_back_says_so(live: FakeLive, telemetry: Telemetry):
    """A cancelled call ends where it is cancelled; its late response changes nothing."""
    cancelled = {"toolCallCancellation": {"ids": ["call-1"]}}
    end = {**content(turnComplete=True), **usage(9, 3)}
    handle = live.play(
        Hear(), Say(tool_call("get_weather"), content(interrupted=True), cancelled, end), Hear()
    )
    async with connect(handle, tools=TOOLS) as session:
        await tell(session, "Weather?")
        await listen(session)
        cancelled_by = time_ns()
        await asyncio.sleep(PAUSE)
        await session.send_tool_response(function_responses=response())

    (tool,) = of(telemetry, "execute_tool")
    assert tool.attributes["gcp.gen_ai.live.tool_call.cancelled"] is True
    assert tool.status.status_code is StatusCode.UNSET
    assert "gen_ai.tool.call.result" not in tool.attributes
    assert tool.end_time < cancelled_by + PAUSE * 0.5e9
    (event,) = session_of(telemetry).events
    assert event.name == "gcp.gen_ai.live.tool_call_cancellation"
    assert event.attributes["gcp.gen_ai.live.cancelled_call_ids"] == ("call-1",)


async def test_a_tool_that_goes_on_ends_with_its_last_response(
    live: FakeLive, telemetry: Telemetry
):
    """A response may announce more; the last one is the result."""
    handle = live.play(
        Hear(), Say(tool_call("get_weather")), Hear(2), Say(*text("Sunny."), *complete(9, 3))
    )
    async with connect(handle, tools=TOOLS) as session:
        await tell(session, "Weather?")
        async for message in session.receive():
            if message.tool_call:
                first = response(will_continue=True, response={"output": "wait"})
                await session.send_tool_response(function_responses=first)
                await asyncio.sleep(PAUSE)
                await session.send_tool_response(function_responses=response())

    (tool,) = of(telemetry, "execute_tool")
    assert json.loads(tool.attributes["gen_ai.tool.call.result"]) == {"output": "sunny"}
    assert seconds(tool) >= PAUSE * 0.9


async def test_a_tool_that_never_answers_ends_with_the_session(
    live: FakeLive, telemetry: Telemetry
):
    """It is no error of the tool's that the program has left."""
    handle = live.play(Hear(), Say(tool_call("get_weather"), *text("Wait."), *complete(9, 3)))
    async with connect(handle, tools=TOOLS) as session:
        await tell(session, "Weather?")
        await listen(session)

    (tool,) = of(telemetry, "execute_tool")
    assert tool.status.status_code is StatusCode.UNSET
    assert answered(turns_of(telemetry)[0]) == "Wait."


async def test_a_response_that_the_sdk_refuses_ends_nothing(live: FakeLive, telemetry: Telemetry):
    """The Gemini API wants an id; the program may try again."""
    handle = live.play(
        Hear(), Say(tool_call("get_weather")), Hear(), Say(*text("Sunny."), *complete(9, 3))
    )
    async with connect(handle, tools=TOOLS) as session:
        await tell(session, "Weather?")
        async for message in session.receive():
            if message.tool_call:
                with pytest.raises(ValueError, match="id"):
                    await session.send_tool_response(function_responses=response(None))
                await asyncio.sleep(PAUSE)
                await session.send_tool_response(function_responses=response())

    (tool,) = of(telemetry, "execute_tool")
    assert tool.status.status_code is StatusCode.UNSET
    assert seconds(tool) >= PAUSE * 0.9
