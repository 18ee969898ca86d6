"""Which service a client talks to."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from opentelemetry_instrumentation_gemini._facts.calls import Endpoint

from .fields import FieldReader, field, view

GEMINI_API = "gcp.gemini"
VERTEX_AI = "gcp.vertex_ai"

_CLIENT = FieldReader("vertexai", "_http_options", "location")

_DEFAULT_PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80}


def read_endpoint(api_client: Any, config: Any = None) -> Endpoint:
    """Return the service that a call with *config* goes to.

    Args:
        api_client: The SDK's `BaseApiClient`.
        config: The call's own config, whose `http_options.base_url` wins.
    """
    vertex, options, place = _CLIENT(api_client)
    base_url = None if options is None else view(options).base_url
    own_options = field(config, "http_options") if config is not None else None
    if own_options is not None:
        base_url = field(view(own_options), "base_url") or base_url
    return _endpoint(
        VERTEX_AI if vertex else GEMINI_API,
        base_url if isinstance(base_url, str) else None,
        place if vertex and isinstance(place, str) else None,
    )


@lru_cache(maxsize=256)
def _endpoint(provider: str, base_url: str | None, location: str | None) -> Endpoint:
    if not base_url:
        return Endpoint(provider, location=location)
    parts = urlsplit(base_url)
    return Endpoint(
        provider,
        parts.hostname,
        parts.port or _DEFAULT_PORTS.get(parts.scheme),
        location,
    )
