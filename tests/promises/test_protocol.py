"""Generators through our hands: whatever a reader does with one, it does what it did."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any

import pytest
from google.genai import types
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opentelemetry_instrumentation_gemini import _instrumentor
from opentelemetry_instrumentation_gemini._patching.table import Hook, Shape

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from promises.watching import Telemetry

STEPS = 8


class Swallowed(Exception):  # noqa: N818 - it is no error of anybody's
    """What the generators below catch."""


class Escaping(Exception):  # noqa: N818 - it is no error of anybody's
    """What they do not."""


def _chunk(*said: Any) -> types.GenerateContentResponse:
    part = types.Part(text=repr(said))
    return types.GenerateContentResponse(
        candidates=[types.Candidate(content=types.Content(parts=[part]))]
    )


class Plain:
    """Generators that tell what they are given."""

    def stream(self) -> Generator[Any, Any, str]:
        said: tuple[Any, ...] = ("start",)
        for number in range(STEPS):
            try:
                said = ("given", (yield _chunk(number, *said)))
            except Swallowed as error:  # noqa: PERF203 - the generator goes on
                said = ("caught", str(error))
        return "the end"

    async def async_stream(self) -> AsyncGenerator[Any, Any]:
        said: tuple[Any, ...] = ("start",)
        for number in range(STEPS):
            await asyncio.sleep(0)
            try:
                said = ("given", (yield _chunk(number, *said)))
            except Swallowed as error:
                said = ("caught", str(error))

    async def awaited_stream(self) -> AsyncGenerator[Any, Any]:
        await asyncio.sleep(0)
        return Plain.async_stream(self)


Hooked = type("Hooked", (), dict(vars(Plain)))
"""The same methods in a class of its own, which is hooked."""

METHODS = {
    "stream": Shape.STREAM,
    "async_stream": Shape.ASYNC_STREAM,
    "awaited_stream": Shape.ASYNC_STREAM,
}
HOOKS = tuple(
    Hook(__name__, "Hooked", (name,), shape, "generate_content", "1.0")
    for name, shape in METHODS.items()
)
ACTIONS = st.one_of(
    st.tuples(st.just("next")),
    st.tuples(st.just("next")),
    st.tuples(st.just("send"), st.integers(0, 9)),
    st.tuples(st.just("throw"), st.sampled_from([Swallowed, Escaping, GeneratorExit])),
    st.tuples(st.just("close")),
)
PLANS = st.lists(ACTIONS, max_size=STEPS + 2)


def _do(stream: Any, what: str, *given_: Any) -> Any:
    """Do one thing with a generator; with an asynchronous one it has yet to be awaited."""
    prefix = "a" if hasattr(stream, "asend") else ""
    if what == "next":
        return getattr(stream, f"__{prefix}next__")()
    if what == "throw":
        return getattr(stream, f"{prefix}throw")(given_[0]("thrown"))
    return getattr(stream, f"{prefix}{what}")(*given_)


def _told(value: Any) -> Any:
    if isinstance(value, BaseException):
        return type(value).__name__, str(value), getattr(value, "value", None)
    return value.text if isinstance(value, types.GenerateContentResponse) else value


async def _settle(stream: Any, action: Any) -> Any:
    try:
        done = _do(stream, *action)
        return await done if hasattr(stream, "asend") else done
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is compared
        return error


async def _play(owner: type, method: str, plan: list[Any]) -> list[Any]:
    """Do with a generator what the plan says, and return what came of it."""
    stream = getattr(owner(), method)()
    if method == "awaited_stream":
        stream = await stream
    return [_told(await _settle(stream, action)) for action in plan]


@pytest.mark.parametrize("method", METHODS)
def test_a_generator_obeys_as_without_us(
    method: str, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """Any row of next, send, throw and close has the same answers, errors and return value."""

    @settings(
        derandomize=True,
        deadline=None,
        max_examples=100,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(PLANS)
    def check(plan: list[Any]) -> None:
        bare = asyncio.run(_play(Plain, method, plan))
        assert asyncio.run(_play(Hooked, method, plan)) == bare

    monkeypatch.setattr(_instrumentor, "HOOKS", HOOKS)
    with telemetry.attached():
        check()
    gc.collect()
    assert telemetry.ended
    assert telemetry.open == []
