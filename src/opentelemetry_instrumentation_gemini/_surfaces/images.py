"""`Models.generate_images`, `edit_image` and their kin: inferences that answer in images."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    Answer,
    Call,
    Parameters,
    Value,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content, Part
from opentelemetry_instrumentation_gemini._reading.fields import (
    FieldReader,
    details_of,
    enum_text,
    field,
    view,
)
from opentelemetry_instrumentation_gemini._reading.finish import CONTENT_FILTER, ERROR
from opentelemetry_instrumentation_gemini._reading.parts import blob, uri
from opentelemetry_instrumentation_gemini._reading.plain import plain

from . import Surface
from .arguments import asking

_IMAGE = FieldReader("image_bytes", "gcs_uri", "mime_type")
_GENERATED = FieldReader("image", "mask", "rai_filtered_reason")

_DETAILS = {
    "number_of_images": "image_count_requested",
    "aspect_ratio": "image_aspect_ratio",
    "image_size": "image_size_requested",
    "edit_mode": "image_edit_mode",
    "mode": "image_edit_mode",
}
"""Field of the config → detail."""


def _surface(operation: str) -> Surface:
    return Surface(asking(operation), _parameters, _content, _ImageReader)


def _parameters(call: Call) -> Parameters:
    config = view(call.kwargs.get("config"))
    details = details_of(config, _DETAILS)
    factor = enum_text(call.kwargs.get("upscale_factor"))
    if factor is not None:
        details["image_upscale_factor"] = factor
    seed = field(config, "seed")
    count = details.get("image_count_requested")
    return Parameters(
        seed=seed if isinstance(seed, int) else None,
        choice_count=count if isinstance(count, int) and count != 1 else None,
        output_type="image",
        details=details,
    )


def _content(call: Call) -> Content:
    parts = [part for given in _given(call.kwargs) if (part := _part(given)) is not None]
    return {"input_messages": [{"role": "user", "parts": parts}]} if parts else {}


def _given(arguments: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the texts and images that a call gives, in whatever argument they stand."""
    yield arguments.get("prompt")
    yield arguments.get("image")
    for reference in _listed(arguments.get("reference_images")):
        yield field(view(reference), "reference_image")
    source = view(arguments.get("source"))
    if source is None:
        return
    yield field(source, "prompt")
    for name in ("image", "person_image", "scribble_image"):
        yield field(source, name)
    for product in _listed(field(source, "product_images")):
        yield field(view(product), "product_image")


def _listed(values: Any) -> Iterable[Any]:
    # Any other iterable is the SDK's, which could read it only once.
    return values if isinstance(values, (list, tuple)) else ()


def _part(given: Any) -> Part | None:
    if given is None:
        return None
    if isinstance(given, str):
        return {"type": "text", "content": plain(given)}
    data, address, mime_type = _IMAGE(field(view(given), "image") or given)
    if data is not None:
        return blob(data, mime_type)
    return None if address is None else uri(address, mime_type or "image/*")


class _ImageReader:
    """Reads what was drawn, and what was held back."""

    __slots__ = ("_bytes", "_capture", "_filtered", "_mime_types", "_parts", "_reasons")

    def __init__(self, capture: bool) -> None:
        self._capture = capture
        self._reasons: list[str] = []
        self._filtered: list[str] = []
        self._mime_types: list[str] = []
        self._bytes = 0
        self._parts: list[Part | None] = []

    def add(self, response: Any) -> None:
        source = view(response)
        drawn = field(source, "generated_images") or field(source, "generated_masks") or ()
        for item in drawn:
            self._add_image(*_GENERATED(item))

    def _add_image(self, image: Any, mask: Any, filtered: Any) -> None:
        shown = image if image is not None else mask
        data, address, mime_type = (None, None, None) if shown is None else _IMAGE(shown)
        drawn = data is not None or address is not None
        reason = enum_text(filtered)
        if reason is not None:
            self._filtered.append(reason)
        elif not drawn:
            # The rating of the prompt, which stands among the images.
            return
        self._reasons.append("stop" if drawn else CONTENT_FILTER)
        if drawn and isinstance(mime_type, str):
            self._mime_types.append(mime_type)
        self._bytes += len(data or b"")
        self._parts.append(_part(shown) if drawn and self._capture else None)

    def answer(self, complete: bool) -> Answer:
        details: dict[str, Value] = {
            "image_count": sum(reason == "stop" for reason in self._reasons),
            "image_bytes": self._bytes,
        }
        if self._mime_types:
            details["image_mime_types"] = self._mime_types
        if self._filtered:
            details["image_filter_reasons"] = self._filtered
        if not complete:
            return Answer(finish_reasons=self._reasons or [ERROR])
        return Answer(finish_reasons=self._reasons, details=details)

    def content(self) -> Content:
        messages = [
            {"role": "assistant", "parts": [part] if part else [], "finish_reason": reason}
            for part, reason in zip(self._parts, self._reasons, strict=True)
        ]
        return {"output_messages": messages} if messages else {}


GENERATE = _surface("generate_images")
EDIT = _surface("edit_image")
UPSCALE = _surface("upscale_image")
RECONTEXT = _surface("recontext_image")
SEGMENT = _surface("segment_image")
