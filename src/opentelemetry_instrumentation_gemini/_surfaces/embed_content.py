"""`Models._embed_content`: texts as vectors, on either service."""

from collections.abc import Iterable
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    Answer,
    Call,
    Parameters,
    Usage,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.contents import read_contents
from opentelemetry_instrumentation_gemini._reading.fields import FieldReader, enum_text, view
from opentelemetry_instrumentation_gemini._reading.unparsed import unwrap_raw
from opentelemetry_instrumentation_gemini._reading.usage import to_prompt_usage

from . import Surface, no_parameters
from .arguments import asking

_CONFIG = FieldReader("output_dimensionality", "task_type")
_RESPONSE = FieldReader(
    "embeddings", "predictions", "usage_metadata", "metadata", "sdk_http_response"
)
_METADATA = FieldReader("billable_character_count")
_EMBEDDING = FieldReader("statistics")
_STATISTICS = FieldReader("token_count")


def _parameters(call: Call) -> Parameters:
    config = call.kwargs.get("config")
    if config is None:
        return no_parameters(call)
    dimensions, task_type = _CONFIG(config)
    details: dict[str, Any] = {}
    if isinstance(dimensions, int):
        details["dimension_count"] = dimensions
    task = enum_text(task_type)
    if task is not None:
        details["task_type"] = task
    return Parameters(details=details)


class _EmbeddingReader:
    """Reads how much was embedded; the vectors themselves are nobody's telemetry."""

    __slots__ = ("_details", "_usage")

    def __init__(self, capture: bool) -> None:
        self._usage: Usage | None = None
        self._details: dict[str, Any] = {}

    def add(self, response: Any) -> None:
        embeddings, predictions, reported, metadata, raw = _RESPONSE(response)
        if embeddings is None and raw is not None:
            embeddings, predictions, reported, metadata, _ = _RESPONSE(unwrap_raw(response))
        if not embeddings:
            embeddings = [view(prediction).embeddings for prediction in predictions or ()]
        usage = None if reported is None else to_prompt_usage(reported)
        self._usage = usage or _statistics(embeddings)
        if embeddings:
            self._details["embedding_count"] = len(embeddings)
        (characters,) = (None,) if metadata is None else _METADATA(metadata)
        if characters is not None:
            self._details["billable_characters"] = characters

    def answer(self, complete: bool) -> Answer:
        return Answer(usage=self._usage, details=self._details)

    def content(self) -> Content:
        return {}


def _statistics(embeddings: Iterable[Any]) -> Usage | None:
    """Sum up what Vertex AI counts for each text, as a float."""
    kept = (_EMBEDDING(embedding)[0] for embedding in embeddings)
    counts = [
        count
        for statistics in kept
        if statistics is not None and (count := _STATISTICS(statistics)[0]) is not None
    ]
    return Usage(input_tokens=int(sum(counts))) if counts else None


def _content(call: Call) -> Content:
    given = (call.kwargs.get(name) for name in ("contents", "content", "batch_contents"))
    contents = next((value for value in given if value is not None), None)
    # Unlike in a conversation, each item of a list is a content of its own.
    items = contents if isinstance(contents, list) else [contents]
    return {"embedding_input": [message for item in items for message in read_contents(item)]}


SURFACE = Surface(
    asking("embeddings"), _parameters, _content, _EmbeddingReader, content_for_mlflow=True
)
