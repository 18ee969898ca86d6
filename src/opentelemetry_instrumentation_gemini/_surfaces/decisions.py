"""`decisions.create`: questions with given answers, which a model weighs against an input."""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Answer, Call, Request
from opentelemetry_instrumentation_gemini._facts.messages import Content, Part
from opentelemetry_instrumentation_gemini._reading.endpoint import read_resource_endpoint
from opentelemetry_instrumentation_gemini._reading.fields import FieldReader, enum_text, field, view
from opentelemetry_instrumentation_gemini._reading.finish import CONTENT_FILTER, ERROR
from opentelemetry_instrumentation_gemini._reading.interaction_request import (
    read_input,
    request_body,
    text_field,
)
from opentelemetry_instrumentation_gemini._reading.interaction_usage import read_interaction_counts
from opentelemetry_instrumentation_gemini._reading.plain import plain
from opentelemetry_instrumentation_gemini._reading.server_events import ServerEvents
from opentelemetry_instrumentation_gemini._reading.usage import Counts, to_usage

from . import Surface, no_parameters

_ANSWER = FieldReader("answers", "prompt_feedback", "usage")


def _request(call: Call, _stream: bool) -> Request:
    model = text_field(request_body(call), "model")
    return Request("generate_content", read_resource_endpoint(call.instance), model)


def _content(call: Call) -> Content:
    body = request_body(call)
    messages = read_input(field(body, "input"))
    questions = _named_parts("question", field(body, "questions"))
    if questions:
        messages.append({"role": "user", "parts": questions})
    return {"input_messages": messages} if messages else {}


def _named_parts(kind: str, by_name: Any) -> list[Part]:
    """Return a part for each question or decision; its own type says what kind of it it is."""
    tree = plain(by_name)
    return [
        {**item, "type": kind, f"{kind}_type": item.get("type"), "name": name}
        for name, item in (tree.items() if isinstance(tree, dict) else ())
        if isinstance(item, dict)
    ]


class _DecisionReader:
    """Reads what was decided."""

    __slots__ = ("_block_reason", "_body", "_capture", "_counts", "_decided", "_parts")

    def __init__(self, capture: bool) -> None:
        self._capture = capture
        self._block_reason: str | None = None
        self._counts: Counts | None = None
        self._decided = False
        self._parts: list[Part] = []
        self._body = ServerEvents()

    def add(self, response: Any) -> None:
        for told in self._body.take(response):
            self._add(told)

    def _add(self, response: Any) -> None:
        answers, feedback, usage = _ANSWER(response)
        self._decided = bool(answers)
        self._block_reason = feedback and enum_text(field(view(feedback), "block_reason"))
        self._counts = usage and read_interaction_counts(usage)
        if self._capture:
            self._parts = _named_parts("decision", answers)

    def answer(self, complete: bool) -> Answer:
        for document in self._body.end():
            self._add(document)
        details = {} if self._block_reason is None else {"block_reason": self._block_reason}
        reasons = self._finish_reasons(complete=complete)
        return Answer(finish_reasons=reasons, usage=to_usage(self._counts), details=details)

    def _finish_reasons(self, *, complete: bool) -> list[str]:
        if self._block_reason is not None:
            return [CONTENT_FILTER]
        return ["stop"] if self._decided else [] if complete else [ERROR]

    def content(self) -> Content:
        if not self._parts:
            return {}
        reason = self._finish_reasons(complete=True)[0]
        message = {"role": "assistant", "parts": self._parts, "finish_reason": reason}
        return {"output_messages": [message]}


SURFACE = Surface(_request, no_parameters, _content, _DecisionReader)
