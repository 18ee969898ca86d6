"""The answer of one turn of a Live session, from the messages that it came in."""

import re
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Answer, Value
from opentelemetry_instrumentation_gemini._facts.messages import Content, Part

from .fields import FieldReader, enum_text
from .findings import Findings
from .finish import CONTENT_FILTER, ERROR, TOOL_CALL, finish_reason
from .parts import read_part
from .streamed_media import BLOB, MediaCount
from .usage import Counts, merge_counts, to_usage

TURN_MESSAGE = FieldReader("server_content", "tool_call", "usage_metadata")
"""Read what a message from the service holds of an answer."""

CALLS = FieldReader("function_calls")
"""Read the calls of a tool call message."""

TEXT = FieldReader("text")
"""Read the text of a transcription."""

PARTS = FieldReader("parts")
"""Read the parts of a model's turn."""

OUTPUT_RATE = 24_000
"""The sample rate of the Live API's answers, in Hertz."""

_CONTENT = FieldReader(
    "model_turn",
    "output_transcription",
    "generation_complete",
    "turn_complete",
    "turn_complete_reason",
    "grounding_metadata",
    "url_context_metadata",
)
_PART = FieldReader("text", "thought", "thought_signature", "inline_data", "code_execution_result")
_COUNTS = FieldReader(
    "prompt_token_count",
    "response_token_count",
    "thoughts_token_count",
    "cached_content_token_count",
    "tool_use_prompt_token_count",
    "prompt_tokens_details",
    "response_tokens_details",
    "cache_tokens_details",
    "tool_use_prompt_tokens_details",
)
_TOTAL = FieldReader("total_token_count")
_SERVICE = FieldReader("traffic_type", "service_tier")

_REFUSAL = re.compile("PROHIBITED|BLOCKLIST|SAFETY|CELEBRITY|NCII|PEOPLE|MINORS|UNSAFE")
_UNSPECIFIED = "TURN_COMPLETE_REASON_UNSPECIFIED"


class LiveAnswer:
    """Takes the messages of an answer one by one.

    Args:
        capture: Whether its content is wanted.

    Attributes:
        media: The audio in it.
        stopped: Whether the user interrupted it.
    """

    __slots__ = (
        "_called",
        "_capture",
        "_complete",
        "_counts",
        "_findings",
        "_generated",
        "_growing",
        "_parts",
        "_reason",
        "_texts",
        "_usage_metadata",
        "media",
        "stopped",
    )

    def __init__(self, capture: bool) -> None:
        self.stopped = False
        self._capture = capture
        self.media = MediaCount("output", OUTPUT_RATE)
        self._findings = Findings()
        self._counts: list[Counts] = []
        self._usage_metadata: Any = None
        self._generated = False
        self._complete = False
        self._reason: str | None = None
        self._called = False
        self._parts: list[Part] = []
        self._texts: list[str] = []
        self._growing: str | None = None

    def add(self, message: Any) -> None:
        """Read one message; nothing in it is changed or kept."""
        content, tool_call, usage = TURN_MESSAGE(message)
        if usage is not None:
            self._usage_metadata = usage
            self._counts.append(_counts(usage))
        if content is not None:
            self._add_content(*_CONTENT(content))
        if tool_call is not None:
            self._called = True
            for call in CALLS(tool_call)[0] or ():
                self._add_part({"function_call": call})

    def _add_content(self, spoken: Any, transcript: Any, *state: Any) -> None:
        generated, complete, reason, grounding, url_context = state
        if spoken is not None:
            for part in PARTS(spoken)[0] or ():
                self._add_spoken(part)
        text = None if transcript is None else TEXT(transcript)[0]
        if text:
            self._add_text("text", text)
        self._generated = bool(generated) or self._generated
        self._complete = bool(complete) or self._complete
        if reason is not None and enum_text(reason) != _UNSPECIFIED:
            self._reason = enum_text(reason)
        if grounding is not None or url_context is not None:
            self._findings.add_candidate(None, None, grounding, None, url_context)

    def _add_spoken(self, part: Any) -> None:
        text, thought, signature, blob, outcome = _PART(part)
        self._called = self._generated = False
        if blob is not None:
            self.media.add(*BLOB(blob))
        elif text is not None and signature is None:
            self._add_text("reasoning" if thought else "text", text)
        else:
            self._add_part(part)
        if outcome is not None:
            self._findings.add_outcome(outcome)

    def _add_text(self, kind: str, text: str) -> None:
        # What is said is one text, however many pieces of audio come in between.
        self._called = False
        if self._capture:
            if self._growing != kind:
                self._finish_text()
                self._growing = kind
            self._texts.append(text)

    def _add_part(self, part: Any) -> None:
        read = read_part(part) if self._capture else None
        if read is not None:
            self._finish_text()
            self._parts.append(read)

    def _finish_text(self) -> None:
        if self._growing is not None:
            self._parts.append({"type": self._growing, "content": "".join(self._texts)})
            self._texts.clear()
            self._growing = None

    def answer(self, complete: bool) -> Answer:
        """Return what is known of the answer."""
        if self._usage_metadata is not None:
            self._findings.add_service(*_SERVICE(self._usage_metadata))
        details: dict[str, Value] = {**self._findings.details, **dict(self.media.details())}
        if self.stopped:
            details["interrupted"] = True
        if self._reason is not None:
            details["turn_complete_reason"] = self._reason
        return Answer(
            finish_reasons=[self._finish_reason()],
            usage=to_usage(merge_counts(self._counts)) if self._counts else None,
            details=details,
        )

    def content(self) -> Content:
        """Return the answer as one message, and what else quotes it."""
        self._finish_text()
        content = self._findings.content
        if not self._parts:
            return content
        message = {
            "role": "assistant",
            "parts": self._parts,
            "finish_reason": self._finish_reason(),
        }
        return {"output_messages": [message], **content}

    def _finish_reason(self) -> str:
        if self._reason is not None:
            refused = _REFUSAL.search(self._reason)
            return CONTENT_FILTER if refused else finish_reason(self._reason)
        if self._generated or (self._complete and not self.stopped):
            return TOOL_CALL if self._called else finish_reason("STOP")
        return "interrupted" if self.stopped else ERROR


def _counts(usage: Any) -> Counts:
    """Read the counts of a turn, whose name for its output the SDK may not know."""
    counts = _COUNTS(usage)
    prompt, answered, thoughts, _, tools, *_ = counts
    total = _TOTAL(usage)[0]
    if answered is not None or prompt is None or total is None:
        return counts
    if thoughts is not None:
        # They stand inside the total in some answers and outside in others.
        return (prompt, None, None, *counts[3:])
    left = total - prompt - (tools or 0)
    return (prompt, left, *counts[2:]) if left > 0 else counts
