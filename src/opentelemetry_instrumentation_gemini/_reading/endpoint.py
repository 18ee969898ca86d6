"""Which service a client talks to."""

import re
from functools import lru_cache
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

from opentelemetry_instrumentation_gemini._facts.calls import Call, Endpoint

from .fields import field, view

GEMINI_API = "gcp.gemini"
VERTEX_AI = "gcp.vertex_ai"

_CLIENT = attrgetter("vertexai", "_http_options.base_url", "location")

_LOCATION = re.compile(r"/projects/[^/]+/locations/([^/]+)")

_DEFAULT_PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80}


def read_endpoint(api_client: Any, own_options: Any = None) -> Endpoint:
    """Return the service that a call goes to.

    Args:
        api_client: The SDK's `BaseApiClient`.
        own_options: The call's own `http_options`, whose `base_url` wins.
    """
    try:
        vertex, base_url, place = _CLIENT(api_client)
    except AttributeError:
        # What stands in for the SDK's own client need not have all of it.
        vertex, place = field(api_client, "vertexai"), field(api_client, "location")
        base_url = field(view(field(api_client, "_http_options")), "base_url")
    if own_options is not None:
        base_url = field(view(own_options), "base_url") or base_url
    return _endpoint(
        VERTEX_AI if vertex else GEMINI_API,
        base_url if isinstance(base_url, str) else None,
        place if vertex and isinstance(place, str) else None,
    )


def read_called_endpoint(call: Call) -> Endpoint:
    """Return the service that *call* of a resource of the SDK's own goes to."""
    config = call.kwargs.get("config")
    options = None if config is None else field(view(config), "http_options")
    return read_endpoint(call.instance._api_client, options)  # noqa: SLF001


def read_resource_endpoint(resource: Any) -> Endpoint:
    """Return the service behind a resource of the SDK's generated clients.

    Only some of them keep the client that they were made for; of the others the version in the
    path says whether it is Vertex AI, since that has a place.
    """
    api_client = field(resource, "_api_client")
    if api_client is not None:
        return read_endpoint(api_client)
    config = field(resource, "sdk_configuration")
    if config is not None:
        found = _LOCATION.search(field(field(config, "globals"), "api_version") or "")
        provider, location = (VERTEX_AI, found[1]) if found else (GEMINI_API, None)
        return _endpoint(provider, field(config, "server_url"), location)
    # google-genai up to 2.8.
    client = field(resource, "_client")
    vertex = bool(field(client, "_is_vertex"))
    location = field(client, "_vertex_location") if vertex else None
    base_url = field(client, "base_url")
    address = None if base_url is None else str(base_url)
    return _endpoint(VERTEX_AI if vertex else GEMINI_API, address, location)


def read_address(provider: str, base_url: str) -> Endpoint:
    """Return the service of *provider* at an address that is known."""
    return _endpoint(provider, base_url, None)


@lru_cache(maxsize=256)
def _endpoint(provider: str, base_url: str | None, location: str | None) -> Endpoint:
    if not base_url:
        return Endpoint(provider, location=location)
    try:
        parts = urlsplit(base_url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        # No such port, or half an IPv6 address: the call fails, and its span says of what model.
        return Endpoint(provider, location=location)
    return Endpoint(provider, parts.hostname, port, location)
