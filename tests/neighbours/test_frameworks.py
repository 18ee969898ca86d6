"""Frameworks that call the SDK, each as its users run it."""

from __future__ import annotations

from collections import Counter

import pytest

from neighbours.beside import doctor_of, needs, run_beside

pytestmark = pytest.mark.slow

ROUND = "generate_content gemini-2.5-flash"
TOOL = """
def get_weather(city: str) -> str:
    "The weather of a city."
    return f"sunny in {city}"
"""
PYDANTIC_AI = f"""
import os

from pydantic_ai import Agent
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.providers.google import GoogleProvider

{TOOL}

gemini = GoogleProvider(api_key="key", base_url=os.environ["GOOGLE_GEMINI_BASE_URL"])
agent = Agent(
    GoogleModel("gemini-2.5-flash", provider=gemini), name="helper", tools=[get_weather]
)
print(agent.run_sync("What is the weather in Paris?").output)
"""
OF_PYDANTIC_AI = """
from pydantic_ai import Agent

Agent.instrument_all()
"""
LANGCHAIN = """
import os

from langchain_google_genai import ChatGoogleGenerativeAI

model = ChatGoogleGenerativeAI(
    model="gemini-2.5-flash", api_key="key", base_url=os.environ["GOOGLE_GEMINI_BASE_URL"]
)
print(model.invoke("What is the capital of France?").content)
print("".join(chunk.content for chunk in model.stream("Why is the sky blue?")))
"""
OF_LANGCHAIN = """
from openinference.instrumentation.langchain import LangChainInstrumentor

LangChainInstrumentor().instrument()
"""
WAIT_FOR_LANGSMITH = """
import time

from langchain_core.tracers.langchain import wait_for_all_tracers

wait_for_all_tracers()
for _ in range(100):
    if len(kept.get_finished_spans()) == 4:
        break
    time.sleep(0.1)
"""
BY_LANGSMITH = {
    "LANGSMITH_TRACING": "true",
    "LANGSMITH_API_KEY": "key",
    "LANGSMITH_ENDPOINT": "http://127.0.0.1:9",
}
INSTRUCTOR = """
import instructor
from google import genai
from pydantic import BaseModel


class Weather(BaseModel):
    city: str


client = instructor.from_genai(genai.Client())
found = client.chat.completions.create(
    model="gemini-2.5-flash",
    response_model=Weather,
    messages=[{"role": "user", "content": "What is the weather in Paris?"}],
)
print(found.city)
"""
ADK = f"""
import asyncio

from google.adk.agents import Agent
from google.adk.runners import InMemoryRunner
from google.genai import types

{TOOL}

agent = Agent(name="helper", model="gemini-2.5-flash", tools=[get_weather])
message = types.Content(role="user", parts=[types.Part(text="What is the weather in Paris?")])


async def main():
    runner = InMemoryRunner(agent=agent, app_name="app")
    session = await runner.session_service.create_session(app_name="app", user_id="u-12")
    print(session.id)
    events = runner.run_async(user_id="u-12", session_id=session.id, new_message=message)
    said = [part.text for event in [e async for e in events] for part in event.content.parts]
    print(said[-1])


asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("name", "program", "answer", "rounds"),
    [
        pytest.param("pydantic-ai", PYDANTIC_AI, "sunny in Paris", 2, marks=needs("pydantic-ai")),
        pytest.param("langchain", LANGCHAIN, "The sky looks blue", 2, marks=needs("langchain")),
        pytest.param("instructor", INSTRUCTOR, "Paris", 1, marks=needs("instructor")),
    ],
)
def test_without_tracing_of_its_own(name, program, answer, rounds):
    """Each round trip is one span with its tokens, and nothing is told to the log."""
    outcome = run_beside(name, program)
    assert answer in outcome.said[-1]
    assert outcome.names(ours=True) == [ROUND] * rounds
    assert outcome.names(ours=False) == []
    assert outcome.tokens(ours=True) == outcome.billed
    assert outcome.warnings() == []


@pytest.mark.parametrize("first", ["", "import google.adk.agents, google.adk.runners\n"])
@needs("adk")
def test_adk(first):
    """Each round is one span, ours, below ADK's agent, and carries what ADK knows."""
    outcome = run_beside("adk", ADK, first=first)
    session, said = outcome.said[-2:]
    assert "sunny in Paris" in said
    assert outcome.names(ours=True) == [ROUND, ROUND]
    theirs = ["execute_tool get_weather", "invoke_agent helper", "invoke_workflow helper"]
    assert outcome.names(ours=False) == theirs
    assert outcome.tokens(ours=True) == outcome.billed
    assert outcome.tokens(ours=False) == Counter()
    ids = {span.id: span.name for span in outcome.spans}
    for span in outcome.spans:
        if span.ours:
            assert span.parent in ids
            assert span.attributes["gen_ai.agent.name"] == "helper"
            assert span.attributes["gen_ai.conversation.id"] == session
            assert "user.id" not in span.attributes
    assert outcome.warnings() == []


