"""Hooked methods and what they return, as Python's own tools see them."""

from __future__ import annotations

import asyncio
import copy
import functools
import inspect
import pickle
import types
import typing
import weakref
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from fake_gemini import HOWS, client
from fake_gemini.scenarios.text import PLAIN_TEXT, SKY
from promises.hooks import targets
from promises.programs import ASKED, MODEL, close_async
from promises.seeing import described, dumped, listening, no_collections
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_gemini import FakeGemini, How


def _tool(city: str) -> str:
    """Tell the weather in a city."""
    return city


TARGETS = targets()


def _source(function: Any) -> Any:
    return inspect.getsource(function), inspect.getsourcefile(function)


def _round_trip(function: Any) -> Any:
    return pickle.loads(pickle.dumps(function)).__qualname__


QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "isfunction": inspect.isfunction,
    "isroutine": inspect.isroutine,
    "isgeneratorfunction": inspect.isgeneratorfunction,
    "iscoroutinefunction": inspect.iscoroutinefunction,
    "asyncio.iscoroutinefunction": asyncio.iscoroutinefunction,
    "isasyncgenfunction": inspect.isasyncgenfunction,
    "partial": lambda one: inspect.iscoroutinefunction(functools.partial(one)),
    "signature": inspect.signature,
    "argspec": inspect.getfullargspec,
    "hints": typing.get_type_hints,
    "source": _source,
    "doc": lambda one: one.__doc__,
    "names": lambda one: (one.__name__, one.__qualname__, one.__module__),
    "defaults": lambda one: (one.__defaults__, one.__kwdefaults__, one.__annotations__),
    "code": lambda one: one.__code__.co_filename,
    "class": lambda one: (one.__class__, isinstance(one, types.FunctionType)),
    "callable": callable,
    "weakref": lambda one: weakref.ref(one)() is one,
    "autospec": lambda one: inspect.signature(mock.create_autospec(one)),
    "copy": lambda one: copy.copy(one).__qualname__,
    "deepcopy": lambda one: copy.deepcopy(one).__qualname__,
    "pickle": _round_trip,
}


def _answer(question: Callable[[Any], Any], subject: Any) -> Any:
    """Returns the answer, or the exception instead of it."""
    try:
        return question(subject)
    except Exception as error:  # noqa: BLE001 - an exception is an answer too
        return repr(error)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_hooked_function_looks_like_the_original(question: Any, telemetry: Telemetry):
    """`inspect` and its like say the same of every hooked function as without us."""

    def answers() -> list[Any]:
        return [(str(target), _answer(question, getattr(*target))) for target in TARGETS]

    bare = answers()
    with telemetry.attached():
        hooked = answers()
    assert hooked == bare


METHOD_QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "ismethod": lambda get: inspect.ismethod(get()),
    "iscoroutinefunction": lambda get: inspect.iscoroutinefunction(get()),
    "isgeneratorfunction": lambda get: inspect.isgeneratorfunction(get()),
    "signature": lambda get: inspect.signature(get()),
    "equality": lambda get: (get() == get(), hash(get()) == hash(get())),
    "self": lambda get: type(get().__self__).__qualname__,
    "func": lambda get: get().__func__.__qualname__,
    "class": lambda get: get().__class__,
    "autospec": lambda get: inspect.signature(mock.create_autospec(get())),
}


@pytest.mark.parametrize("question", METHOD_QUESTIONS.values(), ids=METHOD_QUESTIONS)
def test_a_bound_method_looks_like_the_original(question: Any, genai: Any, telemetry: Telemetry):
    """The methods that a program gets from a client are methods as without us."""
    chat = genai.chats.create(model=MODEL)
    getters = [
        lambda: genai.models.generate_content,
        lambda: genai.models.generate_content_stream,
        lambda: genai.aio.models.generate_content,
        lambda: genai.aio.models.generate_content_stream,
        lambda: genai.models.embed_content,
        lambda: chat.send_message,
        lambda: chat.send_message_stream,
    ]
    bare = [_answer(question, get) for get in getters]
    with telemetry.attached():
        hooked = [_answer(question, get) for get in getters]
    assert hooked == bare


def _asking(genai: Any, surface: str, how: How, config: Any) -> Callable[[], Any]:
    side = genai.aio if how.startswith("async") else genai
    if surface == "chats":
        chat = side.chats.create(model=MODEL, config=config)
        method = chat.send_message_stream if how.endswith("stream") else chat.send_message
        return lambda: method("Why is the sky blue?")
    models = side.models
    method = models.generate_content_stream if how.endswith("stream") else models.generate_content
    return lambda: method(**ASKED, config=config)


def _kind(value: Any) -> Any:
    """Returns everything that tells what kind of object a method has returned."""
    return (
        type(value).__name__,
        getattr(value, "__name__", None),
        getattr(value, "__qualname__", None),
        [
            check.__name__
            for check in (
                inspect.iscoroutine,
                inspect.isawaitable,
                inspect.isgenerator,
                inspect.isasyncgen,
            )
            if check(value)
        ],
        [name for name in dir(value) if not name.startswith("_")],
    )


