"""google-genai over an in-process transport, and stand-ins for what lies below its hooks.

A `Stand` holds one client's `models` four times over, or its `interactions`, so that no class
changes while time is taken:

    whole, plain_whole    the SDK as instrumented and as it came, through the transport
    played, plain_played  the same two, whose model round trips give back, at once, the answers
                          that `plain_whole` received last

It works by gates. The method of each round trip is replaced, before anything is instrumented, by
one that calls what its own instance has below; the instrumentation then wraps the gate. The plain
twins are subclasses that bring the gates, and all other methods, themselves.
"""

import functools
import inspect
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from itertools import cycle
from types import ModuleType
from typing import Any

from google import genai
from google.genai import models as sdk_models

from .scenarios import Scenario

# The lowest layer, in order of preference: whatever the SDK or a hook does above it counts.
_ROUND_TRIPS = {
    "models": (
        ("_generate_content",),
        ("_generate_content_stream",),
        ("_embed_content", "embed_content"),
    ),
    "interactions": (("create",),),
}

Functions = dict[tuple[Any, str], Any]
"""(module or class, name) → the function that stands there."""


class Gates:
    """The gates in the two classes of a resource, and the classes made from these.

    Args:
        resource: What the resource is called in a client.
    """

    def __init__(self, resource: str) -> None:
        self._originals: Functions = {}
        self._kinds = {
            asynchronous: self._open(owner, round_trips)
            for asynchronous, owner, round_trips in self.layers(resource)
        }

    def layers(self, resource: str) -> Iterator[tuple[bool, type, Sequence[Sequence[str]]]]:
        """Yield whether a class is asynchronous, the class, and the names of its round trips."""
        for asynchronous, owner in enumerate(_owners(resource)):
            yield bool(asynchronous), owner, _ROUND_TRIPS[resource]

    def stand_ins(self, original: Any, below: str) -> tuple[Any, Any]:
        """Return what stands above *original*, and what plays it."""
        return _gate(original, below), _player(original)

    def kinds(self, *, asynchronous: bool) -> dict[str, type]:
        """Return the four classes by their names in a `Stand`."""
        return self._kinds[asynchronous]

    @property
    def owners(self) -> set[Any]:
        """The classes that have gates."""
        return {owner for owner, _ in self._originals}

    def close(self) -> None:
        """Put the SDK's own methods back."""
        put(self._originals)

    def _open(self, owner: type, round_trips: Sequence[Sequence[str]]) -> dict[str, type]:
        real: dict[str, Any] = {}
        playing: dict[str, Any] = {}
        for candidates in round_trips:
            name = next(name for name in candidates if name in vars(owner))
            original = vars(owner)[name]
            gate, player = self.stand_ins(original, _below(name))
            self._originals[owner, name] = original
            real[_below(name)] = original
            playing[_below(name)] = player
            setattr(owner, name, functools.wraps(original)(gate))
        own = {name: item for name, item in vars(owner).items() if inspect.isfunction(item)}
        return {
            "whole": type("Whole", (owner,), real),
            "plain_whole": type("PlainWhole", (owner,), own | real),
            "played": type("Played", (owner,), playing),
            "plain_played": type("PlainPlayed", (owner,), own | playing),
        }


def _owners(resource: str) -> tuple[type, type]:
    if resource == "models":
        return sdk_models.Models, sdk_models.AsyncModels
    # They take a second to import.
    generated = import_module("google.genai._gaos.google_genai")
    return generated.GeminiNextGenInteractions, generated.AsyncGeminiNextGenInteractions


class Stand:
    """One client's `models`, or its `interactions`, in the four kinds.

    Args:
        gates: Where the kinds come from.
        client: Whose connection they use.
        asynchronous: Whether they are of the async class.
    """

    def __init__(self, gates: Gates, client: genai.Client, *, asynchronous: bool) -> None:
        # The client closes its transport when it is collected.
        self._client = client
        made: dict[str, Any] = {}
        for name, kind in gates.kinds(asynchronous=asynchronous).items():
            made[name] = kind(client._api_client)
            made[name].heard = []
        self.whole = made["whole"]
        self.plain_whole = made["plain_whole"]
        self.played = made["played"]
        self.plain_played = made["plain_played"]

    def opened(self, _put_on: Callable[[bool], None]) -> AbstractContextManager[None]:
        """Return what the calls are made in: nothing, since each stands alone."""
        return nullcontext()

    def work(self, models: Any, scenario: Scenario) -> Any:
        """Make the call of *scenario*, or return its coroutine."""
        method = getattr(models, scenario.method)
        if scenario.asynchronous:
            return _read(method, scenario) if scenario.streamed else method(**scenario.arguments)
        result = method(**scenario.arguments)
        if scenario.streamed:
            for _ in result:
                pass
        return result

    def record(self, play: Callable[[], None], journal: list[Any]) -> list[Any]:
        """Return what one call emits, once *play* has put it into the *journal*."""
        play()
        return list(journal)

    def rewind(self) -> None:
        """Hand what `plain_whole` received since the last time to the two that play it."""
        answers = list(self.plain_whole.heard)
        for models in (self.whole, self.plain_whole, self.played, self.plain_played):
            models.heard.clear()
        self.played.answers = cycle(answers)
        self.plain_played.answers = cycle(answers)


