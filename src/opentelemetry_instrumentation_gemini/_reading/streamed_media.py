"""How much audio and video passed: it is counted, and never kept."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Value
from opentelemetry_instrumentation_gemini._facts.messages import Binary

from .fields import FieldReader
from .plain import plain

BLOB = FieldReader("data", "mime_type")
"""Read bytes and MIME type of a blob."""

_RAW = re.compile(r"audio/(?:pcm|l16)\b", re.IGNORECASE)
_PARAMETER = re.compile(r";\s*(rate|channels)=(\d+)", re.IGNORECASE)
_SAMPLE_BYTES = 2
_MICROSECONDS = "audio_microseconds"


class MediaCount:
    """Counts what streams in one direction.

    Args:
        direction: `input` or `output`.
        rate: The sample rate of raw audio that names none, in Hertz.

    Attributes:
        counted: How much of what there was.
    """

    __slots__ = ("_direction", "_rate", "counted")

    def __init__(self, direction: str, rate: int) -> None:
        self.counted: Counter[str] = Counter()
        self._direction = direction
        self._rate = rate

    def add(self, data: Any, mime_type: Any) -> None:
        """Count a chunk of audio, or a frame of video; an image whose bytes are yet unknown too."""
        held = isinstance(data, (bytes, bytearray))
        size = len(data) if held else Binary(data).size if isinstance(data, str) else 0
        kind = plain(mime_type) if isinstance(mime_type, str) else ""
        if kind.startswith("audio/"):
            self.counted["audio_bytes"] += size
            self.counted[_MICROSECONDS] += _microseconds(size, kind, self._rate)
        else:
            self.counted["video_frames"] += 1
            self.counted["video_bytes"] += size

    def details(self) -> Iterator[tuple[str, Value]]:
        """Yield what there was."""
        for what, count in self.counted.items():
            if count and what == _MICROSECONDS:
                yield f"{self._direction}_audio_milliseconds", round(count / 1000)
            elif count:
                yield f"{self._direction}_{what}", count


def _microseconds(size: int, mime_type: str, rate: int) -> int:
    """Return how long raw audio lasts; of compressed audio the size does not say."""
    if not _RAW.match(mime_type):
        return 0
    named = {name.lower(): int(value) for name, value in _PARAMETER.findall(mime_type)}
    per_second = _SAMPLE_BYTES * (named.get("rate") or rate) * (named.get("channels") or 1)
    return size * 1_000_000 // per_second
