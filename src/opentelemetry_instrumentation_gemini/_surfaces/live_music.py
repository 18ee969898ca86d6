"""`AsyncLiveMusic.connect`: a session that plays music; it is counted, and never kept."""

from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    NO_PARAMETERS,
    Answer,
    Call,
    Failure,
    Request,
    Value,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._facts.sessions import Loss, Stage
from opentelemetry_instrumentation_gemini._reading.endpoint import read_endpoint
from opentelemetry_instrumentation_gemini._reading.fields import FieldReader, field, view
from opentelemetry_instrumentation_gemini._reading.socket_errors import (
    read_setback,
    read_socket_failure,
)
from opentelemetry_instrumentation_gemini._reading.streamed_media import BLOB, MediaCount

from .arguments import argument, model_name
from .sessions import SessionSurface

_RATE = 48_000
"""The sample rate of the music, in Hertz."""

_FORMAT = f"audio/l16;rate={_RATE};channels=2"
"""What a chunk is that does not say it."""

_MESSAGE = FieldReader("server_content", "filtered_prompt")


class MusicConversation:
    """Counts what passes: prompts, and music."""

    call_id: str | None = None
    parameters = NO_PARAMETERS

    def __init__(self, call: Call) -> None:
        endpoint = read_endpoint(call.instance._api_client)  # noqa: SLF001
        model = model_name(call.kwargs.get("model"))
        self.request = Request("live_music_session", endpoint, model)
        self._music = MediaCount("output", _RATE)
        self._prompts: int | None = 0
        self._filtered = 0
        self._details: dict[str, Value] = {}

    def start(self, stage: Stage, /, *, capture: bool) -> None:
        """Do nothing: there is one span, and no content on it."""

    def opened(self, session: Any, /) -> str | None:
        """Return no id: the service gives none."""

    def sent(self, method: str, subject: Any, at: float, /) -> None:
        """Count the prompts."""
        if method == "set_weighted_prompts" and self._prompts is not None:
            prompts = argument(subject, "prompts", 0)
            # Any other iterable would have to be asked, and could be asked only once.
            known = isinstance(prompts, (list, tuple))
            self._prompts = self._prompts + len(prompts) if known else None

    def received(self, message: Any, at: float, waited: float, /) -> None:
        """Count the music, and the prompts that were refused."""
        content, filtered = _MESSAGE(message)
        if filtered is not None:
            self._filtered += 1
        for chunk in field(view(content), "audio_chunks") or () if content is not None else ():
            data, mime_type = BLOB(chunk)
            self._music.add(data, mime_type or _FORMAT)

    def refused(self, failure: Failure, at: float, /) -> None:
        """Do nothing: there is no answer to refuse."""

    def left(self, at: float, /) -> None:
        """Do nothing: nothing is under way."""

    def lost(self, loss: Loss, at: float, /) -> None:
        """Keep how the connection was closed."""
        if loss.code is not None:
            self._details["close_code"] = loss.code

    def inputs(self) -> Content:
        """Return nothing: prompts are counted only."""
        return {}

    def add(self, message: Any, /) -> None:
        """Do nothing: no act has messages."""

    def answer(self, complete: bool, /) -> Answer:
        """Return what the session came to."""
        details = {**self._details, **dict(self._music.details())}
        if self._prompts is not None:
            details["prompt_count"] = self._prompts
        if self._filtered:
            details["filtered_prompt_count"] = self._filtered
        return Answer(details=details)

    def content(self) -> Content:
        """Return nothing: music is counted only."""
        return {}


SURFACE = SessionSurface(MusicConversation, read_socket_failure, read_setback)
