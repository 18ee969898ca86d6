"""What a program lets go of is gone at once, as without the plugin, not at the next collection."""

from __future__ import annotations

import asyncio
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import HOWS, client
from fake_gemini.scenarios.failures import ERROR_IN_MID_STREAM, QUOTA_EXCEEDED
from fake_gemini.scenarios.text import PLAIN_TEXT
from promises.endings import Thrown
from promises.programs import ASKED
from promises.seeing import no_collections
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fake_gemini import FakeGemini, How, Scenario


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    """Leave reference counts alone to free things."""
    with no_collections():
        yield


def _tool(city: str) -> str:
    """Tell the weather in a city."""
    return city


def _whole(chunks: Any, refs: list[Any]) -> None:
    refs.extend(weakref.ref(chunk) for chunk in chunks)


def _closed(chunks: Any, refs: list[Any]) -> None:
    refs += [weakref.ref(chunks), weakref.ref(next(chunks))]
    chunks.close()


def _dropped(chunks: Any, refs: list[Any]) -> None:
    refs += [weakref.ref(chunks), weakref.ref(next(chunks))]


def _thrown(chunks: Any, refs: list[Any]) -> None:
    refs += [weakref.ref(chunks), weakref.ref(next(chunks))]
    with suppress(Thrown):
        # Held in a variable here, it would be kept by its own traceback.
        chunks.throw(_watched(Thrown("thrown by the program"), refs))


def _watched(error: Thrown, refs: list[Any]) -> Thrown:
    refs.append(weakref.ref(error))
    return error


LEAVINGS = [_whole, _closed, _dropped, _thrown]


@pytest.mark.parametrize("tools", [[], [_tool]], ids=["plain", "tools"])
@pytest.mark.parametrize("loop", [True, False], ids=["loop", "direct"])
@pytest.mark.parametrize("leaving", LEAVINGS)
def test_a_stream_is_freed_with_its_reader(
    leaving: Callable[[Any, list[Any]], None],
    loop: bool,
    tools: Any,
    fake: FakeGemini,
    telemetry: Telemetry,
):
    """Chunks, streams and thrown exceptions die when the program has no use for them."""
    config = {"tools": tools or None, "automatic_function_calling": {"disable": not loop}}

    def alive() -> list[bool]:
        genai = client(fake.play(PLAIN_TEXT))
        refs: list[Any] = []
        leaving(genai.models.generate_content_stream(**ASKED, config=config), refs)
        return [ref() is not None for ref in refs]

    bare = alive()
    with telemetry.attached():
        assert alive() == bare
    assert telemetry.open == []


def _ask(how: How, genai: Any, refs: list[Any]) -> None:
    """Ask, and keep weak references to what comes."""

    async def ask_async() -> None:
        if how == "async_call":
            refs.append(weakref.ref(await genai.aio.models.generate_content(**ASKED)))
            return
        stream = await genai.aio.models.generate_content_stream(**ASKED)
        refs.extend([weakref.ref(chunk) async for chunk in stream])

    if how.startswith("async"):
        asyncio.run(ask_async())
    elif how == "call":
        refs.append(weakref.ref(genai.models.generate_content(**ASKED)))
    else:
        _whole(genai.models.generate_content_stream(**ASKED), refs)


@pytest.mark.parametrize(
    "scenario", [PLAIN_TEXT, QUOTA_EXCEEDED, ERROR_IN_MID_STREAM], ids=lambda one: one.name
)
@pytest.mark.parametrize("how", HOWS)
def test_results_and_errors_are_freed(
    how: How, scenario: Scenario, fake: FakeGemini, telemetry: Telemetry
):
    """An answer or an exception that the program has handled is not kept by anybody."""

    def alive() -> list[bool]:
        genai = client(fake.play(scenario))
        refs: list[Any] = []
        try:
            _ask(how, genai, refs)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not be kept
            refs.append(weakref.ref(error))
        return [ref() is not None for ref in refs]

    bare = alive()
    with telemetry.attached():
        traced = alive()
    assert traced == bare
    assert telemetry.open == []


def test_a_stream_keeps_no_chunk(genai: Any, telemetry: Telemetry):
    """While a stream is read, the chunks that were read are not kept for its span."""
    with telemetry.attached():
        stream = genai.models.generate_content_stream(**ASKED)
        first = weakref.ref(next(stream))
        second = next(stream)
        assert first() is None
        assert second.text
        stream.close()
