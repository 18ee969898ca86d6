"""One case run once: what its program saw, sent and left behind."""

from __future__ import annotations

import asyncio
import inspect
import re
from dataclasses import dataclass, field
from typing import Any

from google.genai import _live_interactions_experimental as live_interactions
from google.genai import caches, files, live_music, models, tokens, tunings, types
from google.genai import client as clients
from opentelemetry import context

from differential.consuming import Drive, in_loop
from differential.looking import Look, everything_in, replaced
from differential.program import NO_END, End, Program
from differential.recipes import Kitchen, build
from differential.seen import Seen, as_caller, records_of, without_chance
from fake_gemini import FakeGemini, Handle, Scenario, client
from fake_gemini.handle import scripted
from fake_gemini.script import Step
from promises.seeing import listening, requests_of

SDK_LOGGER = "google_genai"
_OWN_NAME = re.compile(rb"genai_batch_job_\w+")
"""What the SDK calls a batch that the program gives no name, by the time and by chance."""


@dataclass(frozen=True)
class Play:
    """A call as recipes, and what the service says to it."""

    turns: tuple[dict[str, Any], ...]
    """The keyword arguments of each call."""
    steps: tuple[Step, ...]
    chat: dict[str, Any] = field(default_factory=dict)
    """The keyword arguments of the chat in which they are made."""
    vertex: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    """The client's `http_options`."""
    methods: tuple[str, ...] = ()
    """The path of each call's method, where they are not all of one."""


@dataclass(frozen=True)
class Case:
    """What is run without the plugin and with it."""

    play: Play
    end: End = NO_END
    settings: dict[str, Any] = field(default_factory=dict)
    """The plugin's settings."""


@dataclass
class Run:
    """One run: what was seen, and what it was seen with."""

    seen: Seen
    program: Program
    handle: Handle


def stage(fake: FakeGemini, case: Case) -> Handle:
    """Returns where a case is played; its runs must share it to see the same address."""
    return fake.play(Scenario(name="drawn", steps=case.play.steps, rounds=()))


def run(handle: Handle, drive: Drive, case: Case) -> Run:
    """Run a case once, as the plugin is at the moment."""
    let_sdk_warn_again()
    kitchen = Kitchen()
    _begin(handle, kitchen)
    kitchen.genai = client(handle, vertex=case.play.vertex, **case.play.options)
    program = Program(kitchen, case.end)
    seen = Seen(program.notes, kitchen.log)
    before = context.get_current()
    with records_of(SDK_LOGGER, seen.records), listening(seen.complaints), as_caller():
        _drive(drive, program, case.play, seen)
        program.kept.clear()
    seen.complaints[:] = without_chance(seen.complaints)
    seen.left_current = context.get_current() is not before
    kitchen.genai.close()
    seen.requests = [(*asked, _OWN_NAME.sub(b"#", body)) for *asked, body in requests_of(handle)]
    history = program.chat and program.chat._curated_history
    seen.log = list(kitchen.log)
    seen.after = Look(drain=True).at([program.asked, program.got, history])
    return Run(seen, program, handle)


def _drive(drive: Drive, program: Program, play: Play, seen: Seen) -> None:
    program.asked = build(
        {"turns": play.turns, "chat": play.chat, "methods": play.methods}, program.kitchen
    )
    before = everything_in(program.asked)
    if inspect.iscoroutinefunction(drive):
        asyncio.run(in_loop(drive, program))
    else:
        with program.surviving():
            drive(program)
    seen.replaced = replaced(before, program.asked)


def let_sdk_warn_again() -> None:
    """Let the SDK say again what it says once in a process."""
    for owner in (types, models.Models, models.AsyncModels, clients, live_interactions):
        for name, value in list(vars(owner).items()):
            if value is True and name.startswith("_") and ("_logged" in name or "_warned" in name):
                setattr(owner, name, False)
    for cell in _WARNED:
        cell.cell_contents = False


def _warned() -> list[Any]:
    """Returns where decorators of the SDK keep whether they have warned."""
    owners = [
        item for module in _WARNING for item in vars(module).values() if inspect.isclass(item)
    ]
    methods = [
        item for owner in owners for item in vars(owner).values() if inspect.isfunction(item)
    ]
    return [
        cell
        for method in methods
        for name, cell in zip(method.__code__.co_freevars, method.__closure__ or (), strict=True)
        if name == "warning_done"
    ]


_WARNING = (caches, files, live_music, models, tokens, tunings)
_WARNED = _warned()


def _begin(handle: Handle, kitchen: Kitchen) -> None:
    """Let the service begin anew, and write down when it is asked."""
    assert handle.scenario is not None
    answering = scripted(handle.scenario, repeat=False)

    def answer(request: Any, improvise: Any) -> Step:
        kitchen.log.append(("request", request.path))
        return answering(request, improvise)

    handle.answering = answer
    handle.requests.clear()
    handle.responses.clear()
