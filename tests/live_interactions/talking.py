"""What programs do with a connection, and what its spans say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fake_gemini.live_interactions import ID, live_interactions_client
from interactions.watching import INPUT, USAGE, text_of

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from fake_gemini.live import LiveHandle
    from interactions.watching import Watched

STATUS = "gcp.gen_ai.interaction.status"
MODEL = "gemini-live-2.5-flash-preview"


def connect(handle: LiveHandle, **options: Any) -> Any:
    """Returns what connects to an interaction."""
    genai = live_interactions_client(handle)
    context = genai.aio.interactions.connect(ID, **options)
    # The client closes its transports when it is gone.
    context.client = genai
    return context


async def read(connection: Any, until: str | None = None) -> list[str]:
    """Read events up to one of a kind, or to the end, and return their kinds."""
    kinds = []
    async for event in connection.receive():
        kinds.append(event.event_type)
        if event.event_type == until:
            break
    return kinds


def parted(telemetry: Watched) -> tuple[ReadableSpan, list[ReadableSpan]]:
    """Returns the span of the session, and those of the answers in their order."""
    (session,) = [span for span in telemetry.ended if span.name == "live_interaction"]
    answers = [span for span in telemetry.ended if span is not session]
    for answer in answers:
        assert answer.name.split()[0] == "generate_content"
        assert answer.parent is not None
        assert answer.parent.span_id == session.context.span_id
        assert answer.attributes["gen_ai.response.id"] == ID
    return session, sorted(answers, key=lambda span: span.start_time)


def tokens(span: ReadableSpan) -> tuple[Any, Any]:
    """Returns input and output tokens of a span."""
    return tuple(span.attributes.get(f"{USAGE}{side}_tokens") for side in ("input", "output"))


def totals(telemetry: Watched) -> tuple[int, int]:
    """Returns the tokens of the whole trace, as a backend adds them up."""
    counted = [tokens(span) for span in telemetry.ended]
    return tuple(sum(side or 0 for side in sides) for sides in zip(*counted, strict=True))


def asked(span: ReadableSpan) -> str:
    """Returns the text of the input."""
    return text_of(span, name=INPUT)


def messages(span: ReadableSpan, name: str) -> Any:
    """Returns the messages of one direction."""
    return json.loads(span.attributes.get(name, "[]"))


def unset(span: ReadableSpan) -> bool:
    """Returns whether a span is no error."""
    return span.status.is_unset
