"""`AsyncLive.connect`: a Live session, with its turns and its calls of tools."""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    NO_PARAMETERS,
    Answer,
    Call,
    Failure,
    Parameters,
    Request,
    Value,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._facts.sessions import Ending, Loss, Stage
from opentelemetry_instrumentation_gemini._reading.config import flatten_config, read_config
from opentelemetry_instrumentation_gemini._reading.endpoint import read_called_endpoint
from opentelemetry_instrumentation_gemini._reading.fields import FieldReader, enum_text, field, view
from opentelemetry_instrumentation_gemini._reading.live_answer import CALLS
from opentelemetry_instrumentation_gemini._reading.live_sent import (
    Sent,
    read_sent,
    response_message,
)
from opentelemetry_instrumentation_gemini._reading.live_tool import RESPONSE, LiveToolCall
from opentelemetry_instrumentation_gemini._reading.live_turn import Frame
from opentelemetry_instrumentation_gemini._reading.live_turns import LiveTurns
from opentelemetry_instrumentation_gemini._reading.plain import plain
from opentelemetry_instrumentation_gemini._reading.socket_errors import (
    read_setback,
    read_socket_failure,
)

from .arguments import model_name
from .generate_content import conversation
from .sessions import SessionSurface

_BESIDE = FieldReader(
    "tool_call",
    "tool_call_cancellation",
    "go_away",
    "session_resumption_update",
    "voice_activity",
)
_RESUMPTION = FieldReader("new_handle", "resumable")


