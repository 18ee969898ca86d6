"""Recipes: what a user's program makes, as data, so that each run has objects of its own."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from pydantic.alias_generators import to_camel

BY_POSITION, TOGETHER = "*", "**"
"""Among the arguments of a call: those that have no name, and those that are drawn together."""


class Make:
    """An object that is made anew for each run: a callable and its arguments, recipes too.

    Args:
        maker: What makes the object.
        args: Its positional arguments.
        kwargs: Its keyword arguments.
    """

    def __init__(self, maker: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
        self.maker = maker
        self.args = args
        self.kwargs = kwargs

    def __repr__(self) -> str:
        """Returns the code that makes this recipe."""
        shown = [repr(one) for one in self.args]
        shown += [f"{name}={value!r}" for name, value in self.kwargs.items()]
        return f"Make({', '.join([self.maker.__qualname__, *shown])})"


@dataclass(frozen=True)
class Later:
    """A recipe that is made when it is wanted: by a tool, each time that it is called."""

    recipe: Any


@dataclass
class Kitchen:
    """What the objects of one run share."""

    log: list[Any] = field(default_factory=list)
    """Side effects in the order in which they happened."""
    genai: Any = None
    """The client, for tools that ask a model themselves."""


def with_kitchen(maker: Callable[..., Any]) -> Callable[..., Any]:
    """Let a maker have the run's kitchen as its first argument."""
    maker.wants_kitchen = True  # type: ignore[attr-defined]
    return maker


def build(recipe: Any, kitchen: Kitchen) -> Any:
    """Returns what a recipe stands for."""
    if isinstance(recipe, Make):
        first = (kitchen,) if hasattr(recipe.maker, "wants_kitchen") else ()
        args = [build(one, kitchen) for one in recipe.args]
        kwargs = {name: build(value, kitchen) for name, value in recipe.kwargs.items()}
        return recipe.maker(*first, *args, **kwargs)
    if isinstance(recipe, Mapping):
        return {key: build(value, kitchen) for key, value in recipe.items()}
    if isinstance(recipe, (list, tuple)):
        return type(recipe)(build(one, kitchen) for one in recipe)
    return recipe.recipe if isinstance(recipe, Later) else recipe


def applied(function: Callable[..., Any], asked: Mapping[str, Any]) -> Any:
    """Returns what a function gives for the arguments of a turn."""
    named = {**asked, **asked.get(TOGETHER, {})}
    named.pop(TOGETHER, None)
    return function(*named.pop(BY_POSITION, ()), **named)


def as_named(name: str) -> str:
    """Returns a field's name as it is."""
    return name


def in_snake_case(recipe: Any) -> Any:
    """Returns the recipe for the dict with which a user may write the same model."""
    return _as_dict(recipe, as_named)


def in_camel_case(recipe: Any) -> Any:
    """Returns the same dict with the keys of the JSON API."""
    return _as_dict(recipe, to_camel)


def outside_only(recipe: Any) -> Any:
    """Returns a dict whose values are still the SDK's objects."""
    return dict(recipe.kwargs) if is_model(recipe) else recipe


def on_the_wire(recipe: Any, spell: Callable[[str], str] = to_camel) -> Any:
    """Returns the model as the service would send it: JSON, bytes in base64."""
    if is_model(recipe):
        return {spell(key): on_the_wire(value, spell) for key, value in recipe.kwargs.items()}
    if isinstance(recipe, Mapping):
        return {key: on_the_wire(value, spell) for key, value in recipe.items()}
    if isinstance(recipe, (list, tuple)):
        return [on_the_wire(one, spell) for one in recipe]
    if isinstance(recipe, bytes):
        return base64.b64encode(recipe).decode()
    if isinstance(recipe, datetime):
        return recipe.isoformat()
    return recipe.value if isinstance(recipe, Enum) else recipe


def is_model(recipe: Any) -> bool:
    """Whether a recipe makes one of the SDK's models."""
    return isinstance(recipe, Make) and hasattr(recipe.maker, "model_fields")


def _as_dict(recipe: Any, spell: Callable[[str], str]) -> Any:
    if is_model(recipe):
        return {spell(name): _as_dict(value, spell) for name, value in recipe.kwargs.items()}
    if isinstance(recipe, (list, tuple)):
        return type(recipe)(_as_dict(one, spell) for one in recipe)
    return recipe
