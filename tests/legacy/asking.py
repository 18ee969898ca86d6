"""How a program asks google-generativeai, on each way there is, and what it hears."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

import google.generativeai as genai
from google.generativeai import protos

if TYPE_CHECKING:
    from legacy.fake import Fake

MODEL = "gemini-1.5-flash"
WAYS = ("rest", "grpc", "grpc_async")


class Heard(NamedTuple):
    """What came of a call: what it gave, or how it failed."""

    result: Any = None
    error: BaseException | None = None

    def shown(self) -> tuple[Any, ...]:
        """Returns it in a form that two runs can be compared by."""
        return (repr(self.result), type(self.error), str(self.error))


def connect(fake: Fake, way: str) -> None:
    """Point the SDK at the fake; its clients are made anew, for the loop that is to come."""
    address = fake.rest if way == "rest" else fake.grpc
    transport = "rest" if way == "rest" else None
    genai.configure(api_key="k", transport=transport, client_options={"api_endpoint": address})


def run(way: str, owner: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """Call the method *name* of *owner*, or its async twin in a loop of its own."""
    if not way.endswith("async"):
        return getattr(owner, name)(*args, **kwargs)
    return asyncio.run(_awaited(getattr(owner, f"{name}_async"), args, kwargs))


async def _awaited(method: Any, args: Any, kwargs: Any) -> Any:
    return await method(*args, **kwargs)


def read_stream(way: str, owner: Any, name: str, *args: Any, most: int = 99, **kwargs: Any) -> Any:
    """Ask for a stream and read up to *most* chunks of it; return the response and their texts."""
    if way.endswith("async"):
        return asyncio.run(_read(getattr(owner, f"{name}_async"), most, args, kwargs))
    response = getattr(owner, name)(*args, stream=True, **kwargs)
    texts: list[str] = []
    for chunk in response:
        texts.append(chunk.text)
        if len(texts) == most:
            break
    return response, texts


async def _read(method: Any, most: int, args: Any, kwargs: Any) -> Any:
    response = await method(*args, stream=True, **kwargs)
    texts: list[str] = []
    async for chunk in response:
        texts.append(chunk.text)
        if len(texts) == most:
            break
    return response, texts


def hear(program: Any, *args: Any, **kwargs: Any) -> Heard:
    """Run *program*, and keep what comes of it."""
    try:
        return Heard(program(*args, **kwargs))
    except Exception as error:  # noqa: BLE001 - whatever the user would see
        return Heard(error=error)


def answer(
    *parts: Any,
    prompt: int = 7,
    candidates: int = 5,
    thoughts: int = 0,
    cached: int = 0,
    finish: str | None = "STOP",
) -> protos.GenerateContentResponse:
    """Returns an answer, or one chunk of it; texts stand for parts."""
    usage = protos.GenerateContentResponse.UsageMetadata(
        prompt_token_count=prompt,
        candidates_token_count=candidates,
        cached_content_token_count=cached,
        total_token_count=prompt + candidates + thoughts,
    )
    shown = [protos.Part(text=part) if isinstance(part, str) else part for part in parts]
    candidate = protos.Candidate(
        index=0,
        content=protos.Content(role="model", parts=shown),
        finish_reason=protos.Candidate.FinishReason[finish or "FINISH_REASON_UNSPECIFIED"],
    )
    return protos.GenerateContentResponse(
        candidates=[candidate], usage_metadata=usage, model_version="gemini-1.5-flash-002"
    )


def wants(name: str, call_id: str = "", **args: Any) -> protos.Part:
    """Returns the part by which a model wants a function called."""
    return protos.Part(function_call=protos.FunctionCall(id=call_id, name=name, args=args))
