"""The turns of a Live session, one after the other.

At any time there is one turn, perhaps an empty one: what is sent before its answer belongs to it,
and what is sent during its answer to the next. A turn begins with what the program sends for it,
or with the answer if nothing was sent. It ends when the service has generated the answer, or when
the user interrupts it; its tokens come later, with the message that calls the turn complete.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from opentelemetry_instrumentation_gemini._facts.calls import Failure
from opentelemetry_instrumentation_gemini._facts.messages import Message
from opentelemetry_instrumentation_gemini._facts.sessions import Ending, Stage

from .fields import FieldReader
from .live_answer import OUTPUT_RATE, PARTS, TEXT, TURN_MESSAGE
from .live_sent import Sent
from .live_turn import INPUT_RATE, Frame, Turn
from .streamed_media import BLOB, MediaCount

_STATE = FieldReader(
    "model_turn",
    "output_transcription",
    "input_transcription",
    "interrupted",
    "generation_complete",
    "turn_complete",
    "grounding_metadata",
    "url_context_metadata",
)
_NO_STATE = (None,) * 8


class _Told(NamedTuple):
    """What a message from the service tells about turns.

    Attributes:
        generates: Whether the model is at work: it speaks, thinks, or wants a tool.
        speaks: Whether it is the answer, the transcript of it included.
        heard: What the service heard the user say.
        interrupted: Whether the user interrupts the answer.
        generated: Whether the answer is whole.
        complete: Whether the turn is.
        billed: Whether it reports tokens.
        adds: Whether it holds something beside the answer, such as its sources.
    """

    generates: bool
    speaks: bool
    heard: str | None
    interrupted: bool
    generated: bool
    complete: bool
    billed: bool
    adds: bool

    @property
    def ends(self) -> bool:
        """Whether an answer ends."""
        return self.interrupted or self.generated or self.complete


class LiveTurns:
    """Shows the turns of a session on a stage.

    Args:
        stage: Where they are shown.
        frame: What holds for each of them.

    Attributes:
        frame: What holds for turns from now on.
        count: How many turns there were.
        interruptions: How often the user interrupted one.
        input: The audio and video sent, but for the current turn.
        output: The audio received, likewise.
    """

    def __init__(self, stage: Stage, frame: Frame) -> None:
        self.frame = frame
        self.count = 0
        self.interruptions = 0
        self.input = MediaCount("input", INPUT_RATE)
        self.output = MediaCount("output", OUTPUT_RATE)
        self._stage = stage
        self._turn = Turn(frame)
        self._next: Turn | None = None
        self._replies: list[tuple[Sequence[Message], float]] = []

    def ask(self, sent: Sent, at: float) -> None:
        """Take what the user says, or that the user begins or ends to speak."""
        turn = self._addressed()
        if sent.starts and not turn.is_certain:
            turn.began = at
        if sent.speaks or sent.asks:
            turn.send(sent.messages, at)
        if sent.ends:
            turn.asked = at
        if sent.asks:
            turn.is_certain = True
            if turn is self._turn:
                self._open(turn, at)

    def stream(self, media: Any, at: float) -> None:
        """Count a piece of audio or video."""
        turn = self._addressed()
        turn.media.add(*BLOB(media))
        turn.streamed = at
        if turn is not self._turn:
            # A microphone that stays open does not say when the user speaks.
            turn.is_fed = self._turn.is_fed = True
        elif turn.began is None and not turn.is_fed:
            turn.began = at

    def reply(self, messages: Sequence[Message], at: float) -> None:
        """Take a tool's result: the model uses it in the answer under way, or in the next."""
        if self._turn.is_answered:
            self._replies.append((messages, at))
        else:
            self._turn.send(messages, at)
            self._turn.asked = at

    def notice(self, at: float, *, starts: bool) -> None:
        """Take what the service says about when the user speaks."""
        turn = self._addressed()
        if not starts:
            turn.asked = at
        elif not turn.is_open:
            turn.began = at

    def _addressed(self) -> Turn:
        """Return the turn that is spoken to."""
        if not self._turn.is_answered:
            return self._turn
        if self._next is None:
            self._next = Turn(self.frame)
        return self._next

    def take(self, message: Any, at: float, waited: float) -> None:
        """Take a message from the service, for which the program has *waited* so long."""
        told = _read(message)
        turn = self._turn
        # Tokens and sources may come after the turn, in messages of their own.
        follows = turn.is_over and (told.speaks or told.ends or told.heard is not None)
        if follows or (turn.is_stopped and told.generates):
            self.close(at)
            turn = self._turn
        heard_now = told.heard is not None and turn.ended is None
        if told.heard is not None:
            hearing = turn if heard_now else self._addressed()
            hearing.hear(told.heard, at)
        begins = told.speaks or heard_now or (turn.has_input and (told.ends or told.billed))
        # Nobody may have said a word of a turn that is billed.
        begins = begins or (told.complete and told.billed)
        if begins or (turn.is_open and (told.ends or told.billed or told.adds)):
            self._open(turn, at)
            gap = self._speak(turn, told, at, waited) if told.speaks else None
            self._stage.go_on(turn, message, gap)
            self._judge(turn, told, at)

    def _speak(self, turn: Turn, told: _Told, at: float, waited: float) -> float | None:
        """Take a piece of the answer; return how long it took after the one before."""
        if told.generates and not turn.is_stopped:
            turn.ended = None
            for messages, sent in self._replies:
                turn.send(messages, sent)
            self._replies.clear()
        before, turn.latest = turn.latest, at
        if turn.first is None:
            turn.first = at
        return None if before is None else min(waited, at - before)

    def _judge(self, turn: Turn, told: _Told, at: float) -> None:
        """Decide whether the turn ends."""
        turn.is_billed = turn.is_billed or told.billed
        if told.interrupted:
            self.interruptions += 1
        if told.ends:
            turn.end(at, stopped=told.interrupted)
        turn.is_over = turn.is_over or told.complete
        if turn.is_over and turn.is_billed:
            self.close(at)

    def _open(self, turn: Turn, at: float) -> None:
        if not turn.is_open:
            turn.is_open = True
            turn.frame = self.frame
            self.count += 1
            self._stage.open_act(turn, at if turn.began is None else turn.began)

    def close(self, at: float, failure: Failure | None = None) -> None:
        """End the turn, and begin the next one."""
        self._end(self._turn, at, failure)
        self._turn, self._next = self._next or Turn(self.frame), None
        for messages, sent in self._replies:
            self._turn.send(messages, sent)
            self._turn.asked = sent
        self._replies.clear()
        if self._turn.is_certain:
            self._open(self._turn, at)

    def refuse(self, failure: Failure, at: float) -> None:
        """End the turn with an error of the service's, if anything is under way."""
        if self._turn.is_open or self._turn.has_input:
            self._open(self._turn, at)
            self.close(at, failure)

    def finish(self, at: float, failure: Failure | None = None) -> None:
        """End every turn: because the program leaves, or because of a *failure*."""
        for turn in (self._turn, self._next):
            lost = failure is not None and turn is not None and turn.has_input and not turn.is_fed
            if turn is not None and (turn.is_certain or lost):
                self._open(turn, at)
            if turn is not None:
                self._end(turn, at, failure)

    def _end(self, turn: Turn, at: float, failure: Failure | None) -> None:
        self.input.counted.update(turn.media.counted)
        self.output.counted.update(turn.output.counted)
        if turn.is_open:
            complete = turn.ended is not None
            ended = at if turn.ended is None else turn.ended
            failure = None if complete else failure
            self._stage.close_act(turn, Ending(ended, complete, turn.time_to_first, failure))


def _read(message: Any) -> _Told:
    content, tool_call, usage = TURN_MESSAGE(message)
    state: tuple[Any, ...] = _STATE(content) if content is not None else _NO_STATE
    spoken, transcript, heard, interrupted, generated, complete, *beside = state
    generates = tool_call is not None or bool(spoken is not None and PARTS(spoken)[0])
    said = None if transcript is None else TEXT(transcript)[0]
    return _Told(
        generates,
        generates or bool(said),
        (TEXT(heard)[0] or None) if heard is not None else None,
        bool(interrupted),
        bool(generated),
        bool(complete),
        usage is not None,
        any(one is not None for one in beside),
    )
