"""Automatic function calling: every round one span, the trace's total what Google billed."""

import asyncio
import contextlib
from dataclasses import replace
from typing import Any

import pytest

from fake_gemini import HOWS, FakeGemini, Handle, How, Scenario, client, perform
from fake_gemini.scenarios.tools import ONE_TOOL, PARALLEL_CALLS, THREE_TOOL_ROUNDS
from fake_gemini.wire import answer, call_part, candidate, error_body, refusal, response
from matrix.asking import INSTALLED, MODEL, chat
from matrix.watching import INPUT, OUTPUT, Watched, told


def in_models(handle: Handle, how: How, scenario: Scenario) -> None:
    """Run the loop by `models.generate_content` or its stream."""
    del scenario
    outcome = perform(handle, how)
    assert outcome.error is None


def in_chats(handle: Handle, how: How, scenario: Scenario) -> None:
    """Run the loop by a chat, which has a loop of its own on newer SDKs."""
    answers = chat(handle, how, [scenario.contents], config={"tools": list(scenario.tools)})
    assert scenario.rounds[-1].text in answers[0]


@pytest.mark.parametrize("scenario", [THREE_TOOL_ROUNDS, PARALLEL_CALLS], ids=lambda it: it.name)
@pytest.mark.parametrize("play", [in_models, in_chats])
@pytest.mark.parametrize("how", HOWS)
def test_a_loop_adds_up(
    watched: Watched, fake: FakeGemini, how: How, play: Any, scenario: Scenario
) -> None:
    """Every round, every tool and one loop around them; tokens stand on the rounds alone."""
    handle = fake.play(scenario)
    play(handle, how, scenario)
    (loop,) = watched.of("invoke_agent")
    billed = handle.reported_usage
    thoughts = billed.get("thoughtsTokenCount", 0)
    assert len(watched.of("generate_content")) == len(scenario.rounds)
    assert [told(span)["gen_ai.tool.name"] for span in watched.of("execute_tool")] == [
        name for one in scenario.rounds for name in one.calls
    ]
    assert watched.tokens(INPUT) == billed["promptTokenCount"]
    assert watched.tokens(OUTPUT) == billed["candidatesTokenCount"] + thoughts
    assert {span.parent and span.parent.span_id for span in watched.spans if span is not loop} == {
        loop.context.span_id
    }


@pytest.mark.skipif(INSTALLED < (1, 60), reason="the SDK calls its functions all the same")
@pytest.mark.parametrize("api", ["models", "chats"])
@pytest.mark.parametrize("how", HOWS)
def test_what_the_sdk_leaves_to_the_program_is_no_loop(
    watched: Watched, fake: FakeGemini, how: How, api: str
) -> None:
    """With a declaration or a server beside them the SDK calls no functions: one round is all."""
    others: list[Any] = [{"functionDeclarations": [{"name": "get_time"}]}]
    if INSTALLED >= (2, 10):
        others.append({"mcp_servers": [{"name": "weather"}]})
    for other in others:
        config: Any = {"tools": [*ONE_TOOL.tools, other]}
        if api == "chats":
            chat(fake.play(ONE_TOOL), how, [ONE_TOOL.contents], config=config)
        else:
            perform(fake.play(replace(ONE_TOOL, tools=tuple(config["tools"]))), how)
    assert [span.name for span in watched.spans] == [f"generate_content {MODEL}"] * len(others)


@pytest.mark.parametrize("how", ["call", "stream"])
def test_a_call_that_is_not_served_keeps_its_id(
    watched: Watched, fake: FakeGemini, how: How
) -> None:
    """The SDK serves no call without arguments here, whose id is then not the next one's."""
    bare = {"functionCall": {"id": "call-1", "name": "get_weather"}}
    wanted = candidate(bare, call_part("get_weather", "call-2", city="Rome"))
    perform(fake.play(replace(ONE_TOOL, steps=(answer(response(wanted)), ONE_TOOL.steps[1]))), how)
    (tool,) = watched.of("execute_tool")
    assert told(tool)["gen_ai.tool.call.id"] == "call-2"


@pytest.mark.parametrize("play", [in_models, in_chats])
@pytest.mark.parametrize("how", HOWS)
def test_a_loop_has_nothing_of_the_round_before_a_failure(
    watched: Watched, fake: FakeGemini, how: How, play: Any
) -> None:
    """Where a later round fails, the loop has no answer, as that round has none."""
    refused = refusal(429, error_body(429, "Quota exceeded."))
    handle = fake.play(replace(ONE_TOOL, steps=(ONE_TOOL.steps[0], refused)))
    with contextlib.suppress(Exception, AssertionError):
        play(handle, how, ONE_TOOL)
    (loop,) = watched.of("invoke_agent")
    assert told(loop)["error.type"] == "429"
    assert told(loop)["gen_ai.response.finish_reasons"] == ("error",)
    assert "gen_ai.output.messages" not in told(loop)


def test_an_mcp_session_is_a_tool(watched: Watched, fake: FakeGemini) -> None:
    """A tool that an MCP server offers is a span like any other."""
    session = _mcp_session()
    genai = client(fake.play(ONE_TOOL))
    asked = {"contents": ONE_TOOL.contents, "config": {"tools": [session]}}
    said = asyncio.run(genai.aio.models.generate_content(model=MODEL, **asked))
    (tool,) = watched.of("execute_tool")
    assert said.text == ONE_TOOL.rounds[-1].text
    assert session.called == [("get_weather", {"city": "Rome"})]
    assert told(tool)["gen_ai.tool.name"] == "get_weather"
    assert len(watched.of("generate_content")) == 2


def test_what_an_mcp_server_says_of_a_failure_is_freed_of_keys(
    watched: Watched, fake: FakeGemini
) -> None:
    """With permission its own words are told, as those of any other tool."""
    session = _mcp_session("401 for https://weather.example/?key=open-sesame", failed=True)
    genai = client(fake.play(ONE_TOOL))
    asked = {"contents": ONE_TOOL.contents, "config": {"tools": [session]}}
    asyncio.run(genai.aio.models.generate_content(model=MODEL, **asked))
    (tool,) = watched.of("execute_tool")
    assert tool.status.description == "401 for https://weather.example/?key=[REDACTED]"


def _mcp_session(said: str = "clear", *, failed: bool = False) -> Any:
    """A session whose server is here: the protocol between them is not our subject."""
    mcp = pytest.importorskip("mcp")
    types = pytest.importorskip("mcp.types")
    if INSTALLED < (2, 20) and "inputSchema" not in types.Tool.model_fields:
        pytest.skip("this google-genai knows MCP 1 only")

    class Session(mcp.ClientSession):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            self.called: list[Any] = []

        async def list_tools(self, *args: Any, **kwargs: Any) -> Any:
            schema = {"type": "object", "properties": {"city": {"type": "string"}}}
            tool = {"name": "get_weather", "description": "Weather.", "inputSchema": schema}
            return types.ListToolsResult.model_validate({"tools": [tool]})

        async def call_tool(self, name: str, arguments: Any = None, **kwargs: Any) -> Any:
            self.called.append((name, arguments))
            content = [{"type": "text", "text": said}]
            return types.CallToolResult.model_validate({"content": content, "isError": failed})

    return Session()
