"""The steps of an interaction that comes in pieces, put together in their JSON form."""

import json
from typing import Any

from .interaction_parts import CONTENT_KINDS, MEDIA_KINDS, Item, to_item

_THOUGHT = {"thought_summary", "thought_signature"}


class GrowingStep:
    """One step, from its start over its deltas to its end."""

    __slots__ = ("_arguments", "_item", "_list", "_texts")

    def __init__(self, item: Item) -> None:
        if item.get("type") in CONTENT_KINDS:
            # Until google-genai 2.0 contents came without a step around them.
            begun = [item] if len(item) > 1 else []
            item = {"type": "model_output", "content": begun}
        self._item = dict(item)
        self._list = ""
        self._texts: list[str] = []
        self._arguments: list[str] = []

    def add_text(self, text: str, into: str = "content") -> None:
        """Add a piece of text to the list of contents called *into*."""
        if self._list != into:
            self._finish_text()
            self._list = into
        self._texts.append(text)

    def add(self, delta: Item) -> None:
        """Add any other piece."""
        kind = delta.get("type")
        if kind == "text":
            self.add_text(_text(delta))
            self._add_annotations(delta)
        elif kind == "thought_summary":
            self._add_summary(to_item(delta.get("content")))
        elif kind == "arguments_delta":
            self._arguments.append(_text(delta, "arguments"))
        elif kind in MEDIA_KINDS:
            self._add_medium(delta)
        elif kind == "text_annotation_delta":
            self._add_annotations(delta)
        else:
            self._update(delta)

    def _add_summary(self, content: Item) -> None:
        if content.get("type") == "text":
            self.add_text(_text(content), "summary")
        elif content:
            self._finish_text()
            self._contents("summary").append(content)

    def _add_medium(self, delta: Item) -> None:
        self._finish_text()
        contents = self._contents("content")
        last = contents[-1] if contents else {}
        data = delta.get("data")
        if data and _goes_on(last, delta):
            last["data"] += data
        else:
            contents.append(dict(delta))

    def _add_annotations(self, delta: Item) -> None:
        if delta.get("annotations"):
            self._finish_text()
            self._contents("content").append({"annotations": delta["annotations"]})

    def _update(self, delta: Item) -> None:
        # An empty signature stands for none.
        known = {key: value for key, value in delta.items() if key != "type" and value != ""}
        self._item.update(known)

    def item(self) -> Item:
        """Return the step as far as it came."""
        self._finish_text()
        if self._arguments:
            self._item["arguments"] = _parsed("".join(self._arguments))
        return self._item

    def _finish_text(self) -> None:
        if self._texts:
            self._contents(self._list).append({"type": "text", "text": "".join(self._texts)})
            self._texts = []
        self._list = ""

    def _contents(self, name: str) -> list[Item]:
        contents = self._item.get(name)
        if not isinstance(contents, list):
            contents = self._item[name] = []
        return contents


def begin_step(delta: Item) -> GrowingStep:
    """Return a step for a first piece whose start was not seen, as in a stream that is resumed."""
    kind = delta.get("type")
    if kind in _THOUGHT:
        return GrowingStep({"type": "thought"})
    if kind == "arguments_delta":
        return GrowingStep({"type": "function_call"})
    if kind in CONTENT_KINDS or kind == "text_annotation_delta":
        return GrowingStep({"type": "model_output"})
    return GrowingStep({"type": kind})


def _text(item: Item, name: str = "text") -> str:
    # What the SDK cannot read it hands on as it came: one odd piece must not cost the others.
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _goes_on(last: Item, delta: Item) -> bool:
    """Whether base64 goes on where it left off: without padding texts can be joined."""
    same = all(last.get(key) == delta.get(key) for key in ("type", "mime_type"))
    data: Any = last.get("data")
    return same and bool(data) and not data.endswith("=") and len(data) % 4 == 0


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        # A stream that broke off in the middle of a call.
        return text
