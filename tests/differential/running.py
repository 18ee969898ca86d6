"""One case run once: what its program saw, sent and left behind."""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from google.genai import caches, files, models, tokens, tunings, types
from opentelemetry import context, trace

from differential.consuming import NO_END, Drive, End, Program, in_loop
from differential.looking import Look, everything_in, replaced
from differential.recipes import Kitchen, build
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
class Seen:
    """Everything that can be seen of one run from outside the plugin; two runs can be compared."""

    notes: list[Any]
    """Results, exceptions and spans that were current, in order."""
    log: list[Any]
    """Tools, generators and requests, in order."""
    after: Any = None
    """The program's own objects and its results, as they are in the end."""
    replaced: Any = None
    """Where the program's objects hold another object than before."""
    requests: list[Any] = field(default_factory=list)
    complaints: list[Any] = field(default_factory=list)
    """Warnings, log lines from WARNING on, and unraisable exceptions."""
    records: list[Any] = field(default_factory=list)
    """Every log record of the SDK."""
    left_current: bool = False
    """Whether another context was current afterwards than before."""


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
    _forget()
    kitchen = Kitchen()
    _begin(handle, kitchen)
    kitchen.genai = client(handle, vertex=case.play.vertex, **case.play.options)
    program = Program(kitchen, case.end)
    seen = Seen(program.notes, kitchen.log)
    before = context.get_current()
    with _records(seen.records), listening(seen.complaints), as_caller():
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


def without_chance(complaints: list[Any]) -> list[Any]:
    """Returns complaints without those of a loop that closes what the program left open.

    A stream that the program kept consists of several generators, which asyncio closes at once:
    whether one of them is closed from two sides depends on where they lie in memory.
    """
    return [told for told in complaints if not told[-1].startswith(_CLOSING)]


_CLOSING = "an error occurred during closing of asynchronous generator"


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


def _forget() -> None:
    """Let the SDK say again what it says once in a process."""
    for owner in (types, models.Models, models.AsyncModels):
        for name, value in list(vars(owner).items()):
            if value is True and name.startswith("_") and "_logged" in name:
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


_WARNING = (caches, files, models, tokens, tunings)
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


@contextmanager
def as_caller() -> Iterator[None]:
    """A span of the user's own, whose ids are the same in every run."""
    span = trace.NonRecordingSpan(trace.SpanContext(7, 7, is_remote=False, trace_flags=_SAMPLED))
    with trace.use_span(span):
        yield


_SAMPLED = trace.TraceFlags(trace.TraceFlags.SAMPLED)


@contextmanager
def _records(into: list[Any]) -> Iterator[None]:
    """Collect every log record of the SDK."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            into.append((record.name, record.levelname, record.getMessage()))

    logger = logging.getLogger(SDK_LOGGER)
    handler, level = Handler(), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
