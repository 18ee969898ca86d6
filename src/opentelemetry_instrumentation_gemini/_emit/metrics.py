"""Metrics: the conventions' instruments, and one recording for each operation."""

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.metrics import Counter, Histogram, Meter

from opentelemetry_instrumentation_gemini._facts.calls import Answer, Failure, Request, Usage

from . import names
from .spans import identity, is_internal
from .text import clean_text

SECONDS = tuple(round(0.01 * 2**power, 2) for power in range(14))
"""Bucket boundaries for durations in seconds: 10 ms to 82 s."""

TOKENS = tuple(4**power for power in range(14))
"""Bucket boundaries for token counts: 1 to 67 million."""

_LOOP_SECONDS = tuple(round(0.1 * 2**power, 1) for power in range(13))
_LOOP_CALLS = tuple(2**power for power in range(8))

_OWN_DURATIONS = {
    "execute_tool": (names.TOOL_NAME, names.TOOL_TYPE, names.ERROR_TYPE),
    "invoke_agent": (names.REQUEST_MODEL, names.ERROR_TYPE),
}
"""Operations with a duration metric of their own → its attributes."""


class Metrics:
    """The instruments of one meter.

    Args:
        meter: Where they come from.
        retired: Whether inferences are also recorded under the names that the conventions gave
            up, for dashboards that still read them.
    """

    def __init__(self, meter: Meter, *, retired: bool = False) -> None:
        self._retired_tokens = (
            _histogram(meter, names.RETIRED_TOKENS, "{token}", TOKENS) if retired else None
        )
        self._inference_duration = _histogram(meter, names.INFERENCE_DURATION, "s", SECONDS)
        self._operation_duration = _histogram(meter, names.OPERATION_DURATION, "s", SECONDS)
        self._first_chunk = _histogram(meter, names.METRIC_FIRST_CHUNK, "s", SECONDS)
        self._chunk_gap = _histogram(meter, names.METRIC_CHUNK_GAP, "s", SECONDS)
        self._input_tokens = _histogram(meter, names.METRIC_INPUT_TOKENS, "{token}", TOKENS)
        self._output_tokens = _histogram(meter, names.METRIC_OUTPUT_TOKENS, "{token}", TOKENS)
        self._usage_input = meter.create_counter(names.USAGE_INPUT, "{token}")
        self._usage_output = meter.create_counter(names.USAGE_OUTPUT, "{token}")
        self._usage_cached = meter.create_counter(names.USAGE_CACHED, "{token}")
        self._usage_reasoning = meter.create_counter(names.USAGE_REASONING, "{token}")

        self._tool_duration = _histogram(meter, names.TOOL_DURATION, "s", SECONDS)
        self._agent_duration = _histogram(meter, names.AGENT_DURATION, "s", _LOOP_SECONDS)
        self._agent_inferences = _histogram(
            meter, names.AGENT_INFERENCES, "{inference_call}", _LOOP_CALLS
        )
        self._agent_tools = _histogram(meter, names.AGENT_TOOLS, "{tool_call}", _LOOP_CALLS)

    def record(
        self, request: Request, answer: Answer, failure: Failure | None, seconds: float
    ) -> None:
        """Record one operation that has ended, after so many *seconds*."""
        attributes = _attributes(request, answer)
        ended = attributes
        if failure is not None:
            ended = {**attributes, names.ERROR_TYPE: failure.error_type}
        if request.operation not in names.INFERENCE_OPERATIONS:
            self._record_other(request, seconds, ended)
            return
        self._inference_duration.record(seconds, ended)
        if self._retired_tokens is not None:
            self._operation_duration.record(seconds, ended)
        if answer.usage is not None:
            self._record_usage(answer.usage, attributes)

    def record_chunks(
        self, request: Request, answer: Answer, first: float, gaps: Sequence[float]
    ) -> None:
        """Record how an inference's answer streamed, in seconds.

        Args:
            request: What was asked.
            answer: What was answered.
            first: From the start to the first chunk.
            gaps: For each further chunk how long the reader waited for it.
        """
        if request.operation in names.INFERENCE_OPERATIONS:
            attributes = _attributes(request, answer)
            self._first_chunk.record(first, attributes)
            record_gap = self._chunk_gap.record
            for gap in gaps:
                record_gap(gap, attributes)

    def _record_other(
        self, request: Request, seconds: float, attributes: Mapping[str, Any]
    ) -> None:
        if not is_internal(request):
            self._operation_duration.record(seconds, attributes)
            return
        wanted = _OWN_DURATIONS[request.operation]
        attributes = {name: attributes[name] for name in wanted if name in attributes}
        histogram = (
            self._agent_duration if request.operation == "invoke_agent" else self._tool_duration
        )
        histogram.record(seconds, attributes)

    def record_loop(self, rounds: int, tools: int) -> None:
        """Record how often a tool loop asked the model and called a tool."""
        self._agent_inferences.record(rounds, {})
        self._agent_tools.record(tools, {})

    def _record_usage(self, usage: Usage, attributes: Mapping[str, Any]) -> None:
        if usage.input_tokens is not None:
            self._input_tokens.record(usage.input_tokens, attributes)
            _count(self._usage_input, usage.input_tokens, usage.input_by_modality, attributes)
        if usage.output_tokens is not None:
            self._output_tokens.record(usage.output_tokens, attributes)
            _count(self._usage_output, usage.output_tokens, usage.output_by_modality, attributes)
        if usage.cached_tokens is not None:
            _count(self._usage_cached, usage.cached_tokens, usage.cached_by_modality, attributes)
        if self._retired_tokens is not None:
            self._record_retired(usage, attributes)
        if usage.reasoning_tokens is not None:
            _count(self._usage_reasoning, usage.reasoning_tokens, {}, attributes)

    def _record_retired(self, usage: Usage, attributes: Mapping[str, Any]) -> None:
        for kind, tokens in (("input", usage.input_tokens), ("output", usage.output_tokens)):
            if tokens is not None and self._retired_tokens is not None:
                self._retired_tokens.record(tokens, {**attributes, names.RETIRED_TOKEN_TYPE: kind})


def _attributes(request: Request, answer: Answer) -> dict[str, Any]:
    """Return what every point about an operation says."""
    attributes: dict[str, Any] = {**identity(request)}
    if answer.model:
        attributes[names.RESPONSE_MODEL] = answer.model
        if not answer.model.isascii():
            attributes[names.RESPONSE_MODEL] = clean_text(answer.model)
    # No metric of a client's knows agents.
    attributes.pop(names.AGENT_NAME, None)
    return attributes


def _histogram(meter: Meter, name: str, unit: str, boundaries: Sequence[float]) -> Histogram:
    return meter.create_histogram(name, unit, explicit_bucket_boundaries_advisory=boundaries)


def _count(
    counter: Counter,
    total: int,
    by_modality: Mapping[str, int],
    attributes: Mapping[str, Any],
) -> None:
    """Add *total*, split by modality; what has no name of its own is `unknown`."""
    unknown = total
    for modality, count in by_modality.items():
        counted = min(count, unknown)
        if modality in names.NAMED_MODALITIES and counted > 0:
            unknown -= counted
            counter.add(counted, {**attributes, names.TOKEN_MODALITY: modality})
    if unknown > 0 or not total:
        counter.add(unknown, {**attributes, names.TOKEN_MODALITY: "unknown"})
