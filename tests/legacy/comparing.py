"""One random program without the plugin and with it, and what must be the same of both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from google.generativeai import client, protos
from opentelemetry import context

from conformance import StartRecorder
from differential.exported import IN, OUT, Exported, judge_what_left
from differential.looking import Look, everything_in, replaced
from differential.many import forget
from differential.program import Program
from differential.recipes import Kitchen, build
from differential.seen import Seen, as_caller, without_chance
from legacy.asking import connect
from legacy.drawn_answers import LAST
from legacy.random_programs import Play, drive, drive_async
from promises.seeing import listening
from promises.watching import Telemetry

if TYPE_CHECKING:
    from legacy.fake import Fake

PATIENCE = 100
"""Requests that are answered before whoever waits for an answer waits in vain."""


@dataclass(frozen=True)
class Case:
    """What is run without the plugin and with it."""

    play: Play
    settings: dict[str, Any] = field(default_factory=dict)
    """The plugin's settings."""


def compare(fake: Fake, case: Case) -> None:
    """Run a case twice, and fail if one can tell the runs apart or the telemetry is not true."""
    bare, _ = run(fake, case.play)
    telemetry, recorder = Telemetry(), StartRecorder()
    telemetry.tracers.add_span_processor(recorder)
    forget()
    with telemetry.attached(**case.settings):
        traced, program = run(fake, case.play)
    for item in fields(Seen):
        assert _steady(getattr(traced, item.name)) == _steady(getattr(bare, item.name)), item.name
    assert not traced.left_current
    _true_numbers(judge_what_left(telemetry, recorder, case.settings), program, fake)


def _steady(told: Any) -> Any:
    """Returns what was seen without the lines of gRPC at which a thread of its own may stand."""
    if isinstance(told, dict):
        return {name: _steady(value) for name, value in told.items()}
    if isinstance(told, (list, tuple)):
        return (*told[:-1], 0) if told[:1] == ("_channel.py",) else [*map(_steady, told)]
    return told


def run(fake: Fake, play: Play) -> tuple[Seen, Program]:
    """Run a program once, as the plugin is at the moment."""
    kitchen = Kitchen()
    program = Program(kitchen, play.end)
    seen = Seen(program.notes, kitchen.log)
    _begin(fake, play, kitchen)
    before = context.get_current()
    with listening(seen.complaints), as_caller():
        program.asked = _asked(program, play)
        held = everything_in(program.asked)
        if play.asynchronous:
            asyncio.run(_in_loop(program, play))
        else:
            drive(program, play)
            _close(program)
        seen.replaced = replaced(held, program.asked)
    fake.answers.clear()
    seen.left_current = context.get_current() is not before
    seen.complaints[:] = _without_chance(seen.complaints)
    seen.requests = list(fake.wire)
    # It holds what it received last, and with it the stream that this may be.
    program.chat = None
    seen.after = Look(drain=True).at([program.asked, program.got])
    return seen, program


_BY_CHANCE = (
    # The SDK leaves connections to the collector, as pictures of this or an earlier run leave
    # their files, and gRPC has one poller for all event loops.
    "unclosed <ssl.SSLSocket",
    "unclosed file <_io.BufferedReader",
    "Exception in callback PollerCompletionQueue",
)


def _without_chance(complaints: list[Any]) -> list[Any]:
    """Returns complaints without those that come, or do not, whatever the program does."""
    return [told for told in without_chance(complaints) if not told[-1].startswith(_BY_CHANCE)]


def _begin(fake: Fake, play: Play, kitchen: Kitchen) -> None:
    fake.clear()
    fake.answers = [*play.answers, *([LAST] for _ in range(PATIENCE))]
    fake.listener = lambda method: kitchen.log.append(("request", method))
    connect(fake, play.way)


def _asked(program: Program, play: Play) -> dict[str, Any]:
    """Returns what the program asks with; what cannot be made is left out."""
    asked: dict[str, Any] = {"model": {}, "chat": {}, "turns": []}
    with program.surviving():
        asked["model"] = build(play.model.kwargs if play.model else {}, program.kitchen)
        asked["chat"] = build(play.chat or {}, program.kitchen)
    for turn in play.turns:
        with program.surviving():
            asked["turns"].append(build(turn, program.kitchen))
    return asked


def _close(program: Program) -> list[Any]:
    """Close what the program left open; returns what is still to be awaited."""
    program.kept.clear()
    clients = client._client_manager.clients.values()
    return [one for one in (known.transport.close() for known in clients) if one is not None]


async def _in_loop(program: Program, play: Play) -> None:
    try:
        await drive_async(program, play)
    finally:
        for closing in _close(program):
            await closing


# Tokens


def _true_numbers(exported: Exported, program: Program, fake: Fake) -> None:
    """Every round that was asked has its span, and the tokens are those that were told."""
    told = exported.added_up(IN, OUT)
    if program.whole:
        assert told == _billed(fake, _cost)
    else:
        most = _billed(fake, _most)
        assert told[0] <= most[0]
        assert told[1] <= most[1]


def _billed(fake: Fake, price: Callable[[list[Any]], tuple[int, int]]) -> tuple[int, int]:
    """Returns what all answers cost."""
    costs = [(0, 0)]
    for method, messages in fake.given:
        told = [one for one in messages if isinstance(one, protos.GenerateContentResponse)]
        costs.append(price(told if method.startswith("Stream") else told[:1]))
    return sum(one for one, _ in costs), sum(other for _, other in costs)


def _cost(answer: list[Any]) -> tuple[int, int]:
    """Returns what an answer cost, by the last counts that it told."""
    prompt, most = _most(answer)
    # What the total has beyond them are thoughts, where nothing else can be in it.
    hosted = any(map(_hosts, answer))
    return prompt, _last(answer, "candidates_token_count") if hosted else most


def _most(answer: list[Any]) -> tuple[int, int]:
    prompt, output = (_last(answer, f"{side}_token_count") for side in ("prompt", "candidates"))
    return prompt, max(output, _last(answer, "total_token_count") - prompt)


def _last(answer: list[Any], name: str) -> int:
    return [0, *filter(None, (getattr(one.usage_metadata, name) for one in answer))][-1]


def _hosts(answer: Any) -> bool:
    """Whether a tool of the service's was at work."""
    return any(
        "grounding_metadata" in candidate
        or any("executable_code" in part for part in candidate.content.parts)
        for candidate in answer.candidates
    )
