"""Strategies for what is asked: every form in which the SDK takes contents, and some it refuses."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import Any

from google.genai import types
from hypothesis import strategies as st
from PIL import Image

from differential import leaves
from differential.leaves import Record, Shout, Stranger
from differential.models import Recipe, model
from differential.recipes import (
    Kitchen,
    Make,
    in_camel_case,
    in_snake_case,
    outside_only,
    with_kitchen,
)


def picture(kind: str) -> Image.Image:
    """Returns an image as a program has it that has just opened a file."""
    file = io.BytesIO()
    Image.new("RGB", (2, 3), "red").save(file, kind)
    return Image.open(file)


@with_kitchen
def pulled(kitchen: Kitchen, *items: Any) -> Iterator[Any]:
    """Returns a generator that writes down when it is asked for an item."""

    def generator() -> Iterator[Any]:
        for number, item in enumerate(items):
            kitchen.log.append(("pull", number))
            yield item

    return generator()


def formed(recipes: Recipe) -> Recipe:
    """Returns the same models as objects, as dicts in both spellings, and as dicts of objects."""
    form = st.sampled_from((lambda recipe: recipe, in_snake_case, in_camel_case, outside_only))
    return st.builds(lambda recipe, spell: spell(recipe), recipes, form)


def made(maker: Any, **kwargs: Recipe) -> Recipe:
    """Returns recipes for an object with these arguments."""
    return st.builds(partial(Make, maker), **kwargs)


text_parts = made(types.Part, text=leaves.texts)
media_parts = made(
    types.Part,
    inline_data=made(
        types.Blob, data=leaves.binaries, mime_type=st.sampled_from(["image/png", ""])
    ),
)
call_parts = made(
    types.Part,
    function_call=made(
        types.FunctionCall,
        id=st.none() | leaves.texts,
        name=leaves.texts,
        args=st.none() | leaves.json_objects,
    ),
)
response_parts = made(
    types.Part,
    function_response=made(
        types.FunctionResponse, name=leaves.texts, response=st.none() | leaves.json_objects
    ),
)
parts = formed(
    st.one_of(text_parts, media_parts, call_parts, response_parts, model(types.Part, most=2))
)
_said = st.none() | st.lists(st.one_of(text_parts, call_parts, model(types.Part)), max_size=3)
_roles = st.sampled_from(("user", "model", None, "function", "a new role"))
whole = formed(made(types.Content, role=_roles, parts=_said))
past = formed(made(types.Content, role=st.sampled_from(("user", "model")), parts=_said))
"""What stands in a chat's history."""
files = made(types.File, uri=leaves.texts, mime_type=st.just("text/plain"))
pictures = st.builds(partial(Make, picture), st.sampled_from(("PNG", "JPEG", "GIF")))
own_classes = st.one_of(
    st.builds(partial(Make, Shout), leaves.texts),
    st.builds(lambda text: Make(Record, text=text), leaves.texts),
)
loose = st.one_of(leaves.texts, parts, files, pictures, own_classes)
"""What can stand for a part."""
generators = st.lists(leaves.texts | parts, max_size=2).map(lambda items: Make(pulled, *items))
with_generators = st.lists(parts, min_size=1, max_size=2).map(
    lambda items: {"role": "user", "parts": Make(pulled, *items)}
)
refused = st.one_of(
    st.sampled_from((None, (), [], {}, "", 3.14, 7, True, b"bytes", [None], [[]])),
    st.builds(partial(Make, Stranger), leaves.texts),
    generators,
    model(types.File),
    st.builds(lambda uri: [{"file_uri": uri, "mime_type": "video/mp4"}], leaves.texts),
    st.lists(st.one_of(generators, st.just(object)), min_size=1, max_size=2),
    st.dictionaries(leaves.texts, leaves.json_values, max_size=2),
)
item = st.one_of(loose, whole, whole)
nested = st.lists(loose, max_size=3)
contents = st.one_of(
    leaves.texts,
    loose,
    whole,
    with_generators,
    st.lists(item, min_size=1, max_size=4),
    st.lists(item, min_size=1, max_size=3).map(tuple),
    st.lists(st.one_of(item, nested, nested.map(tuple)), min_size=1, max_size=3),
    refused,
)
"""The `contents` of a call."""
messages = st.one_of(leaves.texts, loose, loose, nested, nested, nested.map(tuple), refused)
"""The `message` to a chat, which is one content."""
instructions = st.one_of(leaves.texts, whole, loose, nested)
