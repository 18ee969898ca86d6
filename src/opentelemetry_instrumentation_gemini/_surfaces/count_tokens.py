"""`Models.count_tokens` and `compute_tokens`: how much a prompt is, which bills nothing."""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Answer, Call, Request
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.endpoint import read_called_endpoint
from opentelemetry_instrumentation_gemini._reading.fields import field, view
from opentelemetry_instrumentation_gemini._reading.response import unwrap_raw

from . import Surface, no_content, no_parameters
from .generate_content import model_name


def _request(operation: str) -> Any:
    def request(call: Call, _stream: bool) -> Request:
        return Request(
            operation=operation,
            endpoint=read_called_endpoint(call),
            model=model_name(call.kwargs.get("model")),
        )

    return request


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


SURFACE = Surface(_request("count_tokens"), no_parameters, no_content, CountReader)
COMPUTE = Surface(_request("compute_tokens"), no_parameters, no_content, CountReader)
