"""What of a conversation goes on spans."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opentelemetry_instrumentation_gemini._facts.messages import Inputs, Message

from . import names
from .json_text import to_json


@dataclass(frozen=True, slots=True)
class ContentPolicy:
    """What of a conversation may leave, and how much.

    Attributes:
        on_spans: Whether content goes on spans.
        on_events: Whether content goes on events.
        max_bytes: The limit for each attribute, in bytes of UTF-8.
        max_media_bytes: The limit for each inline medium, in bytes before base64.
    """

    on_spans: bool
    on_events: bool
    max_bytes: int
    max_media_bytes: int

    @property
    def captures(self) -> bool:
        """Whether content is read at all."""
        return self.on_spans or self.on_events


def describe_inputs(inputs: Inputs, policy: ContentPolicy) -> Iterator[tuple[str, str]]:
    """Yield the span attributes of what the model was told, as JSON text."""
    for name, tree in (
        (names.INPUT_MESSAGES, inputs.messages),
        (names.SYSTEM_INSTRUCTIONS, inputs.system_instructions),
        (names.TOOL_DEFINITIONS, inputs.tool_definitions),
    ):
        if tree:
            yield name, to_json(tree, policy.max_bytes, policy.max_media_bytes)


def describe_outputs(
    messages: Sequence[Message], policy: ContentPolicy
) -> Iterator[tuple[str, str]]:
    """Yield the span attribute of what the model said, as JSON text."""
    if messages:
        yield names.OUTPUT_MESSAGES, to_json(messages, policy.max_bytes, policy.max_media_bytes)
