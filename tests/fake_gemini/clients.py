"""Real google-genai clients against the fake, and scenarios played through them."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.genai import Client

    from fake_gemini.handle import Handle
    from fake_gemini.script import Scenario, Shape
    from fake_gemini.server import FakeGemini

How: TypeAlias = Literal["call", "stream", "async_call", "async_stream"]
HOWS: tuple[How, ...] = ("call", "stream", "async_call", "async_stream")
# Loading the system's certificates would cost each client a tenth of a second.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_WITHOUT_CERTIFICATES = {
    "client_args": {"verify": _NO_TLS},
    "async_client_args": {"verify": _NO_TLS, "ssl": _NO_TLS},
}
METHODS = {
    "embed": "embed_content",
    "count_tokens": "count_tokens",
    "compute_tokens": "compute_tokens",
}


@dataclass
class Outcome:
    """What the SDK's caller got: the response, or the chunks, and the exception if any."""

    responses: list[Any] = field(default_factory=list)
    error: Exception | None = None


def client(
    target: Handle | FakeGemini | str, *, vertex: bool = False, **http_options: Any
) -> Client:
    """Returns a client of the real SDK whose requests go to the fake."""
    from google.genai import Client  # noqa: PLC0415 - only who asks for a client loads the SDK
    from google.oauth2.credentials import Credentials  # noqa: PLC0415

    url = target if isinstance(target, str) else target.url
    options: Any = {"base_url": url, **_WITHOUT_CERTIFICATES, **http_options}
    if not vertex:
        return Client(vertexai=False, api_key="fake-key", http_options=options)
    return Client(
        vertexai=True,
        project="fake-project",
        location="us-central1",
        credentials=Credentials(token="fake-token"),  # type: ignore[no-untyped-call]
        http_options=options,
    )


def sdk_version() -> tuple[int, int]:
    """Returns the google-genai at hand as a scenario's ``since`` counts it."""
    major, minor = version("google-genai").split(".")[:2]
    return int(major), int(minor)


def shape_of(how: How) -> Shape:
    """Returns which of a scenario's two shapes this way of calling meets."""
    return "stream" if how.endswith("stream") else "unary"


def arguments(scenario: Scenario) -> dict[str, Any]:
    """Returns the keyword arguments of the SDK method that the scenario is about."""
    config: dict[str, Any] = dict(scenario.config)
    if scenario.operation == "interact":
        return _interaction_arguments(scenario, config)
    if scenario.tools:
        config["tools"] = list(scenario.tools)
    asked: dict[str, Any] = {"model": scenario.model, "contents": scenario.contents}
    return {**asked, "config": config} if config else asked


def _interaction_arguments(scenario: Scenario, config: dict[str, Any]) -> dict[str, Any]:
    asked = {} if "agent" in config else {"model": scenario.model}
    return {**asked, "input": scenario.contents, **config}


def perform(
    handle: Handle,
    how: How = "call",
    *,
    vertex: bool = False,
    http_options: Mapping[str, Any] | None = None,
) -> Outcome:
    """Plays the handle's scenario through the real SDK, once, in one of the four shapes."""
    scenario = handle.scenario
    if scenario is None:
        raise ValueError("Only a handle from play() can be performed.")
    options = {**scenario.http_options, **(http_options or {})}
    outcome = Outcome()
    genai = client(handle, vertex=vertex, **options)
    try:
        if how.startswith("async"):
            asyncio.run(_perform_async(genai, scenario, how, outcome))
        else:
            _perform_sync(genai, scenario, how, outcome)
    except Exception as error:  # noqa: BLE001 - the caller compares it with what is expected
        outcome.error = error
    finally:
        if hasattr(genai, "close"):  # SDKs before 1.49 have none
            genai.close()
    return outcome


def _perform_sync(genai: Client, scenario: Scenario, how: How, outcome: Outcome) -> None:
    asked = arguments(scenario)
    if scenario.operation == "interact":
        streams = shape_of(how) == "stream"
        answer: Any = genai.interactions.create(**asked, stream=streams)
        outcome.responses.extend(answer if streams else [answer])
    elif scenario.operation != "generate":
        outcome.responses.append(getattr(genai.models, METHODS[scenario.operation])(**asked))
    elif how == "call":
        outcome.responses.append(genai.models.generate_content(**asked))
    else:
        for chunk in genai.models.generate_content_stream(**asked):
            outcome.responses.append(chunk)


async def _perform_async(genai: Client, scenario: Scenario, how: How, outcome: Outcome) -> None:
    asked = arguments(scenario)
    models = genai.aio.models
    try:
        if scenario.operation == "interact":
            await _interact_async(genai, asked, how, outcome)
        elif scenario.operation != "generate":
            outcome.responses.append(await getattr(models, METHODS[scenario.operation])(**asked))
        elif how == "async_call":
            outcome.responses.append(await models.generate_content(**asked))
        else:
            async for chunk in await models.generate_content_stream(**asked):
                outcome.responses.append(chunk)
    finally:
        if hasattr(genai.aio, "aclose"):
            await genai.aio.aclose()


async def _interact_async(genai: Client, asked: Any, how: How, outcome: Outcome) -> None:
    streams = shape_of(how) == "stream"
    answer: Any = await genai.aio.interactions.create(**asked, stream=streams)
    if not streams:
        outcome.responses.append(answer)
        return
    async for event in answer:
        outcome.responses.append(event)
