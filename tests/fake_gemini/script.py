"""What the fake answers, and what a test may expect of it: plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Json: TypeAlias = dict[str, Any]
Operation: TypeAlias = Literal["generate", "embed", "count_tokens", "compute_tokens", "interact"]
Api: TypeAlias = Literal["gemini", "vertex"]
Shape: TypeAlias = Literal["unary", "stream"]

JSON_TYPE = "application/json; charset=UTF-8"
SSE_TYPE = "text/event-stream"
BOTH_APIS: tuple[Api, ...] = ("gemini", "vertex")
BOTH_SHAPES: tuple[Shape, ...] = ("unary", "stream")


@dataclass(frozen=True)
class Reply:
    """One HTTP answer: a JSON body, raw bytes, or the chunks of a stream."""

    body: Any = None
    chunks: tuple[Json, ...] = ()
    raw: bytes | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = None
    delay: float = 0.0
    """Seconds before the first byte."""
    pace: float = 0.0
    """Seconds before each chunk after the first."""
    cut_after: int | None = None
    """The connection breaks after so many chunks of a stream, or bytes of another body."""


@dataclass(frozen=True)
class Step:
    """The answer to one HTTP request, in the shape that the request asks for."""

    unary: Reply
    stream: Reply


@dataclass(frozen=True)
class Tokens:
    """What a trace must say about one round: prompt and tool use in, answer and thoughts out."""

    input: int | None = None
    output: int | None = None
    reasoning: int | None = None
    cached: int | None = None
    by_modality: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The reported details as ``input.TEXT``, ``output.IMAGE``, ``cached.TEXT``."""


@dataclass(frozen=True)
class Failure:
    """The exception that a round ends with: the SDK's class and, for an API error, its code."""

    type: str
    code: int | None = None
    status: str | None = None


@dataclass(frozen=True)
class Round:
    """One model round trip as the caller sees it: the facts that its span must carry."""

    tokens: Tokens = Tokens()
    """As far as the caller gets to see them: not where a unary call fails."""
    text: str = ""
    """Text of the first candidate without thoughts."""
    finish_reasons: tuple[str, ...] = ()
    """As Google sends them: the last one of each candidate."""
    thought: str = ""
    calls: tuple[str, ...] = ()
    """Names of the functions that the model wants called."""
    block_reason: str | None = None
    vectors: tuple[int, ...] = ()
    """Dimensions of each embedding."""
    counted: int | None = None
    """What a token count says; it bills nothing and is no usage."""
    hops: int = 1
    """HTTP requests of which the round consists, continuation hops and retries included."""
    failure: Failure | None = None


@dataclass(frozen=True)
class Scenario:
    """A call, the replies that it meets in order, and what is true afterwards."""

    name: str
    steps: tuple[Step, ...]
    rounds: tuple[Round, ...]
    stream_rounds: tuple[Round, ...] | None = None
    """Where a stream differs from the unary call; else ``rounds`` holds for both."""
    operation: Operation = "generate"
    model: str = "gemini-2.5-flash"
    contents: Any = "Why is the sky blue?"
    config: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    tools: tuple[Callable[..., Any], ...] = ()
    http_options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    route: str = ""
    """Last part of the path that the SDK must ask; for generate it follows from the shape."""
    apis: tuple[Api, ...] = BOTH_APIS
    shapes: tuple[Shape, ...] = BOTH_SHAPES
    raises: str | None = None
    """Class name of an exception that the loop around the rounds ends with."""
    since: tuple[int, int] = (1, 32)
    """A google-genai from which on it plays as written."""

    def rounds_of(self, shape: Shape) -> tuple[Round, ...]:
        """Returns what to expect when the scenario is played in this shape."""
        if shape == "stream" and self.stream_rounds is not None:
            return self.stream_rounds
        return self.rounds

    def route_of(self, shape: Shape) -> str:
        """Returns the last part of the path of every request."""
        generating = "streamGenerateContent" if shape == "stream" else "generateContent"
        return self.route or generating