def _kinds(fake: FakeGemini, surface: str, how: How, config: Any) -> Any:
    """Returns the kinds of what is returned and awaited, and how many requests that took."""
    handle = fake.play(PLAIN_TEXT)
    genai = client(handle)
    ask = _asking(genai, surface, how, config)
    if not how.startswith("async"):
        return _kind(ask()), len(handle.requests)

    async def main() -> Any:
        returned = ask()
        before = _kind(returned)
        awaited = _kind(await returned)
        await close_async(genai)
        return before, awaited, len(handle.requests)

    return asyncio.run(main())


@pytest.mark.parametrize("tools", [[], [_tool]], ids=["plain", "tools"])
@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("surface", ["models", "chats"])
def test_results_are_of_the_same_kind(
    surface: str, how: How, tools: Any, fake: FakeGemini, telemetry: Telemetry
):
    """Generators, coroutines and responses keep type, name and laziness."""
    config = {"tools": tools} if tools else None
    bare = _kinds(fake, surface, how, config)
    with telemetry.attached():
        hooked = _kinds(fake, surface, how, config)
    assert hooked == bare
    assert len(telemetry.rounds) == hooked[-1], "a span without a request, or the reverse"


@pytest.mark.parametrize("tools", [[], [_tool]], ids=["plain", "tools"])
@pytest.mark.parametrize("how", ["async_call", "async_stream"])
@pytest.mark.parametrize("surface", ["models", "chats"])
def test_a_coroutine_that_nobody_awaits_warns_once(
    surface: str, how: How, tools: Any, fake: FakeGemini, telemetry: Telemetry
):
    """Python's warning comes once and names the SDK's method; nothing is sent and no span made."""

    def forget() -> list[Any]:
        handle = fake.play(PLAIN_TEXT)
        heard: list[Any] = []
        ask = _asking(client(handle), surface, how, {"tools": tools} if tools else None)
        with no_collections(), listening(heard):
            ask()
        return [heard, handle.requests]

    bare = forget()
    with telemetry.attached():
        hooked = forget()
    assert hooked == bare
    assert len(hooked[0]) == 1
    assert telemetry.ended == telemetry.open == []


@pytest.mark.parametrize("tools", [[], [_tool]], ids=["plain", "tools"])
@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("surface", ["models", "chats"])
def test_wrong_arguments_are_refused_at_the_same_moment(
    surface: str, how: How, tools: Any, genai: Any, telemetry: Telemetry
):
    """What a call is not made for it refuses when it is called, with the SDK's own TypeError."""
    side = genai.aio if how.startswith("async") else genai
    owner = side.models if surface == "models" else side.chats.create(model=MODEL)
    name = "generate_content" if surface == "models" else "send_message"
    method = f"{name}_stream" if how.endswith("stream") else name
    config = {"tools": tools} if tools else None

    def misuse() -> Any:
        try:
            getattr(owner, method)(prompt="?", config=config)
        except TypeError as error:
            return described(error)
        return "accepted"

    bare = misuse()
    with telemetry.attached():
        hooked = misuse()
    assert hooked == bare != "accepted"
    assert telemetry.open == []


def test_a_mock_of_a_hooked_method_comes_and_goes(genai: Any, telemetry: Telemetry):
    """`mock.patch.object` over a hooked method works, and the hook is back afterwards."""
    with telemetry.attached():
        with mock.patch.object(type(genai.models), "_generate_content", autospec=True) as fake_:
            fake_.return_value = "from the mock"
            assert genai.models._generate_content(model=MODEL, contents="?") == "from the mock"
        assert genai.models.generate_content(**ASKED).text == SKY
    assert len(telemetry.rounds) == 1


def test_an_autospec_leaves_annotations_alone(genai: Any, telemetry: Telemetry):
    """To make a mock after a hooked method changes no hooked method."""
    method = "generate_content"

    def hints() -> Any:
        return typing.get_type_hints(getattr(type(genai.models), method))

    bare = hints()
    with telemetry.attached():
        mock.create_autospec(getattr(type(genai.models), method))
        mock.create_autospec(getattr(genai.models, method))
        hooked = hints()
    assert hooked == bare


def test_a_subclass_that_overrides_a_hooked_method_is_traced_once(genai: Any, telemetry: Telemetry):
    """A subclass calls the hooked method with `super()`, and gets one span for it."""

    class Mine(type(genai.models)):
        def _generate_content(self, **asked: Any) -> Any:
            return super()._generate_content(**asked)

    with telemetry.attached():
        answer = Mine(genai.models._api_client).generate_content(**ASKED)
    assert dumped(answer) == dumped(genai.models.generate_content(**ASKED))
    assert len(telemetry.rounds) == 1
