"""Who a call is for and what it belongs to, said once for everything within."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from opentelemetry.context import attach, detach

from ._ambient import annotated
from ._emit import names
from ._facts.calls import Value


@contextmanager
def annotate(
    *,
    conversation_id: str | None = None,
    user_id: str | None = None,
    prompt_name: str | None = None,
    prompt_version: str | None = None,
    attributes: Mapping[str, Value] | None = None,
) -> Generator[None]:
    """Put attributes on every Gemini span that is started within.

    It holds for calls in the same thread and task and in what inherits their context: tasks
    started within, `asyncio.to_thread`, and threads that run in a copy of the context. It nests;
    inner values win. Also usable as a decorator.

        with annotate(conversation_id="support-4711", user_id="u-12"):
            chat.send_message("Hello")

    Args:
        conversation_id: What the calls belong to, as `gen_ai.conversation.id`; on spans for which
            the conventions have no conversation as `session.id`. MLflow's session.
        user_id: For whom they are, as `user.id`.
        prompt_name: The template that the prompt came from, as `gen_ai.prompt.name`.
        prompt_version: The template's version, as `gen_ai.prompt.version`.
        attributes: Any further attributes.
    """
    given = {
        names.CONVERSATION_ID: conversation_id,
        names.USER_ID: user_id,
        names.PROMPT_NAME: prompt_name,
        names.PROMPT_VERSION: prompt_version,
        **(attributes or {}),
    }
    values = {name: value for name, value in given.items() if value is not None}
    token = attach(annotated(None, values))
    try:
        yield
    finally:
        detach(token)
