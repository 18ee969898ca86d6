"""What the application says about its calls: for whom they are, and what they belong to.

It travels in the OpenTelemetry context, so that it reaches every span within, also over tasks.
"""

import sys
from collections.abc import Iterator, Mapping
from typing import cast

from opentelemetry.baggage import get_baggage
from opentelemetry.context import Context, create_key, get_value, set_value

from ._emit import names
from ._facts.calls import Value

_ANNOTATIONS = create_key("gemini-annotations")
_FOREIGN = "opentelemetry.util.genai._conversation_context"

_IN_CONVERSATION = frozenset({"generate_content", "invoke_agent", "execute_tool"})
_WITH_PROMPT = frozenset({"generate_content"})

_PROMPT = (names.PROMPT_NAME, names.PROMPT_VERSION)


def annotated(context: Context | None, values: Mapping[str, Value]) -> Context:
    """Return *context* with attributes for every span within; inner values win over outer ones."""
    return set_value(_ANNOTATIONS, {**_annotations(context), **values}, context)


def in_conversation(conversation_id: str, context: Context) -> Context:
    """Return *context* in a conversation, unless the application has named one itself."""
    if names.CONVERSATION_ID in _annotations(context):
        return context
    return annotated(context, {names.CONVERSATION_ID: conversation_id})


def describe(context: Context, operation: str) -> dict[str, Value]:
    """Return the attributes that the caller's *context* asks for on a span of *operation*."""
    values = dict(_carried(context))
    conversation = values.get(names.CONVERSATION_ID)
    if conversation is not None and operation not in _IN_CONVERSATION:
        # The conventions have no conversation on these; a session they all have.
        del values[names.CONVERSATION_ID]
        values.setdefault(names.SESSION_ID, conversation)
    if operation not in _WITH_PROMPT:
        for name in _PROMPT:
            values.pop(name, None)
    return values


def _carried(context: Context) -> Iterator[tuple[str, Value]]:
    """Yield what the context carries, what counts more coming later."""
    for name in (names.SESSION_ID, names.USER_ID):
        carried = get_baggage(name, context)
        if isinstance(carried, str):
            yield name, carried
    foreign = _foreign_conversation(context)
    if foreign is not None:
        yield names.CONVERSATION_ID, foreign
    yield from _annotations(context).items()


def _annotations(context: Context | None) -> Mapping[str, Value]:
    return cast("Mapping[str, Value] | None", get_value(_ANNOTATIONS, context)) or {}


def _foreign_conversation(context: Context) -> str | None:
    """Return the conversation that another GenAI instrumentation has put into the context."""
    module = sys.modules.get(_FOREIGN)
    if module is None:
        return None
    found = module.get_ambient_conversation_id(context)
    return found if isinstance(found, str) else None
