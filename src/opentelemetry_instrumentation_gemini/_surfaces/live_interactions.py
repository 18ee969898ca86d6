"""`interactions.connect`: a live interaction over a socket, with the model's answers.

An answer takes what is sent before its first step, and every step up to the next input. When it
is over is known only then, and its tokens come with the event that ends the interaction.
"""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    NO_PARAMETERS,
    Answer,
    Call,
    Failure,
    Request,
    Usage,
    Value,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._facts.sessions import Ending, Loss, Stage
from opentelemetry_instrumentation_gemini._reading.endpoint import read_endpoint
from opentelemetry_instrumentation_gemini._reading.fields import field
from opentelemetry_instrumentation_gemini._reading.interaction_answer import read_error
from opentelemetry_instrumentation_gemini._reading.interaction_usage import (
    read_interaction_counts,
    sum_usage,
)
from opentelemetry_instrumentation_gemini._reading.live_interaction import LiveReply
from opentelemetry_instrumentation_gemini._reading.socket_errors import (
    read_connection_failure,
    read_connection_setback,
)

from .arguments import argument
from .interactions import model_of
from .sessions import SessionSurface

_INPUTS = frozenset({"input", "user_action", "world_setup"})
_STATUSES = {
    "interaction.completed": "completed",
    "interaction.canceled": "cancelled",
    "interaction.cancelled": "cancelled",
    "reconnection_required": "reconnection_required",
}
"""Event that ends a connection → what became of the interaction."""


