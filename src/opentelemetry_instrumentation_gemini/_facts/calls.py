"""Facts about one operation: where it went, what it asked for, how it ended."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

Value: TypeAlias = str | bool | int | float | Sequence[str]
"""A scalar or a list of strings: what every telemetry backend can index."""

LEAST_INTEGER, MOST_INTEGER = -(2**63), 2**63 - 1
"""Between these OTLP has room for an integer."""

_NO_VALUES: Mapping[str, Value] = MappingProxyType({})
_NO_COUNTS: Mapping[str, int] = MappingProxyType({})


class Call(NamedTuple):
    """The arguments of one SDK call, as the caller gave them."""

    instance: Any
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


class Endpoint(NamedTuple):
    """The service behind a client."""

    provider: str
    address: str | None = None
    port: int | None = None
    location: str | None = None


class Tool(NamedTuple):
    """A tool that the model wants called; `call_id` is the model's, where it is at hand."""

    name: str
    kind: str
    call_id: str | None = None


class Request(NamedTuple):
    """What identifies an operation before it starts; samplers see nothing else.

    `origin` names what an earlier operation made and this one is about.
    """

    operation: str
    endpoint: Endpoint | None = None
    model: str | None = None
    stream: bool = False
    tool: Tool | None = None
    agent: str | None = None
    origin: str | None = None


class Parameters(NamedTuple):
    """The generation parameters that the caller set; `None` means not set."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    max_tokens: int | None = None
    choice_count: int | None = None
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    stop_sequences: Sequence[str] | None = None
    output_type: str | None = None
    reasoning_level: str | None = None
    details: Mapping[str, Value] = _NO_VALUES


NO_PARAMETERS = Parameters()


class Usage(NamedTuple):
    """Billed tokens of one operation; `None` means that the service did not report it.

    Cached and reasoning tokens, and the counts by modality, are parts of the two totals.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    cached_tokens: int | None = None
    tool_use_prompt_tokens: int | None = None
    input_by_modality: Mapping[str, int] = _NO_COUNTS
    output_by_modality: Mapping[str, int] = _NO_COUNTS
    cached_by_modality: Mapping[str, int] = _NO_COUNTS


class Cost(NamedTuple):
    """What an operation costs, in US dollars."""

    input: float
    output: float
    total: float


class Failure(NamedTuple):
    """Why an operation failed.

    `message` and `stacktrace` are `None` where they could quote content that may not leave.
    """

    error_type: str
    exception_type: str
    message: str | None = None
    stacktrace: str | None = None


class Answer(NamedTuple):
    """What came back, without its content.

    `failure` is one that the SDK reports without raising; `made` names what later operations can
    be about.
    """

    response_id: str | None = None
    model: str | None = None
    finish_reasons: Sequence[str] = ()
    usage: Usage | None = None
    details: Mapping[str, Value] = _NO_VALUES
    failure: Failure | None = None
    made: Sequence[str] = ()


NO_ANSWER = Answer()


class Outcome(NamedTuple):
    """All that is known of an operation at its end.

    `own` are attributes that neither request nor answer say.
    """

    request: Request
    parameters: Parameters
    answer: Answer
    failure: Failure | None
    own: Mapping[str, Value]
