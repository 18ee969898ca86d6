"""What a test looks at: the spans of a session by what they are, and their content as data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from promises.watching import Telemetry

OPERATION = "gen_ai.operation.name"
FINISH = "gen_ai.response.finish_reasons"
FIRST = "gen_ai.response.time_to_first_chunk"
TOKENS = ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens")


def of(telemetry: Telemetry, operation: str) -> list[ReadableSpan]:
    """Returns the spans of an operation in the order of their starts."""
    found = [span for span in telemetry.ended if span.attributes[OPERATION] == operation]
    return sorted(found, key=lambda span: span.start_time)


def session_of(telemetry: Telemetry) -> ReadableSpan:
    """Returns the span of the one session."""
    (span,) = of(telemetry, "live_session")
    return span


def turns_of(telemetry: Telemetry) -> list[ReadableSpan]:
    """Returns the spans of the turns, each of which must stand under its session."""
    turns = of(telemetry, "generate_content")
    sessions = {span.context.span_id for span in of(telemetry, "live_session")}
    assert all(turn.parent is not None and turn.parent.span_id in sessions for turn in turns)
    return turns


def turn_of(telemetry: Telemetry) -> ReadableSpan:
    """Returns the span of the one turn."""
    (turn,) = turns_of(telemetry)
    return turn


def said(span: ReadableSpan) -> list[tuple[str, str]]:
    """Returns role and text of each message that was sent or heard."""
    return _texts(span, "gen_ai.input.messages")


def answered(span: ReadableSpan) -> str:
    """Returns the text of the answer without thoughts."""
    return "".join(text for _, text in _texts(span, "gen_ai.output.messages"))


def parts(span: ReadableSpan, name: str = "gen_ai.output.messages") -> list[Any]:
    """Returns all parts of a span's messages."""
    messages = json.loads(span.attributes.get(name, "[]"))
    return [part for message in messages for part in message["parts"]]


def tokens(span: ReadableSpan) -> tuple[Any, Any]:
    """Returns the tokens of a turn."""
    return span.attributes.get(TOKENS[0]), span.attributes.get(TOKENS[1])


def seconds(span: ReadableSpan) -> float:
    """Returns how long a span took."""
    return (span.end_time - span.start_time) / 1e9


def records(telemetry: Telemetry) -> list[Any]:
    """Returns the events as they were emitted."""
    return list(telemetry._logs.get_finished_logs())


def _texts(span: ReadableSpan, name: str) -> list[tuple[str, str]]:
    return [
        (message["role"], part["content"])
        for message in json.loads(span.attributes.get(name, "[]"))
        for part in message["parts"]
        if part["type"] == "text"
    ]
