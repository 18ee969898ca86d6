"""`embed_content` of google-generativeai: one text or several as vectors."""

from collections.abc import Sequence
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Answer, Call, Parameters, Request
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.contents import read_contents
from opentelemetry_instrumentation_gemini._reading.fields import enum_text, field
from opentelemetry_instrumentation_gemini._reading.legacy import readable
from opentelemetry_instrumentation_gemini._reading.legacy_request import (
    read_client_endpoint,
    read_model_name,
)

from . import Surface
from .arguments import argument

_MODEL, _CONTENT, _TASK, _DIMENSIONS, _CLIENT = 0, 1, 2, 4, 5


def _request(call: Call, _stream: bool) -> Request:
    return Request(
        operation="embeddings",
        endpoint=read_client_endpoint(argument(call, "client", _CLIENT)),
        model=read_model_name(argument(call, "model", _MODEL)),
    )


def _parameters(call: Call) -> Parameters:
    details: dict[str, Any] = {}
    dimensions = argument(call, "output_dimensionality", _DIMENSIONS)
    if isinstance(dimensions, int):
        details["dimension_count"] = dimensions
    # An enum that is a number, or one of many ways to write its name.
    task = argument(call, "task_type", _TASK)
    name = enum_text(task) or field(task, "name")
    if name is not None:
        details["task_type"] = name.upper()
    return Parameters(details=details)


def _content(call: Call) -> Content:
    content = readable(argument(call, "content", _CONTENT))
    # Each item of a list is a content of its own.
    items = content if isinstance(content, list) else [content]
    return {"embedding_input": [message for item in items for message in read_contents(item)]}


class _EmbeddingReader:
    """Reads how much was embedded; the vectors themselves are nobody's telemetry."""

    __slots__ = ("_details",)

    def __init__(self, capture: bool) -> None:
        self._details: dict[str, int] = {}

    def add(self, response: Any) -> None:
        vectors = response["embedding"]
        if isinstance(vectors, Sequence) and vectors:
            several = isinstance(vectors[0], Sequence)
            self._details["embedding_count"] = len(vectors) if several else 1

    def answer(self, complete: bool) -> Answer:
        return Answer(details=self._details)

    def content(self) -> Content:
        return {}


SURFACE = Surface(_request, _parameters, _content, _EmbeddingReader, content_for_mlflow=True)
