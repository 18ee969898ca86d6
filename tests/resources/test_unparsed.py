"""Responses of the generated clients that the program parses or reads itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import sdk_version
from resources.calling import WAYS, Case, client_of, play
from resources.generated import CASES, SINCE
from resources.kept import RESOURCE

if TYPE_CHECKING:
    from fake_gemini import FakeGemini
    from interactions.watching import Watched

pytestmark = pytest.mark.skipif(sdk_version() < SINCE, reason="the clients are not there yet")
MADE = {"agents", "webhooks", "triggers", "environments", "credentials", "voices"}
CREATING = [case for case in CASES if case.method in {f"{kind}.create" for kind in MADE}]
TOKENS = ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens")


def unparsed(case: Case, genai: Any, accessor: str) -> Any:
    """Returns the method of a case that leaves its response unparsed."""
    collection, _, name = case.method.rpartition(".")
    # Of environments only the long names have it.
    name = f"{name}_environment" if collection == "environments" else name
    return getattr(getattr(getattr(genai, collection), accessor), name)


def ask(case: Case, genai: Any, asynchronous: bool, *, streamed: bool) -> None:
    """Make the call; what is streamed is read to its end, as bytes."""
    accessor = "with_streaming_response" if streamed else "with_raw_response"
    method = unparsed(case, genai.aio if asynchronous else genai, accessor)

    async def wait() -> None:
        if not streamed:
            await method(**case.asked)
            return
        async with method(**case.asked) as response:
            assert [piece async for piece in response.iter_bytes()]

    if asynchronous:
        asyncio.run(wait())
    elif not streamed:
        method(**case.asked)
    else:
        with method(**case.asked) as response:
            assert list(response.iter_bytes())


@WAYS
@pytest.mark.parametrize("streamed", [False, True], ids=["raw", "streamed"])
@pytest.mark.parametrize("case", CREATING, ids=lambda case: case.method)
def test_what_was_made_is_told_of_an_unparsed_response(
    case: Case, streamed: bool, asynchronous: bool, fake: FakeGemini, telemetry: Watched
):
    """Its name, and of a voice the tokens that it costs, are on the span as ever."""
    genai = client_of(case, play(fake, *case.steps))
    with telemetry.attached():
        ask(case, genai, asynchronous, streamed=streamed)
    span = telemetry.the_span()
    assert span.attributes[RESOURCE] == case.says[RESOURCE]
    tokens = [span.attributes.get(name) for name in TOKENS]
    assert tokens == [case.says.get(name) for name in TOKENS]
