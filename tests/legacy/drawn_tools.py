"""Strategies for the tools of a program, which write down when they are called."""

from __future__ import annotations

from functools import partial
from typing import Any

import google.generativeai as genai
from google.generativeai import protos
from google.generativeai.types import content_types
from hypothesis import strategies as st

from differential import leaves
from differential.program import Halt
from differential.recipes import Kitchen, Later, Make, build, with_kitchen
from legacy.asking import MODEL
from legacy.drawn_contents import Recipe, made, odd_objects, often, trees

DOC = f"Says what {leaves.MARK} knows about a city.\n\n    Told once."


class Trouble(Exception):  # noqa: N818 - a user's own
    """What a tool raises."""


@with_kitchen
def raised(_kitchen: Kitchen, kind: type[BaseException], text: str) -> Any:
    """Raise where a tool would return."""
    raise kind(text)


def _named(tool: Any, name: str) -> Any:
    tool.__name__ = tool.__qualname__ = name
    tool.__doc__ = DOC
    return tool


@with_kitchen
def function(kitchen: Kitchen, name: str, result: Any) -> Any:
    """Returns a plain function."""

    def tool(city: str, count: int = 1) -> Any:
        kitchen.log.append(("tool", name, repr((city, count))))
        return build(result, kitchen)

    return _named(tool, name)


@with_kitchen
def method(kitchen: Kitchen, name: str, result: Any) -> Any:
    """Returns a method of an object of the user's."""

    def tool(self: Any, city: str, tags: list[str]) -> Any:
        self.calls += 1
        kitchen.log.append(("tool", name, repr((city, list(tags)))))
        return build(result, kitchen)

    return getattr(type("Guide", (), {name: _named(tool, name), "calls": 0})(), name)


@with_kitchen
def instance(kitchen: Kitchen, name: str, result: Any) -> Any:
    """Returns an object that can be called."""

    class Tool:
        __doc__ = DOC
        __name__ = name

        def __call__(self, city: str) -> Any:
            kitchen.log.append(("tool", name, repr(city)))
            return build(result, kitchen)

    return Tool()


@with_kitchen
def asking(kitchen: Kitchen, name: str, _result: Any) -> Any:
    """Returns a function that asks a model itself."""

    def tool(city: str = "Rome") -> Any:
        kitchen.log.append(("asking", name))
        return genai.GenerativeModel(MODEL).generate_content(leaves.MARK + "a tool").text

    return _named(tool, name)


@with_kitchen
def described(kitchen: Kitchen, name: str, result: Any) -> Any:
    """Returns a declaration that knows its function."""
    return genai.types.FunctionDeclaration.from_function(function(kitchen, name, result))


@with_kitchen
def in_a_dict(kitchen: Kitchen, name: str, result: Any) -> Any:
    """Returns the same as a dict."""
    return {
        "name": name,
        "description": DOC,
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        "function": function(kitchen, name, result),
    }


NAMES = ("get_weather", "get_time", "book")
_failing = st.builds(
    partial(Make, raised), st.sampled_from((Trouble, ValueError, KeyError, Halt)), leaves.texts
)
_returned = st.one_of(
    leaves.clean_texts,
    trees,
    odd_objects,
    st.sampled_from(({leaves.MARK}, b"\xff", 2**70)),
    made(protos.Part, text=leaves.clean_texts),
)
_results = st.one_of(_returned, _returned, _returned, _failing)
_kinds = (function, function, method, instance, asking, described)


def _callables(*kinds: Any) -> Recipe:
    def of(names: list[str]) -> Recipe:
        makers, results = st.sampled_from(kinds), st.builds(Later, _results)
        return st.tuples(*(st.builds(Make, makers, st.just(name), results) for name in names))

    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)
    return names.flatmap(of).map(list)


callables = _callables(*_kinds)
_in_groups = _callables(*_kinds, in_a_dict)
"""The SDK takes a dict with a function only where it expects declarations."""
_SCHEMA = {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}}
_plain = st.fixed_dictionaries(
    {"name": st.sampled_from(NAMES), "description": leaves.clean_texts},
    optional={"parameters": st.just(_SCHEMA)},
)
declarations = st.one_of(
    _plain.map(lambda fields: Make(genai.types.FunctionDeclaration, **fields)),
    made(protos.FunctionDeclaration, name=st.sampled_from(NAMES), description=leaves.clean_texts),
)
_declared = st.lists(made(protos.FunctionDeclaration, name=st.sampled_from(NAMES)), max_size=1)
groups = st.one_of(
    made(protos.Tool, function_declarations=_declared),
    made(genai.types.Tool, function_declarations=_declared),
    _plain.map(lambda fields: {"function_declarations": [fields]}),
    st.just(Make(protos.Tool, code_execution=Make(protos.CodeExecution))),
    st.just({"google_search_retrieval": {"dynamic_retrieval_config": {"mode": "dynamic"}}}),
)
hosted = st.sampled_from(("code_execution", "google_search_retrieval"))
calling = st.one_of(
    callables,
    callables,
    callables.map(tuple),
    _in_groups.map(lambda tools: [tools]),
    _in_groups.map(lambda tools: Make(content_types.FunctionLibrary, [tools])),
    _in_groups.map(lambda tools: Make(genai.types.Tool, function_declarations=tools)),
    st.builds(list.__add__, callables, st.lists(declarations | groups | hosted, max_size=1)),
)
"""Tools that the SDK can call."""
offers = often(
    st.one_of(st.none(), calling, calling, st.lists(declarations, max_size=2), groups, hosted),
    st.sampled_from(("", "telepathy", 7, {"nothing": leaves.MARK}, [None])),
)
"""The `tools` of a model or of a call."""


def names_of(tools: Any) -> list[str]:
    """Returns the names of those tools that the SDK can call."""
    if isinstance(tools, Make):
        if hasattr(tools.maker, "wants_kitchen"):
            return [tools.args[0]]
        return names_of([*tools.args, *tools.kwargs.values()])
    if isinstance(tools, (list, tuple)):
        return [name for tool in tools for name in names_of(tool)]
    return []
