"""Text that every exporter can encode.

The OTLP encoder drops an attribute that holds a lone surrogate, and logs an error. Gemini passes
such text through in both directions.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from opentelemetry_instrumentation_gemini._facts.calls import Value


def clean_text(text: str) -> str:
    """Return *text* with `?` in place of each lone surrogate."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def clean_attributes(attributes: Mapping[str, Value]) -> dict[str, Any]:
    """Return *attributes* with every string in them encodable."""
    return {
        name: _clean(value) if type(value) in _UNSAFE else value
        for name, value in attributes.items()
    }


_UNSAFE = frozenset({str, list, tuple})


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else clean_text(value)
    return [clean_text(item) for item in cast("Sequence[str]", value)]
