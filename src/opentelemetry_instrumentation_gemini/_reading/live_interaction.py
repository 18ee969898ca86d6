"""One answer in a live interaction: what was asked, and the steps that came.

Events are read in their JSON form. Of audio and video it is counted how much there was.
"""

from collections import deque
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    NO_PARAMETERS,
    Answer,
    Failure,
    Request,
    Usage,
    Value,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._facts.sessions import Ending

from .finish import ERROR, TOOL_CALL
from .interaction_parts import Item, read_item
from .interaction_request import read_input
from .interaction_steps import GrowingStep, begin_step
from .streamed_media import MediaCount

_MOST_INPUTS = 1000
"""Inputs that are kept for an answer: a game is steered by very many."""

_STREAMED = frozenset({"audio", "video"})
_INPUT_RATE = 16_000
_OUTPUT_RATE = 24_000


class LiveReply:
    """An answer as it comes about.

    Args:
        request: What identifies it.
        interaction: The id of its interaction.
        capture: Whether its content is wanted.

    Attributes:
        is_shown: Whether it is an act of its session already.
        asked_at: When the last input before its first step was sent.
        began: When it began, if it did.
        failure: Why it failed, if it did.
        usage: What it bills, if that is known.
    """

    call_id: str | None = None
    parameters = NO_PARAMETERS

    def __init__(self, request: Request, interaction: str | None, *, capture: bool) -> None:
        self.request = request
        self.is_shown = False
        self.asked_at: float | None = None
        self.began: float | None = None
        self.failure: Failure | None = None
        self.usage: Usage | None = None
        self._interaction = interaction
        self._capture = capture
        self._said: deque[Item] = deque(maxlen=_MOST_INPUTS)
        self._heard: dict[Any, GrowingStep] = {}
        self._steps: dict[Any, GrowingStep] = {}
        self._open: set[Any] = set()
        self._first: float | None = None
        self._ended: float | None = None
        self._calls = False
        self._input = MediaCount("input", _INPUT_RATE)
        self._output = MediaCount("output", _OUTPUT_RATE)

    @property
    def is_over(self) -> bool:
        """Whether its last step so far has stopped; an input begins another answer then."""
        return self.failure is not None or (self._ended is not None and not self._open)

    @property
    def is_asked(self) -> bool:
        """Whether anything was sent that asks for an answer."""
        return self.began is not None

    @property
    def is_answered(self) -> bool:
        """Whether the model has begun a step."""
        return self._first is not None

    def ask(self, item: Item, at: float) -> None:
        """Take something that was sent."""
        speaks = True
        for part in _contents(item):
            kind = part.get("type")
            if kind in _STREAMED:
                # Silence streams too: it asks nothing by itself.
                speaks = False
                self._input.add(part.get("data"), part.get("mime_type") or f"{kind}/")
            if self._capture and not (kind == "audio" and "data" in part):
                self._said.append(_slim(part))
        if self._first is None:
            self.asked_at = at
            if speaks and self.began is None:
                self.began = at

    def hear(self, index: Any, step: Item, at: float) -> None:
        """Take the beginning of what the service has heard the user say."""
        self._heard[index] = GrowingStep(step)
        if self.began is None:
            self.began = at

    def begin_step(self, index: Any, step: Item, at: float) -> None:
        """Take the beginning of one of the model's steps."""
        if self._first is None:
            self._first = at
            if self.began is None:
                self.began = at if self.asked_at is None else self.asked_at
        self._open.add(index)
        if step.get("type") == "function_call":
            self._calls = True
        if self._capture:
            self._steps[index] = GrowingStep(_counted(step, self._output))
        else:
            _counted(step, self._output)

    def add(self, event: Item) -> None:
        """Take a piece of a step."""
        index, delta = event.get("index"), event.get("delta")
        if not isinstance(delta, dict):
            return
        piece = _counted(delta, self._output)
        if not self._capture or (piece is not delta and piece.get("type") in _STREAMED):
            return
        step = self._heard.get(index) or self._steps.get(index)
        if step is None:
            step = self._steps[index] = begin_step(piece)
        step.add(piece)

    def end_step(self, index: Any, at: float) -> None:
        """Take the end of a step."""
        if index not in self._heard:
            self._open.discard(index)
            self._ended = at

    def fail(self, failure: Failure, at: float) -> None:
        """End with an error."""
        if self.failure is None:
            self.failure = failure
            self._ended = at
            if self.began is None:
                self.began = at

    def ending(self, at: float, failure: Failure | None = None) -> Ending:
        """Return how it ended; *at* and *failure* count if it was still under way."""
        first = None
        if self._first is not None and self.asked_at is not None:
            first = max(self._first - self.asked_at, 0.0)
        if self.is_over and self._ended is not None:
            return Ending(self._ended, self.failure is None, first, self.failure)
        return Ending(at, complete=False, first_chunk=first, failure=failure)

    def answer(self, complete: bool) -> Answer:
        """Return what is known of it."""
        details: dict[str, Value] = {**dict(self._input.details()), **dict(self._output.details())}
        reason = ERROR if not complete else TOOL_CALL if self._calls else "stop"
        self._reason = reason
        return Answer(self._interaction, None, [reason], self.usage, details)

    def inputs(self) -> Content:
        """Return what was sent, and what the service heard."""
        heard = [step.item() for step in self._heard.values()]
        messages = read_input([*self._said, *heard])
        return {"input_messages": messages} if messages else {}

    def content(self) -> Content:
        """Return what the model did."""
        parts = [part for step in self._steps.values() for part in read_item(step.item())]
        if not parts:
            return {}
        message = {"role": "assistant", "parts": parts, "finish_reason": self._reason}
        return {"output_messages": [message]}


def _contents(item: Item) -> list[Item]:
    """Return the contents of an input; any other event stands for itself."""
    content = item.get("content")
    if item.get("event_type") == "input":
        return [entry for entry in content or () if isinstance(entry, dict)]
    return [{**item, "type": item.get("event_type")}]


def _counted(item: Item, media: MediaCount) -> Item:
    """Count audio and video in *item*, and return it without."""
    kind = item.get("type")
    if kind in _STREAMED and item.get("data"):
        media.add(item["data"], item.get("mime_type") or f"{kind}/")
        return {key: value for key, value in item.items() if key != "data"}
    content = item.get("content")
    if isinstance(content, list):
        parts = [_counted(part, media) if isinstance(part, dict) else part for part in content]
        return {**item, "content": parts}
    return item


def _slim(value: Any) -> Any:
    """Return a part without the bytes of audio, video and whatever has no type of its own."""
    if isinstance(value, list):
        return [_slim(item) for item in value]
    if not isinstance(value, dict) or value.get("type") in {"image", "document"}:
        return value
    return {key: _slim(item) for key, item in value.items() if key not in {"data", "event_type"}}