async def _read(method: Any, scenario: Scenario) -> None:
    async for _ in await method(**scenario.arguments):
        pass


def functions(gates: Gates) -> Functions:
    """Return every function in the modules of the SDK and in their classes, but for the gated."""
    modules = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("google.genai") and isinstance(module, ModuleType)
    ]
    classes = {item for module in modules for item in vars(module).values() if _is_own_class(item)}
    return {
        (owner, name): item
        for owner in (*modules, *(classes - gates.owners))
        for name, item in list(vars(owner).items())
        if callable(item) and not isinstance(item, type)
    }


def put(functions: Functions) -> None:
    """Put functions where they belong."""
    for (owner, name), function in functions.items():
        setattr(owner, name, function)


def _is_own_class(item: Any) -> bool:
    return isinstance(item, type) and item.__module__.startswith("google.genai")


def drive(coroutine: Any) -> Any:
    """Run a coroutine that never waits, without the work of an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("The coroutine waits for something.")


def _below(name: str) -> str:
    return f"below{name}"


def _gate(original: Any, below: str) -> Callable[..., Any]:
    """Return a method of the shape of *original* that gives what its instance has *below*."""
    if inspect.iscoroutinefunction(original):
        return (_async_stream_gate if below.endswith("_stream") else _async_gate)(below)
    if inspect.isgeneratorfunction(original):
        return _stream_gate(below)

    def gate(self: Any, **kwargs: Any) -> Any:
        answer = getattr(self, below)(**kwargs)
        self.heard.append(_followed(answer))
        return answer

    return gate


def _followed(answer: Any) -> Any:
    """Return an answer to play again: of a stream object the list that its events go into."""
    if not hasattr(answer, "generator"):
        return answer
    events: list[Any] = []
    answer.generator = _noted(answer.generator, events)
    return events


def _noted(source: Iterator[Any], events: list[Any]) -> Iterator[Any]:
    for event in source:
        events.append(event)
        yield event


def _async_gate(below: str) -> Callable[..., Any]:
    async def gate(self: Any, **kwargs: Any) -> Any:
        answer = await getattr(self, below)(**kwargs)
        self.heard.append(answer)
        return answer

    return gate


def _stream_gate(below: str) -> Callable[..., Any]:
    def gate(self: Any, **kwargs: Any) -> Iterator[Any]:
        chunks: list[Any] = []
        self.heard.append(chunks)
        for chunk in getattr(self, below)(**kwargs):
            chunks.append(chunk)
            yield chunk

    return gate


def _async_stream_gate(below: str) -> Callable[..., Any]:
    async def gate(self: Any, **kwargs: Any) -> AsyncIterator[Any]:
        chunks: list[Any] = []
        self.heard.append(chunks)
        return _kept(await getattr(self, below)(**kwargs), chunks)

    return gate


async def _kept(stream: AsyncIterator[Any], chunks: list[Any]) -> AsyncIterator[Any]:
    async for chunk in stream:
        chunks.append(chunk)
        yield chunk


def _player(original: Any) -> Callable[..., Any]:
    """Return what stands in for *original* where recorded answers are played."""
    if not inspect.iscoroutinefunction(original):
        return _play_either if original.__name__ == "create" else _play
    return _play_async_stream if original.__name__.endswith("_stream") else _play_async


def _play(self: Any, **_kwargs: Any) -> Any:
    return next(self.answers)


def _play_either(self: Any, **_kwargs: Any) -> Any:
    answer = next(self.answers)
    if not isinstance(answer, list):
        return answer
    streaming = sys.modules["google.genai._gaos.utils.eventstreaming"]
    stream = streaming.Stream.__new__(streaming.Stream)
    vars(stream).update(generator=(event for event in answer), _closed=False)
    return stream


async def _play_async(self: Any, **_kwargs: Any) -> Any:
    return next(self.answers)


async def _play_async_stream(self: Any, **_kwargs: Any) -> AsyncIterator[Any]:
    return _chunks(next(self.answers))


async def _chunks(chunks: Sequence[Any]) -> AsyncIterator[Any]:
    for chunk in chunks:
        yield chunk