class LiveConversation:
    """Follows a session: its turns, its calls of tools, and what happens to the session itself."""

    call_id: str | None = None
    parameters = NO_PARAMETERS

    def __init__(self, call: Call) -> None:
        config = view(call.kwargs.get("config"))
        handle: str | None = plain(field(view(field(config, "session_resumption")), "handle"))
        endpoint = read_called_endpoint(call)
        model = model_name(call.kwargs.get("model"))
        self.request = Request("live_session", endpoint, model, origin=handle or None)
        self._call: Call | None = call
        self._stage: Stage
        self._turns: LiveTurns
        self._tools: list[LiveToolCall] = []
        self._tool_count = 0
        self._handle: str | None = None
        self._details: dict[str, Value] = {"resumed": True} if handle else {}

    def start(self, stage: Stage, /, *, capture: bool) -> None:
        """Begin to show what happens."""
        call, self._call = self._call, None
        config = None if call is None else call.kwargs.get("config")
        turn = self.request._replace(operation="generate_content", stream=True, origin=None)
        content = conversation(None, config) if capture else {}
        self._stage = stage
        self._turns = LiveTurns(stage, Frame(turn, _parameters(config), content, capture))

    def opened(self, session: Any, /) -> str | None:
        """Return the id that Vertex AI gives a session."""
        session_id: str | None = plain(field(session, "session_id"))
        if session_id:
            self._details["session_id"] = session_id
        return session_id

    def sent(self, method: str, subject: Any, at: float, /) -> None:
        """Read what was sent."""
        sent = read_sent(method, subject, capture=self._turns.frame.capture)
        for response in sent.responses:
            self._respond(response, at)
        if sent.instructions is not None or sent.tools is not None:
            self._update(sent)
        for media in sent.media:
            self._turns.stream(media, at)
        if sent.speaks or sent.asks or sent.ends or sent.starts:
            self._turns.ask(sent, at)

    def _respond(self, response: Any, at: float) -> None:
        call_id, name, result, goes_on = RESPONSE(response)
        call = next((one for one in self._tools if one.is_meant(call_id, name)), None)
        if call is not None:
            call.respond(result)
            if not goes_on:
                self._tools.remove(call)
                self._stage.close_act(call, Ending(at))
        message = response_message(response) if self._turns.frame.capture else None
        self._turns.reply(() if message is None else (message,), at)

    def _update(self, sent: Sent) -> None:
        frame = self._turns.frame
        if frame.capture:
            given = {"system_instruction": sent.instructions, "tools": sent.tools}
            content = {**frame.content, **conversation(None, given)}
            self._turns.frame = frame._replace(content=content)

    def received(self, message: Any, at: float, waited: float, /) -> None:
        """Read a message from the service."""
        tool_call, cancelled, go_away, resumption, voice = _BESIDE(message)
        if go_away is not None:
            time_left = plain(field(view(go_away), "time_left"))
            self._stage.note("go_away", {"time_left": time_left} if time_left else {})
        if resumption is not None:
            self._resume(*_RESUMPTION(resumption))
        if voice is not None:
            kind = enum_text(field(view(voice), "voice_activity_type"))
            if kind in {"ACTIVITY_START", "ACTIVITY_END"}:
                self._turns.notice(at, starts=kind == "ACTIVITY_START")
        if cancelled is not None:
            self._cancel(field(view(cancelled), "ids") or (), at)
        self._turns.take(message, at, waited)
        if tool_call is not None:
            for call in CALLS(tool_call)[0] or ():
                self._call_tool(call, at)

    def _call_tool(self, call: Any, at: float) -> None:
        frame = self._turns.frame
        tools = frame.content.get("tool_definitions", ())
        act = LiveToolCall(call, tools, capture=frame.capture)
        self._tools.append(act)
        self._tool_count += 1
        self._stage.open_act(act, at)

    def _cancel(self, call_ids: Any, at: float) -> None:
        cancelled = [call for call in self._tools if call.call_id in call_ids]
        for call in cancelled:
            call.cancel()
            self._tools.remove(call)
            self._stage.close_act(call, Ending(at, complete=False))
        self._stage.note("tool_call_cancellation", {"cancelled_call_ids": plain(call_ids)})

    def _resume(self, handle: Any, resumable: Any) -> None:
        if handle:
            self._handle = plain(handle)
        # One comes with every turn; what matters is a change.
        if resumable is not None and resumable != self._details.get("resumable"):
            self._details["resumable"] = bool(resumable)
            self._stage.note("session_resumption", {"resumable": bool(resumable)})

    def refused(self, failure: Failure, at: float, /) -> None:
        """End the turn that the service refuses to answer."""
        self._turns.refuse(failure, at)

    def left(self, at: float, /) -> None:
        """End what is under way."""
        self._turns.finish(at)
        self._leave_tools(at)

    def lost(self, loss: Loss, at: float, /) -> None:
        """End what is under way with the loss of the connection."""
        if loss.code is not None:
            self._details["close_code"] = loss.code
        self._turns.finish(at, loss.failure)
        self._leave_tools(at)

    def _leave_tools(self, at: float) -> None:
        for call in self._tools:
            self._stage.close_act(call, Ending(at, complete=False))
        self._tools.clear()

    def inputs(self) -> Content:
        """Return nothing: content stands on the turns."""
        return {}

    def add(self, message: Any, /) -> None:
        """Do nothing: messages belong to the turns."""

    def answer(self, complete: bool, /) -> Answer:
        """Return what the session came to; the tokens stand on its turns."""
        turns = self._turns
        counts = {
            "turn_count": turns.count,
            "interruption_count": turns.interruptions,
            "tool_call_count": self._tool_count,
        }
        media = {**dict(turns.input.details()), **dict(turns.output.details())}
        made = () if self._handle is None else (self._handle,)
        return Answer(details={**self._details, **counts, **media}, made=made)

    def content(self) -> Content:
        """Return nothing: content stands on the turns."""
        return {}


def _parameters(config: Any) -> Parameters:
    """Return the generation parameters; some still stand where the first releases had them."""
    own = read_config(config)
    nested = field(view(config), "generation_config")
    if nested is None:
        return own
    older = read_config(nested)
    merged = (old if new is None else new for new, old in zip(own, older, strict=True))
    return Parameters._make(merged)._replace(details={**older.details, **own.details})


def _config(call: Call, content: bool) -> dict[str, Value]:
    return flatten_config(call.kwargs.get("config"), content=content)


SURFACE = SessionSurface(LiveConversation, read_socket_failure, read_setback, _config)
