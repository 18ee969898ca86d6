"""Strategies for single values; what is content carries a mark by which it is found again."""

from __future__ import annotations

import base64
import math
from datetime import datetime, timezone
from typing import Any

from hypothesis import strategies as st

MARK = "Mk7Qz9"
"""At the head of every text, and of all bytes, that may leave with permission only."""
SECRET = "Sx4Wv8"
"""In whatever may leave under no circumstances."""
GARBLED = "garbled"
"""The name of what is garbled otherwise."""
ODD_TEXTS = ("", " ", "\x00", "é", "日本語", "🙂" * 3, "\ud800", "a\udfffb", '"\\\n', "x" * 700)

words = st.sampled_from(("alpha", "beta", "gamma", "delta-4", "é", "under_score"))
"""Names, which are no content."""
numbers = st.sampled_from((0, 1, 2, 7, 40, 2**31 - 1))
floats = st.sampled_from((0.0, 0.25, 1.0, 40.0, -1.5, 1e300))
odd_floats = st.sampled_from((math.nan, math.inf, -math.inf, -0.0))
moments = st.sampled_from(
    (
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
        datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc),
    )
)


class Shout(str):
    """A text of the user's own class."""

    __slots__ = ()

    def __str__(self) -> str:
        return self.upper()


class Record(dict[str, Any]):
    """A dict of the user's own class."""


class Stranger:
    """What no SDK can know."""

    def __init__(self, text: str) -> None:
        self.text = text


def _marked(tail: str) -> str:
    return MARK + tail


texts = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.text(st.characters(codec=None), max_size=12),
).map(_marked)
"""Content."""
clean_texts = st.text(st.characters(codec="utf-8"), max_size=12).map(_marked)
binaries = st.one_of(st.sampled_from((b"", b"\xff\xfe", b"\x00" * 900)), st.binary(max_size=9)).map(
    lambda tail: MARK.encode() + tail
)


def _nested(depth: int, wrap: bool) -> Any:
    tree: Any = MARK + "core"
    for _ in range(depth):
        tree = [tree] if wrap else {"deeper": tree}
    return tree


deep_trees = st.builds(_nested, st.sampled_from((3, 70, 150)), st.booleans())
scalars = st.one_of(st.none(), st.booleans(), numbers, floats, odd_floats, texts)
json_values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=5,
)
json_objects = st.dictionaries(texts, st.one_of(json_values, deep_trees), max_size=3)


def finite(tree: Any) -> Any:
    """Returns a tree without the numbers for which JSON has no words."""
    if isinstance(tree, float) and not math.isfinite(tree):
        return None
    if isinstance(tree, dict):
        return {key: finite(value) for key, value in tree.items()}
    return [finite(item) for item in tree] if isinstance(tree, list) else tree


def found_in(exported: bytes, mark: str = MARK) -> list[bytes]:
    """Returns the marks in something exported, however they are encoded."""
    raw = mark.encode()
    return [one for one in (raw, raw.hex().encode(), base64.b64encode(raw)) if one in exported]
