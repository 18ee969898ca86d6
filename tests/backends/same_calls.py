"""One program of Gemini calls, traced by MLflow's own autolog or by this package's.

It is run as a program, in an environment that need not hold the tests. Its last line is what became
of each call: the id of its trace, or none where no trace was made, and what the call raised.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
from contextlib import nullcontext

from google import genai
from google.genai import types

MODEL = "gemini-2.5-flash"
SESSION = {"conversation_id": "support-4711", "user_id": "u-12"}
EMBEDDING = types.EmbedContentConfig(task_type="RETRIEVAL_QUERY")
PIXEL = base64.b64decode(os.environ.get("PIXEL", ""))
SKY = "Why is the sky blue?"
WEATHER = "What is the weather in Paris?"


def trace_with(who):
    """Switch one of the two on; return its last trace id, its flush, and its session."""
    if who == "theirs":
        import mlflow  # noqa: PLC0415 - not there for the other

        mlflow.gemini.autolog()
        return (
            mlflow.get_last_active_trace_id,
            mlflow.flush_trace_async_logging,
            # It knows no sessions: a program has to set them on each trace.
            lambda **_session: nullcontext(),
        )
    import opentelemetry_instrumentation_gemini as ours  # noqa: PLC0415 - as above

    ours.autolog()
    return ours.last_trace_id, ours.flush, ours.annotate


def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"sunny in {city}"


def get_lost(city: str) -> str:
    """The way to a city."""
    raise LookupError(f"no way to {city}")


def calls(session):
    """Yield each call's name and what makes it."""
    client = genai.Client()
    cached, slow = (
        genai.Client(http_options=types.HttpOptions(base_url=os.environ[name]))
        for name in ("CACHED_URL", "SLOW_URL")
    )
    chat = client.chats.create(model=MODEL)

    def ask(contents, **config):
        return client.models.generate_content(model=MODEL, contents=contents, config=config or None)

    def talk(message, **config):
        with session(**SESSION):
            chat.send_message(message, config=config or None)

    async def give_up():
        answer = slow.aio.models.generate_content(model=MODEL, contents=SKY)
        await asyncio.wait_for(answer, 0.3)

    yield "text", lambda: ask("What is the capital of France?", system_instruction="Be brief.")
    yield (
        "parameters",
        lambda: ask(
            "Why?", temperature=0.25, top_p=0.5, max_output_tokens=99, stop_sequences=["END"]
        ),
    )
    yield "chat", lambda: talk("Hello")
    yield "tools", lambda: ask(WEATHER, tools=[get_weather])
    yield "chat_tools", lambda: talk(WEATHER, tools=[get_weather])
    yield "raising_tool", lambda: ask("How do I get to Rome?", tools=[get_lost])
    yield (
        "async",
        lambda: asyncio.run(client.aio.models.generate_content(model=MODEL, contents=SKY)),
    )
    yield "cancelled", lambda: asyncio.run(give_up())
    yield (
        "embedding",
        lambda: client.models.embed_content(
            model="gemini-embedding-001", contents="Spans and traces", config=EMBEDDING
        ),
    )
    image = types.Part.from_bytes(data=PIXEL, mime_type="image/png")
    yield "image", lambda: ask(["What colour is this?", image])
    yield "cached", lambda: cached.models.generate_content(model=MODEL, contents=SKY)
    yield "error", lambda: ask("simulate 503")


def main():
    """Make every call; say what became of each."""
    last_trace_id, flush, session = trace_with(os.environ["TRACED_BY"])
    before, told = None, {}
    for name, call in calls(session):
        raised = None
        try:
            call()
        except Exception as error:  # noqa: BLE001 - the test compares it
            raised = type(error).__name__
        last = last_trace_id()
        told[name] = {"trace": last if last != before else None, "raised": raised}
        before = last
    flush()
    told["config"] = EMBEDDING.model_dump(exclude_none=True)
    print(json.dumps(told))  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
