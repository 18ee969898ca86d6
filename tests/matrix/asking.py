"""Chats against the fake in all four shapes, on every release of the SDK."""

import asyncio
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from fake_gemini import Handle, How, client

MODEL = "gemini-2.5-flash"
INSTALLED = tuple(int(part) for part in version("google-genai").split(".")[:2])


def chat(handle: Handle, how: How, messages: Sequence[str], **options: Any) -> list[str]:
    """Hold a conversation and return the text of each answer.

    Args:
        handle: Where the fake plays.
        how: Sync or async, whole or streamed.
        messages: What is said.
        options: `vertex`, and the arguments of `chats.create`.
    """
    genai = client(handle, vertex=options.pop("vertex", False))
    if how.startswith("async"):
        return asyncio.run(_chat_async(genai, how, messages, options))
    talk = genai.chats.create(model=MODEL, **options)
    if how == "call":
        return [text_of([talk.send_message(message)]) for message in messages]
    return [text_of(talk.send_message_stream(message)) for message in messages]


async def _chat_async(genai: Any, how: How, messages: Sequence[str], options: Any) -> list[str]:
    talk = genai.aio.chats.create(model=MODEL, **options)
    answers = []
    for message in messages:
        if how == "async_call":
            answers.append(text_of([await talk.send_message(message)]))
        else:
            stream = await talk.send_message_stream(message)
            answers.append(text_of([chunk async for chunk in stream]))
    return answers


def text_of(responses: Any) -> str:
    """Return the answer's text without thoughts and function calls."""
    return "".join(
        part.text
        for response in responses
        for part in response.candidates[0].content.parts
        if part.text and not part.thought
    )
