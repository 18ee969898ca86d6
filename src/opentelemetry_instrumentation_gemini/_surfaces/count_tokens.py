"""`Models.count_tokens` and `compute_tokens`: how much a prompt is, which bills nothing."""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Answer
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.fields import field, view
from opentelemetry_instrumentation_gemini._reading.unparsed import unwrap_raw

from . import Surface, no_content, no_parameters
from .arguments import asking


class CountReader:
    """Reads the number of tokens, which is a result here and no usage."""

    __slots__ = ("_details",)

    def __init__(self, capture: bool) -> None:
        self._details: dict[str, Any] = {}

    def add(self, response: Any) -> None:
        source = unwrap_raw(response)
        total = field(source, "total_tokens")
        if total is None:
            infos = field(source, "tokens_info")
            total = None if infos is None else sum(len(view(info).tokens or ()) for info in infos)
        if total is not None:
            self._details["counted_tokens"] = total
        cached = field(source, "cached_content_token_count")
        if cached is not None:
            self._details["counted_cached_tokens"] = cached

    def answer(self, complete: bool) -> Answer:
        return Answer(details=self._details)

    def content(self) -> Content:
        return {}


SURFACE = Surface(asking("count_tokens"), no_parameters, no_content, CountReader)
COMPUTE = Surface(asking("compute_tokens"), no_parameters, no_content, CountReader)
