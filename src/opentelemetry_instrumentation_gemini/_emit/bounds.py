"""Content made to fit a limit, as valid JSON that still follows the schemas.

What goes first: thought signatures, then inline media (the largest first), then the ends of the
longest texts. Where not even that helps, whole messages go, from the oldest on.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Any, cast

from opentelemetry_instrumentation_gemini._facts.messages import Binary, Media

from .structure import leaves, map_leaves

_SIGNATURE = "thought_signature"
_ELLIPSIS = "…"

Encode = Callable[[Any], bytes]


def fit(tree: Any, limit: int, encode: Encode) -> bytes:
    """Return *tree* encoded in at most *limit* bytes; *tree* itself stays as it is.

    Args:
        tree: A list of messages, parts or definitions, or one object.
        limit: The most bytes.
        encode: How a tree becomes JSON.
    """
    for shrink in (_without_signatures, _with_less_media, _with_fewer_items, _with_shorter_texts):
        tree = shrink(tree, limit, encode)
        encoded = encode(tree)
        if len(encoded) <= limit:
            return encoded
    return b"{}" if isinstance(tree, Mapping) else b"[]"


def _without_signatures(tree: Any, _limit: int, _encode: Encode) -> Any:
    if isinstance(tree, dict):
        items = cast("dict[str, Any]", tree).items()
        kept = {
            key: _without_signatures(value, _limit, _encode)
            for key, value in items
            if key != _SIGNATURE
        }
        return type(tree)(kept)
    if isinstance(tree, (list, tuple)):
        return [_without_signatures(item, _limit, _encode) for item in cast("Sequence[Any]", tree)]
    return tree


def _with_less_media(tree: Any, limit: int, encode: Encode) -> Any:
    media = sorted((len(encode(item)), id(item)) for item in leaves(tree, Media))
    excess = len(encode(tree)) - limit
    dropped: set[int] = set()
    while media and excess > 0:
        size, largest = media.pop()
        dropped.add(largest)
        excess -= size
    return map_leaves(tree, lambda leaf: "" if id(leaf) in dropped else leaf)


def _with_fewer_items(tree: Any, limit: int, encode: Encode) -> Any:
    """Return as many of the last items as fit once their texts are as short as can be."""
    if isinstance(tree, Mapping):
        return tree
    items = cast("Sequence[Any]", tree)
    room = limit - 2
    kept = 0
    for item in reversed(items):
        # In a list, as which it is known for a message or a part; its brackets do not count.
        room -= len(encode(map_leaves([item], _emptied))) - 1
        if room < -1:
            break
        kept += 1
    if kept == 0 and items:
        return [_with_fewer_parts(items[-1], limit - 2, encode)]
    return items[len(items) - kept :]


def _with_fewer_parts(item: Any, limit: int, encode: Encode) -> Any:
    if not isinstance(item, dict) or "parts" not in item:
        return item
    frame = {**cast("dict[str, Any]", item), "parts": []}
    room = limit - len(encode(frame))
    return {
        **frame,
        "parts": _with_fewer_items(item["parts"], room + 2, encode) if room > 0 else [],
    }


def _with_shorter_texts(tree: Any, limit: int, encode: Encode) -> Any:
    # Half of an image is none: whatever binary is left goes as a whole.
    tree = map_leaves(tree, lambda leaf: "" if isinstance(leaf, Binary) else leaf)
    sizes = sorted(len(encode(text)) for text in leaves(tree, str))
    room = limit - (len(encode(tree)) - sum(sizes))
    return map_leaves(tree, partial(_shorten, cap=_cap(sizes, room), encode=encode))


def _cap(sizes: Sequence[int], room: int) -> int:
    """Return the length that every text may have so that all of them take *room* bytes."""
    whole = [0, *accumulate(sizes)]
    count = len(sizes)
    low, high = 0, max(sizes, default=0)
    while low < high:
        middle = (low + high + 1) // 2
        fitting = bisect_right(sizes, middle)
        if whole[fitting] + (count - fitting) * middle <= room:
            low = middle
        else:
            high = middle - 1
    return low


def _emptied(leaf: Any) -> Any:
    if isinstance(leaf, Binary):
        return ""
    return _ELLIPSIS if isinstance(leaf, str) and leaf else leaf


def _shorten(leaf: Any, cap: int, encode: Encode) -> Any:
    """Return a text whose JSON takes at most *cap* bytes, or no more than an ellipsis does."""
    if not isinstance(leaf, str) or not leaf or len(leaf) + 2 <= cap // 6:
        return leaf
    size = len(encode(leaf))
    kept = leaf
    while size > cap and kept:
        kept = kept[: min(len(kept) - 1, len(kept) * cap // size)]
        size = len(encode(kept + _ELLIPSIS))
    return leaf if kept is leaf else kept + _ELLIPSIS
