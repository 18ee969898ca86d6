"""Text that every exporter can encode.

The OTLP encoder drops an attribute that holds a lone surrogate, and logs an error. Gemini passes
such text through in both directions.
"""

from collections.abc import Mapping
from typing import Any

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
    cleaned = dict(attributes)
    for name, value in attributes.items():
        # Asked here and not in a function of its own, since nearly all text is plain.
        if type(value) is str:
            if not value.isascii():
                cleaned[name] = clean_text(value)
        elif type(value) is list or type(value) is tuple:
            cleaned[name] = [text if text.isascii() else clean_text(text) for text in value]
    return cleaned
