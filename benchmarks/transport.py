"""A client of the SDK whose HTTP requests never leave the process."""

from collections.abc import Sequence
from itertools import cycle
from typing import Any

from google import genai
from google.genai import types

try:
    import httpx2 as http
except ImportError:
    import httpx as http  # type: ignore[import-not-found, no-redef, unused-ignore]


def make_client(replies: Sequence[bytes], *, streamed: bool) -> genai.Client:
    """Return a client whose HTTP requests are answered inside the process, in turn, forever.

    Args:
        replies: The bodies to answer with.
        streamed: Whether they are server-sent events.
    """
    kind = "text/event-stream" if streamed else "application/json"
    bodies = cycle(replies)

    def answer(_request: Any) -> Any:
        return http.Response(200, content=next(bodies), headers={"content-type": kind})

    transport = http.MockTransport(answer)
    options = types.HttpOptions(
        base_url="https://gemini.invalid",
        httpx_client=http.Client(transport=transport),
        httpx_async_client=http.AsyncClient(transport=transport),
    )
    return genai.Client(api_key="no-key", vertexai=False, http_options=options)
