"""What a program sends in a Live session, whichever method it takes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from opentelemetry_instrumentation_gemini._facts.messages import Message

from .contents import read_contents
from .fields import FieldReader
from .parts import read_part

_MESSAGE = FieldReader("client_content", "realtime_input", "tool_response")
_CLIENT_CONTENT = FieldReader("turns", "turn_complete")
_REALTIME_INPUT = FieldReader("media_chunks")
_TOOL_RESPONSE = FieldReader("function_responses")


class Sent(NamedTuple):
    """One thing that was sent.

    Attributes:
        messages: What it says; empty where content is not wanted.
        speaks: Whether it says anything.
        asks: Whether the service has to answer now.
        ends: Whether the user's part ends with it.
        starts: Whether the user begins to speak with it.
        media: Audio and video in it.
        responses: Function responses in it.
        instructions: New instructions for the session.
        tools: New tools for the session.
    """

    messages: Iterable[Message] = ()
    speaks: bool = False
    asks: bool = False
    ends: bool = False
    starts: bool = False
    media: Iterable[Any] = ()
    responses: Iterable[Any] = ()
    instructions: Any = None
    tools: Any = None


def read_sent(method: str, subject: Any, *, capture: bool) -> Sent:
    """Return what was sent.

    Args:
        method: The session's method that sent it.
        subject: Its call, or the message that a private method put together.
        capture: Whether content is wanted.
    """
    return _METHODS[method](subject, capture)


def response_message(response: Any) -> Message | None:
    """Return a function response as a message."""
    part = read_part({"function_response": response})
    return None if part is None else {"role": "tool", "parts": [part]}


def _client_content(turns: Any, capture: bool, *, complete: bool) -> Sent:
    messages = _without_audio(read_contents(turns)) if capture and turns is not None else ()
    return Sent(messages, speaks=turns is not None, asks=complete, ends=complete)


def _without_audio(messages: list[Message]) -> list[Message]:
    for message in messages:
        for part in message["parts"]:
            if part["type"] == "blob" and part["modality"] == "audio":
                part["content"] = ""
    return messages


def _send_client_content(call: Any, capture: bool) -> Sent:
    complete = call.kwargs.get("turn_complete", True)
    return _client_content(call.kwargs.get("turns"), capture, complete=bool(complete))


def _send_realtime_input(call: Any, capture: bool) -> Sent:
    given: Mapping[str, Any] = call.kwargs
    text = given.get("text")
    if text is not None:
        messages = read_contents(text) if capture else ()
        return Sent(messages, speaks=True, asks=True, ends=True)
    activity_ended = given.get("activity_end") is not None
    return Sent(
        asks=activity_ended,
        ends=activity_ended or bool(given.get("audio_stream_end")),
        starts=given.get("activity_start") is not None,
        media=[given[kind] for kind in ("audio", "video", "media") if given.get(kind) is not None],
    )


def _send_tool_response(call: Any, _capture: bool) -> Sent:
    return Sent(responses=_as_list(call.kwargs.get("function_responses")))


def _send_context_update(call: Any, _capture: bool) -> Sent:
    given = call.kwargs
    return Sent(instructions=given.get("system_instruction"), tools=given.get("tools"))


def _send_message(message: Any, capture: bool) -> Sent:
    content, realtime, tool_response = _MESSAGE(message)
    if content is not None:
        turns, complete = _CLIENT_CONTENT(content)
        return _client_content(turns, capture, complete=bool(complete))
    if realtime is not None:
        return Sent(media=_as_list(_REALTIME_INPUT(realtime)[0]))
    if tool_response is not None:
        return Sent(responses=_as_list(_TOOL_RESPONSE(tool_response)[0]))
    return Sent()


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return list(value)
    return [] if value is None else [value]


_METHODS: Mapping[str, Callable[[Any, bool], Sent]] = {
    "send_client_content": _send_client_content,
    "send_realtime_input": _send_realtime_input,
    "send_tool_response": _send_tool_response,
    "send_context_update": _send_context_update,
    "_parse_client_message": _send_message,
}