@needs("pydantic-ai")
def test_pydantic_ai_traces_too():
    """Its own spans carry the tokens again; the doctor names the call that makes them."""
    outcome = run_beside("pydantic-ai", PYDANTIC_AI, first=OF_PYDANTIC_AI)
    assert outcome.names(ours=True) == [ROUND, ROUND]
    assert outcome.tokens(ours=True) == outcome.billed
    assert outcome.tokens(ours=False) == outcome.billed
    chats = {span.id for span in outcome.spans if span.name == "chat gemini-2.5-flash"}
    assert {span.parent for span in outcome.spans if span.ours} == chats
    [(level, text)] = doctor_of("pydantic-ai")
    assert level == "note"
    assert "pydantic-ai-slim is installed: Agent.instrument_all() would trace" in text


@needs("langchain")
def test_langchain_is_traced_by_openinference():
    """Its spans carry the tokens again; the doctor names the switch, and knows when it is used."""
    outcome = run_beside("langchain", LANGCHAIN, first=OF_LANGCHAIN)
    assert outcome.names(ours=True) == [ROUND, ROUND]
    assert outcome.names(ours=False) == ["ChatGoogleGenerativeAI"] * 2
    assert outcome.tokens(ours=True) == outcome.billed
    assert outcome.tokens(ours=False) == outcome.billed
    [text] = [text for level, text in doctor_of("langchain") if level == "problem"]
    assert text.startswith("openinference-instrumentation-langchain is installed as well")
    assert "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS to langchain or to gemini" in text
    switched_off = doctor_of("langchain", OTEL_PYTHON_DISABLED_INSTRUMENTATIONS="langchain")
    assert "problem" not in {level for level, _ in switched_off}


@pytest.mark.parametrize(
    ("variable", "value"), [("LANGSMITH_TRACING_MODE", "otel"), ("LANGSMITH_OTEL_ONLY", "true")]
)
@needs("langchain")
def test_langchain_is_traced_by_langsmith(variable, value):
    """Spans that LangSmith sends by OpenTelemetry carry the tokens again; the doctor says so."""
    environ = {**BY_LANGSMITH, variable: value}
    outcome = run_beside("langchain", LANGCHAIN + WAIT_FOR_LANGSMITH, **environ)
    assert outcome.names(ours=False) == ["ChatGoogleGenerativeAI"] * 2
    assert outcome.tokens(ours=True) == outcome.billed
    assert outcome.tokens(ours=False) == outcome.billed
    off = {"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "langchain"}
    [text] = [
        text for level, text in doctor_of("langchain", **environ, **off) if level == "problem"
    ]
    assert f"With {variable}={value}, LangSmith makes spans of LangChain's calls" in text


@needs("instructor")
def test_the_doctor_beside_instructor():
    """Where nothing else traces, the doctor says so."""
    assert doctor_of("instructor") == [("ok", "No other plugin for Gemini is installed.")]
