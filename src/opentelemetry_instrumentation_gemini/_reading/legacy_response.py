"""The answers of google-generativeai, whole or in chunks."""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Answer, Usage

from .fields import field
from .legacy import message
from .response import ResponseReader, UsageReader


class _Thinking:
    """Finds the tokens that were thought, of which that SDK has no field.

    They are billed, and what the total has beyond prompt and candidates. The prompts of hosted
    tools are in there as well, so where one was at work nothing can be told apart.
    """

    __slots__ = ("_hosted", "_total")

    def __init__(self) -> None:
        self._total = 0
        self._hosted = False

    def add(self, answer: Any) -> None:
        """Look at one response or chunk."""
        self._total = field(field(answer, "usage_metadata"), "total_token_count") or self._total
        self._hosted = self._hosted or any(map(_is_hosted, field(answer, "candidates") or ()))

    def counted(self, answer: Answer) -> Answer:
        """Return *answer* with the thoughts in its output."""
        usage = answer.usage
        if usage is None or usage.input_tokens is None or self._hosted:
            return answer
        thoughts = self._total - usage.input_tokens - (usage.output_tokens or 0)
        return answer if thoughts <= 0 else answer._replace(usage=_with_thoughts(usage, thoughts))


def _with_thoughts(usage: Usage, thoughts: int) -> Usage:
    output = (usage.output_tokens or 0) + thoughts
    return usage._replace(output_tokens=output, reasoning_tokens=thoughts)


def _is_hosted(candidate: Any) -> bool:
    parts = field(field(candidate, "content"), "parts") or ()
    return field(candidate, "grounding_metadata") is not None or any(
        field(part, "executable_code") is not None for part in parts
    )


class LegacyReader(ResponseReader):
    """Reads the SDK's response, or the messages that it comes in."""

    __slots__ = ("_thinking",)

    def __init__(self, capture: bool) -> None:
        super().__init__(capture)
        self._thinking = _Thinking()

    def add(self, response: Any) -> None:
        """Read one response or chunk."""
        answer = _answer(response)
        super().add(answer)
        self._thinking.add(answer)

    def answer(self, complete: bool) -> Answer:
        """Return what is known."""
        return self._thinking.counted(super().answer(complete))


class LegacyUsageReader(UsageReader):
    """Takes only what metrics are about."""

    __slots__ = ("_thinking",)

    def __init__(self) -> None:
        super().__init__()
        self._thinking = _Thinking()

    def add(self, response: Any) -> None:
        """Read one response or chunk."""
        answer = _answer(response)
        super().add(answer)
        self._thinking.add(answer)

    def answer(self, complete: bool) -> Answer:
        """Return model and usage."""
        return self._thinking.counted(super().answer(complete))


def _answer(response: Any) -> Any:
    held = field(response, "_result")
    # Asked whether it is true, a message looks into its fields, and warns of what it does not know.
    return message(response if held is None else held)
