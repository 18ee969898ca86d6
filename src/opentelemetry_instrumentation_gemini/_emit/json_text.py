"""JSON text of bounded size, from trees of facts and never from the user's objects."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, cast

from opentelemetry_instrumentation_gemini._facts.messages import (
    Binary,
    Media,
    Message,
    Transcript,
    whole,
)

from .bounds import fit
from .text import clean_text

_DEEPEST = 128


Write = Callable[[Any], str]
"""Makes JSON text of a tree of str, int, float, bool, None, `Binary`, lists and dicts.

A `Transcript` may stand for a list of messages.
"""


@lru_cache(maxsize=8)
def json_writer(limit: int, media_limit: int) -> Write:
    """Return what makes JSON text of at most *limit* bytes of UTF-8.

    Args:
        limit: The most bytes; what is longer is shortened inside and stays valid.
        media_limit: Inline media of more bytes than this are left out, before base64.
    """
    from pydantic_core import to_json as serialize  # noqa: PLC0415 - google-genai brings it

    def plain(leaf: Binary | Transcript) -> str | Iterator[Message]:
        if isinstance(leaf, Transcript):
            return iter(leaf)
        if isinstance(leaf, Media) and leaf.size > media_limit:
            return ""
        return leaf.base64()

    encode = partial(serialize, inf_nan_mode="null", fallback=plain)

    def write(tree: Any) -> str:
        try:
            encoded = encode(tree)
        except ValueError:
            # Lone surrogates and deep nesting are so rare that looking for them beforehand would
            # cost more than failing here.
            tree = _clean(whole(tree), _DEEPEST)
            encoded = encode(tree)
        if len(encoded) > limit:
            encoded = fit(whole(tree), limit, encode)
        return encoded.decode()

    return write


def _clean(tree: Any, depth: int) -> Any:
    if isinstance(tree, str):
        return clean_text(tree)
    if depth <= 0:
        return "…"
    if isinstance(tree, Mapping):
        items = cast("Mapping[str, Any]", tree).items()
        return {clean_text(key): _clean(value, depth - 1) for key, value in items}
    if isinstance(tree, (list, tuple)):
        return [_clean(value, depth - 1) for value in cast("Sequence[Any]", tree)]
    return tree
