"""Telemetry of interactions, and what their spans say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance import assert_conformant
from promises.watching import Telemetry

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

    from fake_gemini import Tokens

USAGE = "gen_ai.usage."
INPUT, OUTPUT = "gen_ai.input.messages", "gen_ai.output.messages"


class Watched(Telemetry):
    """All three signals, whole."""

    def metrics(self) -> Any:
        """Returns everything that was measured."""
        return self._reader.get_metrics_data()

    def logs(self) -> Any:
        """Returns the events."""
        return self._logs.get_finished_logs()

    def conform(self) -> None:
        """Fail unless everything has ended, and is as the conventions want it."""
        assert self.open == []
        if self.ended:
            assert_conformant(spans=self.ended, metrics=self.metrics(), logs=self.logs())

    def the_span(self) -> ReadableSpan:
        """Returns the one span that ended."""
        (span,) = self.ended
        return span


def tokens_of(tokens: Tokens) -> dict[str, int | None]:
    """Returns the attributes that say *tokens*; `None` stands for no attribute."""
    attributes = {
        f"{USAGE}input_tokens": tokens.input,
        f"{USAGE}output_tokens": tokens.output,
        f"{USAGE}reasoning.output_tokens": tokens.reasoning,
        f"{USAGE}cache_read.input_tokens": tokens.cached,
    }
    for side in ("input", "output"):
        for modality in ("text", "image", "audio"):
            counted = tokens.by_modality.get(f"{side}.{modality}")
            attributes[f"{USAGE}{modality}.{side}_tokens"] = counted
    return attributes


def said(span: ReadableSpan, names: Any) -> dict[str, Any]:
    """Returns what a span says under these names."""
    return {name: span.attributes.get(name) for name in names}


def parts_of(span: ReadableSpan, name: str = OUTPUT) -> list[dict[str, Any]]:
    """Returns the parts of all messages."""
    messages = json.loads(span.attributes.get(name, "[]"))
    return [part for message in messages for part in message["parts"]]


def text_of(span: ReadableSpan, kind: str = "text", name: str = OUTPUT) -> str:
    """Returns the text of the output, or its reasoning."""
    return "".join(part["content"] for part in parts_of(span, name) if part["type"] == kind)
