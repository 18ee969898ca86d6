"""The content of one operation, and the user's own look at its span."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from opentelemetry.trace import Span

from ._dialects.mlflow_content import INPUTS, describe_failure
from ._emit.config_filter import ConfigFilter
from ._emit.content import describe, write
from ._emit.telemetry import Telemetry
from ._emit.text import clean_attributes
from ._facts.calls import Call, Value
from ._facts.messages import Content, whole
from ._guard import attempt, warn_once

Translate = Callable[[Content], Iterable[tuple[str, Any]]]
"""Makes of content what only MLflow's pages read."""


class Captured:
    """Content as attribute values, made as soon as it is read: the SDK may change it later."""

    __slots__ = ("_telemetry", "_told", "_twins", "_values")

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._values: dict[str, Any] = {}
        self._twins: dict[str, Any] = {}
        self._told: dict[str, Any] = {}

    def add(
        self, stage: str, translate: Translate, read: Callable[..., Content], *args: Any
    ) -> None:
        """Take what *read* gives for *args*; a fault at this *stage* loses that content only."""
        attempt(stage, self._add, stage, translate, read, *args)

    def _add(
        self, stage: str, translate: Translate, read: Callable[..., Content], *args: Any
    ) -> None:
        policy = self._telemetry.policy
        said = read(*args)
        if policy.cleanse is not None or self._telemetry.hand_over is not None:
            held = {kind: attempt(stage, whole, tree) for kind, tree in said.items()}
            said = {kind: tree for kind, tree in held.items() if tree is not None}
        if policy.cleanse is not None:
            said = policy.cleanse(said)
        if self._telemetry.hand_over is not None:
            self._told.update(said)
        if policy.on_spans or policy.on_events:
            self._values.update(describe(said, policy))
        if self._telemetry.mlflow and policy.on_spans:
            for name, tree in translate(said):
                text = attempt("writing content", write, tree, policy)
                if text is not None:
                    self._twins[name] = text

    def add_attributes(self, attributes: Mapping[str, Any]) -> None:
        """Take content that comes as attributes of their own."""
        cleanse = self._telemetry.policy.cleanse
        allowed = attributes if cleanse is None else cleanse(attributes)
        self._values.update(clean_attributes(allowed))

    def for_span(self, *, failed: bool) -> Mapping[str, Any]:
        """Return what goes on the span of an operation that *failed* or not."""
        if not self._telemetry.policy.on_spans:
            return {}
        if failed:
            self._twins.update(describe_failure(self._twins.get(INPUTS)))
        return {**self._values, **self._twins}

    def for_event(self) -> Mapping[str, Any]:
        """Return what goes on the event."""
        return self._values if self._telemetry.policy.on_events else {}

    def for_hook(self) -> Content:
        """Return what a completion hook is given, which is nothing unless there is one."""
        return self._told


def tell_config(
    wanted: ConfigFilter,
    read: Callable[[Call, bool], Mapping[str, Value]],
    call: Call,
    own: dict[str, Value],
    captured: Captured | None,
) -> None:
    """Tell what is *wanted* of a call's config: as its *own*, and what quotes content as that."""
    content = None if captured is None else captured.add_attributes
    for quotes, tell in ((False, own.update), (True, content)):
        if tell is not None:
            tell(dict(wanted(read(call, quotes))))


def call_hook(
    setting: str, hook: Callable[[Span, Any], None] | None, span: Span, subject: Any
) -> None:
    """Call the user's function, if there is one and the span is recorded; it breaks nothing."""
    if hook is None or not attempt("asking a span", span.is_recording):
        return
    try:
        hook(span, subject)
    except Exception as error:  # noqa: BLE001 - the user's function
        warn_once(
            f"setting {setting}",
            "The function given as %s failed with %s; the call goes on without it. "
            "It takes a span, and the call's arguments or its result.",
            setting,
            type(error).__qualname__,
        )
