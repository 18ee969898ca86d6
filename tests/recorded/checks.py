"""What must hold for one replayed exchange; each check yields what is wrong, nothing if all is."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from google.genai import types
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import INVALID_SPAN, SpanKind, StatusCode

from conformance import check_spans
from recorded import content, expected, interactions
from recorded.driver import Driver
from recorded.outcome import Outcome
from recorded.traffic import Exchange


@dataclass(frozen=True)
class Traced:
    """A replay under the plugin: what the program saw, and what telemetry got."""

    exchange: Exchange
    driver: Driver
    outcome: Outcome
    spans: tuple[ReadableSpan, ...]
    still_open: int

    @property
    def read(self) -> list[dict[str, Any]]:
        """Return the JSON bodies of the answers that reached the caller."""
        return list(self.exchange.answers[: len(self.outcome.given.answers)])

    @property
    def failed(self) -> bool:
        """Return whether the call ended with an exception."""
        return self.outcome.given.exception is not None

    @property
    def sent(self) -> dict[str, Any]:
        """Return the request body as it went over the wire."""
        return content.parse(self.outcome.seen[0].body)


def faithful(exchange: Exchange, driver: Driver, bare: Outcome) -> Iterator[str]:
    """Yield where a replay without the plugin does not give what was recorded."""
    exception = bare.given.exception
    if exchange.status >= 400:
        code = getattr(exception, "code", None)
        if code != exchange.status:
            yield f"status {exchange.status} was recorded, but the SDK raised {exception!r}"
        return
    if exception is None and len(bare.given.answers) != len(exchange.answers):
        yield f"{len(exchange.answers)} answers were recorded, {len(bare.given.answers)} came"
    if driver.operation == "generate_content" and driver.api == "models":
        yield from _same_texts(exchange, bare)


def _same_texts(exchange: Exchange, bare: Outcome) -> Iterator[str]:
    for recorded, given in zip(exchange.answers, bare.given.answers, strict=False):
        texts = [
            part.text
            for candidate in given.candidates or ()
            for part in (candidate.content and candidate.content.parts) or ()
            if part.text is not None
        ]
        wanted = [
            part["text"]
            for candidate in recorded.get("candidates") or ()
            for part in (candidate.get("content") or {}).get("parts") or ()
            if "text" in part
        ]
        yield from _differ("texts", texts, wanted)


def undisturbed(bare: Outcome, traced: Traced) -> Iterator[str]:
    """Yield what the program can tell of the plugin: anything at all is wrong."""
    outcome = traced.outcome
    yield from _differ("answers", outcome.answers, bare.answers)
    yield from _differ("exception", outcome.error, bare.error)
    yield from _differ("requests on the wire", outcome.seen, bare.seen)
    # The SDK says some things once for a process, so that only the first run has them.
    yield from _differ("new log lines", _new(outcome.log_lines, bare.log_lines), [])
    yield from _differ("warnings", outcome.warning_lines, bare.warning_lines)
    if outcome.spoiled_arguments != bare.spoiled_arguments:
        yield "the caller's arguments were changed"
    yield from (f"we log: {line}" for line in outcome.log_lines if "telemetry" in line[0])
    if outcome.given.left_current is not INVALID_SPAN:
        yield f"a span is still current: {outcome.given.left_current}"
    if traced.still_open:
        yield f"{traced.still_open} spans are still open"


def _new(lines: list[Any], known: list[Any]) -> list[Any]:
    return list((Counter(lines) - Counter(known)).elements())


def told(traced: Traced) -> Iterator[str]:
    """Yield what the spans of one call say wrongly."""
    if len(traced.spans) != 1:
        yield f"{len(traced.spans)} spans: {[span.name for span in traced.spans]}"
        return
    span = traced.spans[0]
    yield from check_spans([span])
    yield from _identity(traced, span)
    yield from _ending(traced, span)
    if traced.driver.api == "interactions":
        yield from _interacted(traced, span)
    else:
        yield from _TOLD[traced.driver.operation](traced, span)


def _generated(traced: Traced, span: ReadableSpan) -> Iterator[str]:
    yield from _attributes(span, expected.answer_attributes(traced.read, failed=traced.failed))
    yield from _attributes(span, expected.request_attributes(traced.sent))
    yield from _inputs(traced, span)
    yield from _outputs(traced, span)


def _embedded(traced: Traced, span: ReadableSpan) -> Iterator[str]:
    yield from _attributes(span, expected.dimension_attributes(traced.sent))
    yield from _attributes(span, expected.embedding_attributes(_legible(traced)))
    yield from _no_content(span)


def _legible(traced: Traced) -> list[dict[str, Any]]:
    """Return of an embedding's answer what the SDK can read."""
    if not traced.outcome.reached(traced.driver.suffix):
        return []
    if "usage_metadata" in types.EmbedContentResponse.model_fields:
        return traced.read
    return [{**answer, "usageMetadata": None} for answer in traced.read]


def _interacted(traced: Traced, span: ReadableSpan) -> Iterator[str]:
    operation = traced.driver.operation
    if operation == "delete_interaction":
        yield from _no_content(span)
        return
    sent = json.loads(traced.outcome.seen[0].body)
    yield from _attributes(span, interactions.attributes(operation, traced.read, sent))
    asked = _parts(_json(span, "gen_ai.input.messages"))
    yield from _differ("input", asked, [("text", sent["input"])])
    parts = [part for m in _json(span, "gen_ai.output.messages") for part in m["parts"]]
    for kind, text in interactions.texts(traced.read).items():
        told = "".join(part["content"] for part in parts if part["type"] == kind)
        yield from _differ(kind, told, text)


