"""Strategies for the tools of a program, which write down when they are called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial
from typing import Any

from google.genai import types
from hypothesis import strategies as st
from pydantic import BaseModel

from differential import leaves
from differential.contents import formed, made
from differential.models import Recipe, model
from differential.program import Halt
from differential.recipes import Kitchen, Later, Make, build, with_kitchen

DOC = f"Says what {leaves.MARK} knows about a city.\n\n    Told once."
QUESTION = {"model": "gemini-2.5-flash", "contents": leaves.MARK + "asked by a tool"}


class Trouble(Exception):  # noqa: N818 - a user's own
    """What a tool raises."""


class Place(BaseModel):
    """A result of the user's own class."""

    name: str
    parts: list[Any]


@with_kitchen
def raised(_kitchen: Kitchen, kind: type[BaseException], text: str) -> Any:
    """Raise where a tool would return."""
    raise kind(text)


def _bodies(kitchen: Kitchen, name: str, result: Any) -> Callable[..., Any]:
    def body(**told: Any) -> Any:
        kitchen.log.append(("tool", name, repr(told)))
        return build(result, kitchen)

    return body


@with_kitchen
def function(kitchen: Kitchen, name: str, result: Any) -> Any:
    """Returns a plain function."""
    body = _bodies(kitchen, name, result)

    def tool(city: str, count: int = 1) -> Any:
        return body(city=city, count=count)

    return _named(tool, name)


@with_kitchen
def coroutine(kitchen: Kitchen, name: str, result: Any) -> Any:
    """Returns a coroutine function."""
    body = _bodies(kitchen, name, result)

    async def tool(city: str) -> Any:
        return body(city=city)

    return _named(tool, name)


@with_kitchen
def method(kitchen: Kitchen, name: str, result: Any) -> Any:
    """Returns a method of an object of the user's."""
    body = _bodies(kitchen, name, result)

    def tool(self: Any, city: str, tags: list[str]) -> Any:
        self.calls += 1
        return body(city=city, tags=tags)

    return getattr(type("Guide", (), {name: _named(tool, name), "calls": 0})(), name)


@with_kitchen
def instance(kitchen: Kitchen, name: str, result: Any) -> Any:
    """Returns an object that can be called."""
    body = _bodies(kitchen, name, result)

    class Tool:
        __doc__ = DOC
        __name__ = name

        def __call__(self, city: str) -> Any:
            return body(city=city)

    return Tool()


@with_kitchen
def nameless(kitchen: Kitchen, name: str, result: Any) -> Any:
    """Returns a partial function, which has no name."""
    return partial(function(kitchen, name, result), count=2)


@with_kitchen
def asking(kitchen: Kitchen, name: str, _result: Any) -> Any:
    """Returns a function that asks a model itself."""

    def tool(city: str = "Rome") -> Any:
        kitchen.log.append(("asking", name))
        return kitchen.genai.models.generate_content(**QUESTION).text

    return _named(tool, name)


def _named(tool: Any, name: str) -> Any:
    tool.__name__ = tool.__qualname__ = name
    tool.__doc__ = DOC
    return tool


NAMES = ("get_weather", "get_time", "book")
MODEL_CALLS = "asking"
failing = st.builds(
    partial(Make, raised), st.sampled_from((Trouble, ValueError, Halt)), leaves.texts
)
returned = st.one_of(
    leaves.texts,
    leaves.json_values,
    leaves.json_objects,
    leaves.deep_trees,
    st.sampled_from((datetime(2026, 1, 2, tzinfo=timezone.utc), {leaves.MARK}, b"\xff")),
    made(Place, name=leaves.texts, parts=st.lists(model(types.Part), max_size=1)),
    model(types.Part),
    model(types.Content),
)
results = st.one_of(returned, returned, returned, failing)
_EVERYWHERE = (function, method, instance, function, asking) * 3
kinds = st.sampled_from((*_EVERYWHERE, coroutine, nameless))
kinds_in_loops = st.sampled_from((*_EVERYWHERE, *(coroutine,) * 5, nameless))
"""Only there can the SDK await a coroutine."""


def _callables(kinds: Recipe) -> Recipe:
    def of(names: list[str]) -> Recipe:
        each = (st.builds(Make, kinds, st.just(name), st.builds(Later, results)) for name in names)
        return st.tuples(*each).map(list)

    return st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).flatmap(of)


declarations = made(
    types.Tool,
    function_declarations=st.lists(
        model(types.FunctionDeclaration, of={"name": st.sampled_from(NAMES)}), max_size=2
    ),
)
# An MCP server of Google's would be connected to over the network.
hosted = model(types.Tool, of={"mcp_servers": st.none()}, most=2)
described = formed(declarations | hosted)


def _offers(kinds: Recipe) -> Recipe:
    callables = _callables(kinds)
    return st.one_of(
        st.none(),
        callables,
        callables,
        st.lists(described, max_size=2),
        st.builds(list.__add__, callables, st.lists(described, max_size=1)),
    )


offers = _offers(kinds)
"""The `tools` of a config."""
offers_in_loops = _offers(kinds_in_loops)


def names_of(tools: Any) -> list[str]:
    """Returns the names of those tools that the SDK can call."""
    found = [
        tool
        for tool in tools or ()
        if isinstance(tool, Make) and hasattr(tool.maker, "wants_kitchen")
    ]
    return [tool.args[0] for tool in found]
