"""Programs with two clients, of which one may be traced."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from opentelemetry_instrumentation_gemini import GeminiInstrumentor
from promises.programs import ASKED, MODEL

if TYPE_CHECKING:
    from fake_gemini import How
    from interactions.watching import Watched


def providers(telemetry: Watched) -> dict[str, Any]:
    """Returns the keywords that send everything to *telemetry*."""
    return {
        "tracer_provider": telemetry.tracers,
        "meter_provider": telemetry.meters,
        "logger_provider": telemetry.loggers,
    }


def trace(client: Any, telemetry: Watched, **settings: Any) -> Any:
    """Instrument one client, and return what comes back."""
    return GeminiInstrumentor().instrument_client(client, **providers(telemetry), **settings)


def ask(how: How, genai: Any, **asked: Any) -> list[Any]:
    """Ask in one of the four shapes and return what came."""
    asked = {**ASKED, **asked}

    async def ask_async() -> list[Any]:
        models = genai.aio.models
        if how == "async_call":
            return [await models.generate_content(**asked)]
        return [one async for one in await models.generate_content_stream(**asked)]

    if how.startswith("async"):
        return asyncio.run(ask_async())
    if how == "call":
        return [genai.models.generate_content(**asked)]
    return list(genai.models.generate_content_stream(**asked))


def chat_of(how: How, genai: Any, **config: Any) -> Any:
    """Returns a new chat, of the kind that *how* needs."""
    side = genai.aio if how.startswith("async") else genai
    return side.chats.create(model=MODEL, config=config or None)


def say(how: How, chat: Any, text: str = "Why is the sky blue?") -> list[Any]:
    """Say something in a chat and return what came."""

    async def say_async() -> list[Any]:
        if how == "async_call":
            return [await chat.send_message(text)]
        return [one async for one in await chat.send_message_stream(text)]

    if how.startswith("async"):
        return asyncio.run(say_async())
    return [chat.send_message(text)] if how == "call" else list(chat.send_message_stream(text))


def names_of(telemetry: Watched) -> list[str]:
    """Returns the operations that were traced, in order of their ends."""
    return [span.attributes["gen_ai.operation.name"] for span in telemetry.ended]
