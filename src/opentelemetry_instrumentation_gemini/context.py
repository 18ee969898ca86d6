"""Who a call is for and what it belongs to, said once for everything within."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar, Token
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast

from opentelemetry.context import Context, attach, detach

from ._ambient import annotated
from ._emit import names
from ._facts.calls import Value

F = TypeVar("F", bound=Callable[..., Any])

# In the context and not in the object, which threads and tasks may share.
_entered: ContextVar[tuple[Token[Context], ...]] = ContextVar("gemini-annotations", default=())


class _Annotation:
    """Attributes in force inside a block, or inside each call of a function."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def __enter__(self) -> None:
        _entered.set((*_entered.get(), attach(annotated(None, self._values))))

    def __exit__(self, *_error: object) -> None:
        entered = _entered.get()
        # None where a generator's block is left in another task: nothing holds there.
        if entered:
            _entered.set(entered[:-1])
            detach(entered[-1])

    def __call__(self, function: F) -> F:
        # Each call has a block of its own, since calls run side by side.
        if iscoroutinefunction(function):

            @wraps(function)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                with _Annotation(self._values):
                    return await function(*args, **kwargs)

            return cast("F", awaited)

        @wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            with _Annotation(self._values):
                return function(*args, **kwargs)

        return cast("F", called)


def annotate(
    *,
    conversation_id: str | None = None,
    user_id: str | None = None,
    prompt_name: str | None = None,
    prompt_version: str | None = None,
    attributes: Mapping[str, Value] | None = None,
) -> _Annotation:
    """Put attributes on every Gemini span that is started within.

    It holds for calls in the same thread and task and in what inherits their context: tasks
    started within, `asyncio.to_thread`, and threads that run in a copy of the context. It nests;
    inner values win. Also usable as a decorator of functions, async ones included; a generator
    function needs the block.

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
    return _Annotation({name: value for name, value in given.items() if value is not None})
