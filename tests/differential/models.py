"""Strategies for any of the SDK's models, worked out from its own annotations.

What a later SDK adds is drawn at once, in requests as in responses.
"""

from __future__ import annotations

import collections.abc
import types as builtin_types
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from functools import cache, partial
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel
from typing_extensions import TypeAliasType

from differential import leaves
from differential.recipes import Make

Recipe: TypeAlias = st.SearchStrategy[Any]
Fields: TypeAlias = Mapping[str, Recipe]

DEEPEST = 3
"""Levels of models in models."""
NOT_DRAWN = {
    # whole machines
    "httpx_client",
    "httpx_async_client",
    "aiohttp_client",
    # what the SDK itself puts there
    "sdk_http_response",
    "automatic_function_calling_history",
    "parsed",
}
UNKNOWN_VALUE = "BRAND_NEW_VALUE"
"""Of an enumeration, from a service that is newer than the SDK."""


def model(
    kind: type[BaseModel],
    *,
    text: Recipe = leaves.texts,
    most: int = 2,
    of: Fields | None = None,
    names: Iterable[str] | None = None,
    depth: int = DEEPEST,
) -> Recipe:
    """Returns recipes for a model with some of its fields.

    Args:
        kind: The SDK's class.
        text: What stands in fields of type `str`.
        most: How many fields are set at most.
        of: Strategies for fields, instead of what follows from their annotations.
        names: The fields that may be set, instead of all.
        depth: How many levels of models it may have.
    """
    own = of or {}
    wanted = set(kind.model_fields if names is None else names) - NOT_DRAWN
    drawn = tuple(name for name in kind.model_fields if name in wanted)
    known = partial(_field, kind, text, depth)
    return _subset(kind, drawn, most, lambda name: own[name] if name in own else known(name))


@st.composite
def _subset(
    draw: Any,
    kind: type[BaseModel],
    names: tuple[str, ...],
    most: int,
    strategy_for: Callable[[str], Recipe],
) -> Make:
    count = min(most, len(names))
    chosen = draw(st.lists(st.sampled_from(names), max_size=count, unique=True)) if count else []
    needed = [name for name in names if _is_needed(kind, name) and name not in chosen]
    return Make(kind, **{name: draw(strategy_for(name)) for name in (*needed, *chosen)})


def _is_needed(kind: type[BaseModel], name: str) -> bool:
    """Whether a model cannot do without a field: it is required, or says which model this is."""
    field = kind.model_fields[name]
    constant = get_origin(field.annotation) is Literal and len(get_args(field.annotation)) == 1
    return field.is_required() or constant


@cache
def _field(kind: type[BaseModel], text: Recipe, depth: int, name: str) -> Recipe:
    return values(kind.model_fields[name].annotation, text, depth - 1)


def values(annotation: Any, text: Recipe, depth: int) -> Recipe:
    """Returns recipes for values of an annotation."""
    annotation = _bare(annotation)
    origin = get_origin(annotation)
    if origin in {Union, builtin_types.UnionType}:
        return st.one_of([values(one, text, depth) for one in get_args(annotation)])
    if origin is Literal:
        return st.sampled_from(get_args(annotation))
    if isinstance(annotation, type):
        return _of_class(annotation, text, depth)
    if origin in _CONTAINERS:
        return _CONTAINERS[origin](get_args(annotation), text, depth)
    return st.none() if annotation is not Any else leaves.json_values


def _bare(annotation: Any) -> Any:
    """Returns what an annotation says apart from its name and its remarks."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif isinstance(annotation, TypeAliasType):
            annotation = annotation.__value__
        else:
            return annotation


def _of_class(kind: type, text: Recipe, depth: int) -> Recipe:
    if issubclass(kind, BaseModel):
        known = depth > 0 and "is_unknown" not in kind.model_fields
        return model(kind, text=text, most=2, depth=depth) if known else st.nothing()
    if issubclass(kind, Enum):
        return st.sampled_from([*kind, UNKNOWN_VALUE]) if issubclass(kind, str) else st.none()
    if issubclass(kind, str):
        return text if kind is str else st.just(UNKNOWN_VALUE)
    return _SCALARS.get(kind, st.none())


def _list(args: tuple[Any, ...], text: Recipe, depth: int) -> Recipe:
    item = values(args[0], text, depth) if args else st.nothing()
    return st.just([]) if item.is_empty else st.lists(item, max_size=2)


def _dict(args: tuple[Any, ...], text: Recipe, depth: int) -> Recipe:
    item = values(args[1], text, depth) if args else st.nothing()
    return st.just({}) if item.is_empty else st.dictionaries(text, item, max_size=2)


_CONTAINERS: dict[Any, Callable[[tuple[Any, ...], Recipe, int], Recipe]] = {
    list: _list,
    collections.abc.Sequence: _list,
    dict: _dict,
    collections.abc.Mapping: _dict,
}
_SCALARS: dict[type, Recipe] = {
    bool: st.booleans(),
    bytes: leaves.binaries,
    datetime: leaves.moments,
    float: leaves.floats,
    int: leaves.numbers,
    type(None): st.none(),
    list: st.just([]),
    dict: st.just({}),
}