class LiveInteraction:
    """Follows a connection: its answers, and what becomes of the interaction."""

    call_id: str | None = None
    parameters = NO_PARAMETERS

    def __init__(self, call: Call) -> None:
        endpoint = read_endpoint(call.instance._api_client)  # noqa: SLF001
        self._id: str | None = call.instance._interaction_id  # noqa: SLF001
        self.request = Request("live_interaction", endpoint, origin=self._id)
        self._reply_request = Request("generate_content", endpoint, model_of(self._id), stream=True)
        self._stage: Stage
        self._capture = False
        self._reply: LiveReply
        self._before: LiveReply | None = None
        self._count = 0
        self._step_usages: list[Any] = []
        self._usage: Usage | None = None
        self._failure: Failure | None = None
        self._details: dict[str, Value] = {} if self._id is None else {"interaction_id": self._id}

    def start(self, stage: Stage, /, *, capture: bool) -> None:
        """Begin to show what happens."""
        self._stage, self._capture = stage, capture
        self._reply = self._next_reply()

    def _next_reply(self) -> LiveReply:
        return LiveReply(self._reply_request, self._id, capture=self._capture)

    def opened(self, session: Any, /) -> str | None:
        """Return no id of a conversation: the interaction's stands on every answer."""

    def sent(self, method: str, subject: Any, at: float, /) -> None:
        """Read a frame that was sent: one event, or several."""
        payload = argument(subject, "payload", 0)
        events = payload.get("events")
        for event in events if isinstance(events, list) else (payload,):
            kind = event.get("event_type")
            if kind in _INPUTS:
                self._take_turn(over=self._reply.is_over)
                self._reply.ask(event, at)
            elif kind == "interaction.cancel":
                self._details["interaction_status"] = "cancelled"
                self.left(at)
                self._stage.end(Ending(at))

    def _take_turn(self, *, over: bool) -> None:
        """Begin another answer if the one before is over."""
        if over:
            self._before = self._reply
            self._reply = self._next_reply()

    def received(self, message: Any, at: float, waited: float, /) -> None:
        """Read an event from the service."""
        kind = message["event_type"]
        if kind == "step.start":
            self._begin_step(message, at, waited)
        elif kind in {"step.delta", "step.stop"}:
            self._go_on(message, waited)
            if kind == "step.stop":
                self._reply.end_step(message.get("index"), at)
                self._step_usages.append((message.get("step_usage"), message.get("usage")))
        elif kind == "error":
            self._refuse(read_error(message.get("error"), "error"), at)
        elif kind in _STATUSES:
            self._finish(_STATUSES[kind], message, at)

    def _begin_step(self, event: Any, at: float, waited: float) -> None:
        index, step = event.get("index"), event.get("step") or {}
        heard = step.get("type") == "user_input"
        self._take_turn(over=self._reply.is_over if heard else self._reply.failure is not None)
        reply = self._reply
        if heard:
            reply.hear(index, step, at)
            return
        first = not reply.is_answered
        reply.begin_step(index, step, at)
        self._show(reply, at)
        self._go_on(event, None if first else waited)

    def _go_on(self, event: Any, gap: float | None) -> None:
        if self._reply.is_shown:
            self._stage.go_on(self._reply, event, gap)
        else:
            # What the user says comes in pieces too, before there is an answer.
            self._reply.add(event)

    def _show(self, reply: LiveReply, at: float) -> None:
        """Show an answer; until then the one before could still have been the last."""
        if reply.is_shown:
            return
        if self._before is not None:
            self._stage.close_act(self._before, self._before.ending(at))
            self._before = None
        reply.is_shown = True
        self._count += 1
        self._stage.open_act(reply, at if reply.began is None else reply.began)

    def _refuse(self, failure: Failure, at: float) -> None:
        reply = self._reply
        if reply.is_shown or reply.is_asked:
            self._show(reply, at)
            reply.fail(failure, at)
        elif self._before is not None:
            self._before.fail(failure, at)
        else:
            self._failure = failure

    def refused(self, failure: Failure, at: float, /) -> None:
        """Do nothing: what the service refuses it says in an event."""

    def _finish(self, status: str, event: Any, at: float) -> None:
        """End with the interaction's own end."""
        said = event.get("status")
        self._details["interaction_status"] = said if isinstance(said, str) else status
        if isinstance(said, dict) and said.get("code"):
            self._failure = read_error(said, "failed")
        usage = event.get("usage")
        told = sum_usage([[read_interaction_counts(usage)]]) if usage else None
        self._close(at, told or self._reported())
        self._stage.end(Ending(at, failure=self._failure))

    def left(self, at: float, /) -> None:
        """End what is under way."""
        self._close(at, self._reported())

    def lost(self, loss: Loss, at: float, /) -> None:
        """End what is under way with the loss of the connection."""
        if loss.code is not None:
            self._details["close_code"] = loss.code
        self._close(at, self._reported(), loss.failure)

    def _reported(self) -> Usage | None:
        """Return what the steps told of tokens, where the end of the interaction told nothing."""
        own = [usage for usage, _ in self._step_usages if usage]
        if own:
            return sum_usage([read_interaction_counts(usage)] for usage in own)
        whole = [usage for _, usage in self._step_usages if usage]
        return sum_usage([[read_interaction_counts(whole[-1])]]) if whole else None

    def _close(self, at: float, usage: Usage | None, failure: Failure | None = None) -> None:
        """End every answer; the tokens of all stand on the last that the model gave."""
        reply, before = self._reply, self._before
        self._before = None
        last = before if before is not None and not reply.is_shown else reply
        if before is not None:
            before.usage = usage if last is before else None
            self._stage.close_act(before, before.ending(at))
        if not reply.is_shown and reply.is_asked:
            self._show(reply, at)
        if last is reply:
            reply.usage = usage
            if not reply.is_shown:
                self._usage = usage
        if reply.is_shown:
            self._stage.close_act(reply, reply.ending(at, failure))

    def inputs(self) -> Content:
        """Return nothing: content stands on the answers."""
        return {}

    def add(self, message: Any, /) -> None:
        """Do nothing: events belong to the answers."""

    def answer(self, complete: bool, /) -> Answer:
        """Return what became of the interaction; tokens stand here only if nothing was answered."""
        details = {**self._details, "turn_count": self._count}
        return Answer(usage=self._usage, details=details, failure=self._failure)

    def content(self) -> Content:
        """Return nothing: content stands on the answers."""
        return {}


def _is_first(call: Call) -> bool:
    """Whether a connection is opened at all: what is open is only handed out again."""
    return field(call.instance, "_session") is None


def _next_event(connection: Any, has_events: Any) -> Any:
    """Return the event that the SDK is about to hand out."""
    pending = field(connection, "_pending_events")
    return pending[0] if has_events and pending else None


SURFACE = SessionSurface(
    LiveInteraction,
    read_connection_failure,
    read_connection_setback,
    applies=_is_first,
    arrived=_next_event,
)
