"""Content made to fit a limit, as valid JSON that still follows the schemas.

What goes first: thought signatures, then inline media (the largest first), then the ends of the
longest texts, then whole messages from the oldest on.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Any, cast

from opentelemetry_instrumentation_gemini._facts.messages import Binary, Media

_SIGNATURE = "thought_signature"
_STRUCTURAL = frozenset(
    {"type", "role", "modality", "mime_type", "finish_reason", "id", "name", "language", "outcome"}
)
_ELLIPSIS = "…"
_TIGHTER = 0.8
_ROUNDS = 8

Encode = Callable[[Any], bytes]


def fit(tree: Any, limit: int, encode: Encode) -> bytes:
    """Return *tree* encoded in at most *limit* bytes; *tree* itself stays as it is.

    Args:
        tree: A list of messages, parts or definitions, or one object.
        limit: The most bytes.
        encode: How a tree becomes JSON.
    """
    for shrink in (_without_signatures, _with_less_media, _with_shorter_texts, _with_fewer_items):
        tree = shrink(tree, limit, encode)
        encoded = encode(tree)
        if len(encoded) <= limit:
            return encoded
    return b"{}" if isinstance(tree, Mapping) else b"[]"


def _without_signatures(tree: Any, _limit: int, _encode: Encode) -> Any:
    if isinstance(tree, dict):
        items = cast("dict[str, Any]", tree).items()
        return {
            key: _without_signatures(value, _limit, _encode)
            for key, value in items
            if key != _SIGNATURE
        }
    if isinstance(tree, (list, tuple)):
        return [_without_signatures(item, _limit, _encode) for item in cast("Sequence[Any]", tree)]
    return tree


def _with_less_media(tree: Any, limit: int, encode: Encode) -> Any:
    media = sorted((len(encode(item)), id(item)) for item in _leaves(tree, Media))
    excess = len(encode(tree)) - limit
    dropped: set[int] = set()
    while media and excess > 0:
        size, largest = media.pop()
        dropped.add(largest)
        excess -= size
    return _map_leaves(tree, lambda leaf: "" if id(leaf) in dropped else leaf)


def _with_shorter_texts(tree: Any, limit: int, encode: Encode) -> Any:
    # Half of an image is none: whatever binary is left goes as a whole.
    tree = _map_leaves(tree, lambda leaf: "" if isinstance(leaf, Binary) else leaf)
    sizes = sorted(len(encode(text)) for text in _leaves(tree, str))
    room = limit - (len(encode(tree)) - sum(sizes))
    cap = _cap(sizes, room)
    for _ in range(_ROUNDS):
        shorter = _map_leaves(tree, partial(_shorten, cap=cap, encode=encode))
        if cap <= 0 or len(encode(shorter)) <= limit:
            return shorter
        cap = int(cap * _TIGHTER)
    return _map_leaves(tree, partial(_shorten, cap=0, encode=encode))


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


def _shorten(leaf: Any, cap: int, encode: Encode) -> Any:
    if not isinstance(leaf, str) or not leaf or len(leaf) + 2 <= cap // 6:
        return leaf
    if len(encode(leaf)) <= cap:
        return leaf
    kept = leaf[: max(0, cap)]
    while kept and len(encode(kept + _ELLIPSIS)) > cap:
        kept = kept[: int(len(kept) * _TIGHTER)]
    return kept + _ELLIPSIS


def _with_fewer_items(tree: Any, limit: int, encode: Encode) -> Any:
    if isinstance(tree, Mapping):
        return tree
    items = cast("Sequence[Any]", tree)
    kept: list[Any] = []
    size = 2
    for item in reversed(items):
        size += len(encode(item)) + 1
        if size > limit and kept:
            break
        kept.append(item)
    if len(kept) == 1 and size > limit:
        kept = [_with_fewer_parts(kept[0], limit - 2, encode)]
    return kept[::-1]


def _with_fewer_parts(item: Any, limit: int, encode: Encode) -> Any:
    if not isinstance(item, dict) or "parts" not in item:
        return item
    frame = {**cast("dict[str, Any]", item), "parts": []}
    room = limit - len(encode(frame))
    return {**frame, "parts": _with_fewer_items(item["parts"], room, encode)}


def _leaves(tree: Any, kind: type) -> Iterator[Any]:
    if isinstance(tree, kind):
        yield tree
    elif isinstance(tree, dict):
        for key, value in cast("dict[str, Any]", tree).items():
            if key not in _STRUCTURAL or not isinstance(value, str):
                yield from _leaves(value, kind)
    elif isinstance(tree, (list, tuple)):
        for item in cast("Sequence[Any]", tree):
            yield from _leaves(item, kind)


def _map_leaves(tree: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(tree, dict):
        items = cast("dict[str, Any]", tree).items()
        return {
            key: value
            if key in _STRUCTURAL and isinstance(value, str)
            else _map_leaves(value, change)
            for key, value in items
        }
    if isinstance(tree, (list, tuple)):
        return [_map_leaves(item, change) for item in cast("Sequence[Any]", tree)]
    return change(tree)
