"""Other plugins for the same SDK, at work at once with this one."""

from __future__ import annotations

import pytest

from neighbours.beside import SWITCH_ON, doctor_of, needs, run_beside

pytestmark = pytest.mark.slow

CALLS = """
import asyncio

from google import genai


def get_weather(city: str) -> str:
    "The weather of a city."
    return f"sunny in {city}"


async def ask():
    return await client.aio.models.generate_content(model="gemini-2.5-flash", contents="Why?")


client = genai.Client()
models = client.models
ask_for = {"model": "gemini-2.5-flash", "contents": "What is the weather in Paris?"}
print(models.generate_content(model="gemini-2.5-flash", contents="Why?").text)
print(models.generate_content(**ask_for, config={"tools": [get_weather]}).text)
stream = models.generate_content_stream(model="gemini-2.5-flash", contents="Write a haiku")
print([chunk.text for chunk in stream])
print(asyncio.run(ask()).text)
print(models.embed_content(model="gemini-embedding-001", contents="Why?").embeddings[0].values)
try:
    models.generate_content(model="gemini-2.5-flash", contents="simulate 503")
except genai.errors.ServerError as error:
    print(error)
"""
OFFICIAL = """
from opentelemetry.instrumentation.google_genai import GoogleGenAiSdkInstrumentor

GoogleGenAiSdkInstrumentor().instrument()
"""
OPENINFERENCE = """
from openinference.instrumentation.google_genai import GoogleGenAIInstrumentor

GoogleGenAIInstrumentor().instrument()
"""
ENTRY_POINTS = {"official": "google-genai", "openinference": "google_genai"}
PLUGINS = {
    "official": "opentelemetry-instrumentation-google-genai",
    "openinference": "openinference-instrumentation-google-genai",
}
OTHERS = [
    pytest.param("official", OFFICIAL, marks=needs("official")),
    pytest.param("openinference", OPENINFERENCE, marks=needs("openinference")),
]
# A generation, a loop of two rounds, a stream, another generation, an embedding, a failure.
SPANS = [
    "generate_content gemini-2.5-flash",
    "generate_content gemini-2.5-flash",
    "execute_tool get_weather",
    "generate_content gemini-2.5-flash",
    "invoke_agent",
    "generate_content gemini-2.5-flash",
    "generate_content gemini-2.5-flash",
    "embeddings gemini-embedding-001",
    "generate_content gemini-2.5-flash",
]


@pytest.mark.parametrize("other_first", [True, False])
@pytest.mark.parametrize(("name", "other"), OTHERS)
def test_both_at_once(name, other, other_first):
    """Calls get and send what they would alone, each has its span, and one warning is logged."""
    alone = run_beside(name, CALLS, on="")
    order = [other, SWITCH_ON] if other_first else [SWITCH_ON, other]
    both = run_beside(name, CALLS, on="".join(order))
    assert alone.spans == []
    assert both.said == alone.said
    assert both.asked == alone.asked
    assert both.names(ours=True) == SPANS
    assert both.names(ours=False) != []
    [warning] = both.warnings()
    assert f"{PLUGINS[name]} traces the same Gemini calls" in warning
    assert f"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS to {ENTRY_POINTS[name]} or to gemini" in warning


@pytest.mark.parametrize(("name", "_other"), OTHERS)
def test_the_doctor(name, _other):
    """It names the other plugin as a problem, and is content where one of the two is off."""
    [(level, text)] = doctor_of(name)
    assert level == "problem"
    assert text.startswith(f"{PLUGINS[name]} is installed as well")
    [(level, text)] = doctor_of(name, OTEL_PYTHON_DISABLED_INSTRUMENTATIONS=ENTRY_POINTS[name])
    assert (level, "one of the two is switched off" in text) == ("ok", True)
