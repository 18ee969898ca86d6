"""One turn of a Live session: what was sent and when, and the answer."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from opentelemetry_instrumentation_gemini._facts.calls import Answer, Parameters, Request
from opentelemetry_instrumentation_gemini._facts.messages import Content, Message, Part

from .live_answer import LiveAnswer
from .streamed_media import MediaCount

INPUT_RATE = 16_000
"""The sample rate of what is sent to the Live API, in Hertz."""


class Frame(NamedTuple):
    """What holds for every turn of a session.

    Attributes:
        request: What identifies a turn.
        parameters: The generation parameters.
        content: The instructions and tools.
        capture: Whether content is wanted.
    """

    request: Request
    parameters: Parameters
    content: Mapping[str, Any]
    capture: bool


class Turn:
    """What the program sends until it is answered, and the answer.

    Attributes:
        frame: What holds in the session.
        call_id: Nothing: a turn is no tool's call.
        media: The audio and video sent for it.
        began: When the program first sent something for it.
        asked: When the user's part is known to have ended.
        streamed: When audio or video was last sent for it.
        first: When the first of the answer came.
        latest: When the latest of the answer came.
        ended: When the service was done with the answer, or the user interrupted it.
        is_certain: Whether an answer has to come.
        is_open: Whether it is an act already.
        is_over: Whether the service calls it complete.
        is_billed: Whether its tokens were reported.
        is_fed: Whether audio or video streams without regard to answers, so that when it was sent
            does not say when the user spoke.
    """

    call_id: str | None = None

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.media = MediaCount("input", INPUT_RATE)
        self.began: float | None = None
        self.asked: float | None = None
        self.streamed: float | None = None
        self.first: float | None = None
        self.latest: float | None = None
        self.ended: float | None = None
        self.is_certain = False
        self.is_open = False
        self.is_over = False
        self.is_billed = False
        self.is_fed = False
        self._sent: list[Message] = []
        self._heard: list[str] = []
        self._transcript: Part = {"type": "text", "content": ""}
        self._answer = LiveAnswer(frame.capture)

    @property
    def request(self) -> Request:
        """What identifies the turn."""
        return self.frame.request

    @property
    def parameters(self) -> Parameters:
        """The generation parameters of its session."""
        return self.frame.parameters

    @property
    def is_answered(self) -> bool:
        """Whether an answer has begun, so that what is sent is meant for the next turn."""
        return self.first is not None or self.ended is not None

    @property
    def is_stopped(self) -> bool:
        """Whether the user interrupted the answer."""
        return self._answer.stopped

    @property
    def output(self) -> MediaCount:
        """The audio of the answer."""
        return self._answer.media

    @property
    def has_input(self) -> bool:
        """Whether anything was sent for it."""
        return self.began is not None or self.streamed is not None

    @property
    def time_to_first(self) -> float | None:
        """How long the answer took to begin, if one can know when the user had ended."""
        asked = self.asked
        if asked is None and not self.is_fed:
            asked = self.streamed
        if asked is None or self.first is None or self.first < asked:
            return None
        return self.first - asked

    def send(self, messages: Iterable[Message], at: float) -> None:
        """Take messages of the program."""
        self._sent.extend(messages)
        if self.began is None:
            self.began = at

    def hear(self, text: str, at: float) -> None:
        """Take a piece of what the service heard: the user expects an answer."""
        self.is_certain = True
        if self.began is None:
            self.began = at
        if self.frame.capture:
            if not self._heard:
                self._sent.append({"role": "user", "parts": [self._transcript]})
            self._heard.append(text)

    def end(self, at: float, *, stopped: bool) -> None:
        """Take note that the service is done with the answer, or that the user *stopped* it."""
        if stopped:
            self._answer.stopped = True
        if self.ended is None:
            self.ended = at

    def inputs(self) -> Content:
        """Return what was sent and heard, and the session's instructions and tools."""
        self._transcript["content"] = "".join(self._heard)
        content = self.frame.content
        return {"input_messages": self._sent, **content} if self._sent else content

    def add(self, message: Any) -> None:
        """Read a message of the answer."""
        self._answer.add(message)

    def answer(self, complete: bool) -> Answer:
        """Return what is known of the answer."""
        answer = self._answer.answer(complete)
        return answer._replace(details={**answer.details, **dict(self.media.details())})

    def content(self) -> Content:
        """Return what was answered."""
        return self._answer.content()
