"""The JSON documents in the bytes of an HTTP body: one, or one for each server-sent event."""

import json
import re
from collections.abc import Iterator
from typing import Any

from .fields import FieldReader

_EVENT_END = re.compile(rb"\r?\n\r?\n")
_DOCUMENT = re.compile(rb"\s*\{")
_RAW = FieldReader("http_response")


class ServerEvents:
    """Takes a body's bytes as they come, and gives back each document once it is whole."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = bytearray()

    def take(self, response: Any) -> Iterator[Any]:
        """Yield what a *response* says: itself, or the documents where it is yet unparsed.

        Such a one is an object of the SDK's around what HTTP brought, or a piece of its bytes.
        """
        (raw,) = (None,) if isinstance(response, bytes) else _RAW(response)
        body = response if raw is None else getattr(raw, "content", None)
        if isinstance(body, bytes):
            yield from self.feed(body)
        else:
            yield response

    def feed(self, data: bytes) -> Iterator[Any]:
        """Yield the documents that *data* completes."""
        self._rest += data
        # A body that is one document is whole at its end only; an event ends with an empty line.
        if b"\n" in data and not _DOCUMENT.match(self._rest):
            *events, rest = _EVENT_END.split(bytes(self._rest))
            self._rest = bytearray(rest)
            for event in events:
                yield from _document(event)

    def end(self) -> Iterator[Any]:
        """Yield what is left, if it is whole."""
        rest, self._rest = bytes(self._rest), bytearray()
        if not rest:
            return
        yield from _parse(rest) if _DOCUMENT.match(rest) else _document(rest)


def _document(event: bytes) -> Iterator[Any]:
    lines = event.splitlines()
    data = [line.removeprefix(b"data:").strip() for line in lines if line.startswith(b"data:")]
    yield from _parse(b"\n".join(data))


def _parse(text: bytes) -> Iterator[Any]:
    try:
        document = json.loads(text)
    except ValueError:
        # `[DONE]`, or a body that broke off.
        return
    if isinstance(document, dict):
        yield document
