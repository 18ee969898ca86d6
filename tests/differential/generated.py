"""What all clients have in common that are generated from the Interactions API's description."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from differential import answers, leaves
from differential.contents import pulled
from differential.leaves import Stranger
from differential.models import Recipe, model
from differential.recipes import (
    BY_POSITION,
    Make,
    as_named,
    in_camel_case,
    in_snake_case,
    on_the_wire,
    outside_only,
)
from differential.surface import Method, one
from fake_gemini.script import Json, Reply, Step

WAYS = ("", "", "with_raw_response.", "with_streaming_response.")
IDS = ("alpha", "beta-2", "é")


def mostly(*right: Any, but: Any) -> Recipe:
    """Returns values that the SDK takes, and now and then another one."""
    return st.sampled_from((*right * (20 // len(right)), but))


ids = st.one_of([mostly(*IDS, but=odd) for odd in ("", "a/b c", None, Make(Stranger, 7))])

# What is asked

COMMON: dict[str, Recipe] = {
    "extra_headers": st.sampled_from((None, {"X-Mine": leaves.MARK})),
    "extra_query": st.sampled_from((None, {"who": leaves.MARK, "many": ["a", "b"]})),
    "timeout": mostly(None, 60, 60.5, but=leaves.MARK),
    "api_version": st.sampled_from((None, "v1beta", "v1alpha")),
}
BODY: dict[str, Recipe] = {
    **COMMON,
    "extra_body": st.sampled_from((None, {"labels": {"who": leaves.MARK}})),
}
PAGE: dict[str, Recipe] = {
    **COMMON,
    "page_size": mostly(None, 0, 2, but=leaves.MARK),
    "page_token": st.none() | leaves.texts,
}
_forms = mostly(lambda recipe: recipe, in_snake_case, outside_only, but=in_camel_case)


def typed(recipes: Recipe) -> Recipe:
    """Returns models as objects and as dicts; those in camel case are a mistake here."""
    return st.builds(lambda recipe, form: form(recipe), recipes, _forms)


def several(items: Recipe) -> Recipe:
    """Returns several items in whatever can be iterated over."""
    some = st.lists(items, max_size=2)
    return st.one_of(some, some.map(tuple), some.map(lambda each: Make(pulled, *each)), st.none())


def methods(
    path: str,
    told: Recipe,
    *,
    named: str | None = None,
    asked: dict[str, Recipe] | None = None,
    sometimes: dict[str, Recipe] | None = None,
    ways: tuple[str, ...] = WAYS,
) -> tuple[Method, ...]:
    """Returns a method in these ways to call it; a resource is named by its position or not."""
    owner, _, name = path.rpartition(".")
    places: tuple[dict[str, Recipe], ...] = ({},)
    if named is not None:
        places = ({named: ids}, {BY_POSITION: st.tuples(ids)})
    return tuple(
        Method(f"{owner}.{way}{name}", {**place, **(asked or {})}, told, sometimes or COMMON)
        for way in ways
        for place in places
    )


# What is answered


def said(body: Json) -> Step:
    return answers.step_of(Reply(body=body))


def resource(kind: Any, **of: Recipe) -> Recipe:
    """Returns what the service says of a resource; its id is no content, its texts are."""
    drawn = model(kind, of={"id": st.sampled_from(IDS), **of}, most=4, text=leaves.clean_texts)
    return drawn.map(lambda recipe: leaves.finite(on_the_wire(recipe, as_named)))


def one_of(resources: Recipe) -> Recipe:
    return one(resources.map(said))


def page_of(field: str, resources: Recipe) -> Recipe:
    pages = st.lists(resources, max_size=2).map(lambda some: {field: some})
    more = st.sampled_from(({}, {"next_page_token": leaves.MARK}))
    return one_of(st.builds(lambda page, rest: {**page, **rest}, pages, more))


empty = st.just((said({}),))
_GARBLED = (
    b"",
    b"[]",
    b"7",
    b"null",
    b'{"id": 3}',
    b'{"id": {"a": "b"}, "state": ["?"]}',
    b'{"usage": 7}',
    b'{"usage": {"total_input_tokens": "many", "input_tokens_by_modality": [3]}}',
    b'{"agents": 7, "webhooks": {}, "triggers": "?", "environments": [3], "files": [7]}',
    b'{"id": [], "environment_key": "%b"}' % leaves.SECRET.encode(),
    b'{"id": "%b", "size_bytes": "many", "file_count": {}}' % leaves.GARBLED.encode(),
    b"data: {}\n\n",
    b"not JSON",
)
faults = st.one_of(
    answers.refusals,
    answers.error_pages,
    answers.cut(),
    st.sampled_from(_GARBLED).map(lambda raw: answers.step_of(Reply(raw=raw))),
)


def kept(
    collection: str, resources: Recipe, end: str = "", ways: tuple[str, ...] = WAYS
) -> tuple[Method, ...]:
    """Returns what every collection has: get, list and delete."""
    return (
        *methods(f"{collection}.get{end}", one_of(resources), named="id", ways=ways),
        *methods(f"{collection}.delete{end}", empty, named="id", ways=ways),
        *methods(
            f"{collection}.list{end and f'{end}s'}",
            page_of(collection, resources),
            sometimes=PAGE,
            ways=ways,
        ),
    )
