"""Strategies for what is asked: every form in which the SDK takes contents, and some it refuses."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import google.generativeai as genai
from google.generativeai import protos
from hypothesis import strategies as st
from PIL import Image

from differential import leaves
from differential.leaves import Record, Shout, Stranger
from differential.recipes import Kitchen, Make, with_kitchen

Recipe: TypeAlias = st.SearchStrategy[Any]


def _new_picture(kind: str, file: Any) -> Any:
    Image.new("RGB", (2, 3), "red").save(file, kind)
    return file


def picture(kind: str) -> Image.Image:
    """Returns an image as a program has it that has received it."""
    return Image.open(_new_picture(kind, io.BytesIO()))


@cache
def _folder() -> Any:
    return tempfile.TemporaryDirectory()


def picture_file(kind: str) -> Image.Image:
    """Returns an image as a program has it that has just opened a file."""
    path = Path(_folder().name) / f"picture.{kind}"
    return Image.open(path if path.exists() else _new_picture(kind, path))


@with_kitchen
def pulled(kitchen: Kitchen, *items: Any) -> Iterator[Any]:
    """Returns a generator that writes down when it is asked for an item."""

    def generator() -> Iterator[Any]:
        for number, item in enumerate(items):
            kitchen.log.append(("pull", number))
            yield item

    return generator()


def repeated(content: Any) -> Any:
    """Returns the parts of a content in the SDK's own container."""
    return content.parts


def often(usual: Recipe, *rare: Recipe) -> Recipe:
    """Returns what is usual, and now and then something that ends most programs early."""
    return st.integers(0, 19).flatmap(lambda dice: st.one_of(*rare) if dice == 7 else usual)


def made(maker: Any, **kwargs: Recipe) -> Recipe:
    """Returns recipes for an object with these arguments."""
    return st.builds(partial(Make, maker), **kwargs)


texts = often(leaves.clean_texts, leaves.texts)
_scalars = st.one_of(st.none(), st.booleans(), leaves.numbers, leaves.floats, leaves.clean_texts)
trees = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(leaves.clean_texts, inner, max_size=3)
    ),
    max_leaves=5,
)
objects = st.dictionaries(leaves.clean_texts, trees, max_size=3)
odd_objects = often(objects, leaves.json_objects)
_types = st.sampled_from(("image/png", "audio/wav", ""))
blobs = made(protos.Blob, data=leaves.binaries, mime_type=_types)
blob_dicts = st.fixed_dictionaries({"data": leaves.binaries, "mime_type": _types})
_addresses = leaves.clean_texts.map(lambda tail: "https://files.invalid/" + tail)
_file_fields = {"file_uri": _addresses, "mime_type": st.just("text/plain")}
uploaded = made(protos.File, uri=_addresses, mime_type=st.just("text/plain"))
files = st.one_of(
    uploaded,
    uploaded.map(lambda file: Make(genai.types.File, file)),
    made(protos.FileData, **_file_fields),
)
calls = made(
    protos.FunctionCall, name=leaves.words, args=odd_objects, id=st.sampled_from(("", "call-1"))
)
responses = made(protos.FunctionResponse, name=leaves.words, response=odd_objects)
_call_dicts = st.fixed_dictionaries({"name": leaves.words, "args": objects})
_response_dicts = st.fixed_dictionaries({"name": leaves.words, "response": objects})
codes = st.one_of(
    made(
        protos.Part,
        executable_code=made(
            protos.ExecutableCode, language=st.sampled_from((0, 1)), code=leaves.clean_texts
        ),
    ),
    made(
        protos.Part,
        code_execution_result=made(
            protos.CodeExecutionResult,
            outcome=st.sampled_from((0, 1, 2, 3)),
            output=leaves.clean_texts,
        ),
    ),
)
whole_parts = st.one_of(
    made(protos.Part, text=texts),
    made(protos.Part, text=texts),
    made(protos.Part, inline_data=blobs),
    made(protos.Part, function_call=calls),
    made(protos.Part, function_response=responses),
    made(protos.Part, file_data=made(protos.FileData, **_file_fields)),
    codes,
    st.just(Make(protos.Part)),
)
part_dicts = st.one_of(
    *(
        value.map(lambda value, name=name: {name: value})
        for name, value in (
            ("text", texts),
            ("inline_data", blob_dicts | blobs),
            ("file_data", st.fixed_dictionaries(_file_fields) | files),
            ("function_call", _call_dicts | calls),
            ("function_response", _response_dicts | responses),
        )
    )
)
pictures = st.builds(
    Make, st.sampled_from((picture, picture_file)), st.sampled_from(("PNG", "JPEG", "GIF"))
)
own_classes = st.one_of(
    st.builds(partial(Make, Shout), texts),
    texts.map(lambda text: Make(Record, text=text)),
    texts.map(lambda text: Make(MappingProxyType, {"text": text})),
)
parts = st.one_of(
    texts,
    texts,
    whole_parts,
    part_dicts,
    blobs,
    blob_dicts,
    files,
    calls,
    responses,
    pictures,
    own_classes,
)
"""What can stand for a part."""
_contents = made(
    protos.Content,
    role=st.sampled_from(("user", "model", "", "function")),
    parts=st.lists(whole_parts, max_size=3),
)
_roles = st.sampled_from(("user", "model", "function", "a new role"))
_lists = st.lists(parts, max_size=3)
content_dicts = st.one_of(
    st.fixed_dictionaries({"parts": _lists}, optional={"role": _roles}),
    st.fixed_dictionaries({"role": _roles, "parts": _lists.map(tuple)}),
    st.fixed_dictionaries({"role": _roles, "parts": texts}),
    st.fixed_dictionaries(
        {"role": _roles, "parts": _lists.map(lambda items: Make(pulled, *items))}
    ),
    st.fixed_dictionaries({"role": _roles, "parts": _contents.map(lambda of: Make(repeated, of))}),
)
whole = st.one_of(_contents, content_dicts)
generators = st.lists(parts | whole, max_size=2).map(lambda items: Make(pulled, *items))
refused = st.one_of(
    st.sampled_from((None, (), [], {}, "", 3.14, 7, True, b"bytes", [None], [[]], {"parts": None})),
    st.builds(partial(Make, Stranger), texts),
    st.lists(st.just(Make(object)), min_size=1, max_size=2),
    st.dictionaries(texts, trees, max_size=2),
    st.lists(st.lists(parts, max_size=2), min_size=1, max_size=2),
    st.just({leaves.MARK}),
)
_accepted = st.one_of(
    texts,
    parts,
    whole,
    st.lists(parts, min_size=1, max_size=3),
    st.lists(parts, min_size=1, max_size=3).map(tuple),
    st.lists(whole, min_size=1, max_size=4),
    _contents.map(lambda of: Make(repeated, of)),
)
_mixed = st.lists(st.one_of(parts, whole), min_size=1, max_size=3)
contents = often(_accepted, refused, generators, _mixed)
"""The `contents` of a call."""
messages = often(
    st.one_of(texts, parts, whole, st.lists(parts, min_size=1, max_size=3)), refused, generators
)
"""The `content` of a message in a chat."""
past = st.lists(whole, max_size=3)
"""What stands in a chat's history."""
instructions = st.one_of(texts, parts, whole, st.lists(parts, min_size=1, max_size=2))