def _counted(traced: Traced, span: ReadableSpan) -> Iterator[str]:
    yield from _attributes(span, expected.count_attributes(traced.read))
    yield from _no_content(span)
    billed = [name for name in span.attributes or {} if name.startswith("gen_ai.usage.")]
    yield from _differ("billed tokens", billed, [])


_TOLD = {
    "generate_content": _generated,
    "embeddings": _embedded,
    "count_tokens": _counted,
}
"""Operation → what its span has to say of its own."""

_SPAN_TYPES = {"generate_content": "LLM", "embeddings": "EMBEDDING", "invoke_agent": "AGENT"}
_CONTENT = (
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.tool.definitions",
)


def _no_content(span: ReadableSpan) -> Iterator[str]:
    yield from _attributes(span, dict.fromkeys(_CONTENT))


def _identity(traced: Traced, span: ReadableSpan) -> Iterator[str]:
    named = traced.outcome.arguments.model
    model = None if traced.driver.operation == "invoke_agent" else named or None
    vertex = traced.exchange.api == "vertex"
    streamed = traced.driver.stream
    yield from _differ("name", span.name, f"{traced.driver.operation} {named}".rstrip())
    yield from _differ("kind", span.kind, SpanKind.CLIENT)
    yield from _attributes(
        span,
        {
            "gen_ai.operation.name": traced.driver.operation,
            "gen_ai.provider.name": "gcp.vertex_ai" if vertex else "gcp.gemini",
            "gen_ai.request.model": model,
            "gen_ai.agent.name": named if model is None and named else None,
            "gen_ai.request.stream": True if streamed else None,
            "server.address": "127.0.0.1",
            "mlflow.spanType": _SPAN_TYPES.get(traced.driver.operation),
            "mlflow.llm.model": model and model.rpartition("/")[2],
            "mlflow.llm.provider": model and ("vertex_ai" if vertex else "gemini"),
        },
    )
    first_chunk = (span.attributes or {}).get("gen_ai.response.time_to_first_chunk")
    if (first_chunk is not None) != (streamed and bool(traced.outcome.given.answers)):
        yield f"time to first chunk: {first_chunk}"


def _ending(traced: Traced, span: ReadableSpan) -> Iterator[str]:
    exception = traced.outcome.given.exception
    wanted = StatusCode.ERROR if traced.failed else StatusCode.UNSET
    yield from _differ("status", span.status.status_code, wanted)
    yield from _attributes(span, {"error.type": _error_type(exception)})
    events = [event.attributes for event in span.events if event.name == "exception"]
    if len(events) != traced.failed:
        yield f"{len(events)} exception events"
    elif events and str(exception) != events[0].get("exception.message"):
        yield f"exception message {events[0].get('exception.message')!r} for {exception!r}"


def _error_type(exception: Exception | None) -> str | None:
    if exception is None:
        return None
    code = getattr(exception, "code", None)
    if code is not None:
        return str(code)
    kind = type(exception)
    prefix = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return prefix + kind.__qualname__


def _attributes(span: ReadableSpan, wanted: dict[str, Any]) -> Iterator[str]:
    attributes = span.attributes or {}
    for name, value in wanted.items():
        found = attributes.get(name)
        if name == "mlflow.chat.tokenUsage" and found is not None:
            found = json.loads(str(found))
        yield from _differ(name, found, value)


def _inputs(traced: Traced, span: ReadableSpan) -> Iterator[str]:
    sent = traced.sent
    messages = _json(span, "gen_ai.input.messages")
    yield from _differ("input", _parts(messages), content.parts_of(sent["contents"]))
    instructions = sent.get("systemInstruction")
    yield from _differ(
        "system instructions",
        content.told_parts(_json(span, "gen_ai.system_instructions")),
        content.parts_of([instructions] if instructions else []),
    )
    tools = _json(span, "gen_ai.tool.definitions")
    names = [tool["name"] for tool in tools if tool["type"] == "function"]
    yield from _differ("tool definitions", names, content.tool_names(sent))


def _outputs(traced: Traced, span: ReadableSpan) -> Iterator[str]:
    messages = _json(span, "gen_ai.output.messages")
    found = expected.candidates(traced.read)
    if len(messages) not in {len(found), 0 if not any(c["parts"] for c in found) else len(found)}:
        yield f"{len(messages)} output messages for {len(found)} candidates"
    for message, candidate in zip(messages, found, strict=False):
        yield from _differ(
            "output", content.told_parts(message["parts"]), content.parts_of([candidate])
        )
    reasons = tuple(message["finish_reason"] for message in messages)
    if found and messages:
        wanted = expected.finish_reasons(traced.read, failed=traced.failed)
        yield from _differ("finish reasons of messages", reasons, wanted)


def _parts(messages: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return content.told_parts(part for message in messages for part in message["parts"])


def _json(span: ReadableSpan, name: str) -> list[dict[str, Any]]:
    text = (span.attributes or {}).get(name)
    return [] if text is None else json.loads(str(text))


def _differ(what: str, found: Any, wanted: Any) -> Iterator[str]:
    if found != wanted:
        yield f"{what}: {_short(found)} instead of {_short(wanted)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 600 else f"{text[:400]} … {text[-150:]}"
