"""Random conversations over sockets, without the plugin and with it: nobody can tell them apart."""

from __future__ import annotations

import asyncio
import gc
from contextlib import ExitStack
from dataclasses import asdict
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from conformance import StartRecorder
from differential.exported import judge_what_left
from differential.looking import Look
from differential.many import CASES, forget, plugin_settings
from differential.playing import music_talks
from differential.program import NO_END, Program
from differential.recipes import Kitchen, applied, build
from differential.running import SDK_LOGGER, let_sdk_warn_again
from differential.seen import Seen, as_caller, records_of, without_chance
from differential.talking import FOUND, TALKS, Talk
from differential.test_differential import THOROUGH
from fake_gemini.live import Drop, FakeLive, live_client
from fake_gemini.live_interactions import ID, FakeLiveInteractions, live_interactions_client
from promises.seeing import listening
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from differential.models import Recipe
    from fake_gemini.live import LiveHandle

KINDS: dict[str, Recipe] = {**TALKS, "aio.live.music.connect": music_talks()}
"""What is connected → conversations."""
ASKED: dict[str, dict[str, Any]] = {
    "aio.live.connect": {"model": "gemini-live-2.5-flash"},
    "aio.interactions.connect": {"id": ID},
}
"""What all calls that connect have in common."""
QUICK = 10
"""How many conversations of each kind a quick run has."""
PATIENCE = 20
"""Seconds after which a program has waited for a frame in vain."""


@pytest.fixture(scope="module")
def lines() -> Iterator[dict[str, FakeLive]]:
    """The servers: one for all that is live, and one for interactions."""
    with ExitStack() as stack:
        live = stack.enter_context(FakeLive())
        interactions = stack.enter_context(FakeLiveInteractions())
        yield {name: interactions if "interactions" in name else live for name in KINDS}


def _again(line: FakeLive, talk: Talk) -> LiveHandle:
    """Returns where a talk is played: at the same address each time."""
    handle = line.play(*talk.script)
    line._handles["same"] = handle
    handle.url = handle.url.rpartition("/")[0] + "/same"
    return handle


async def _talk(name: str, program: Program, talk: Talk) -> None:
    with program.surviving():
        connect = attrgetter(name)(program.kitchen.genai)
        async with connect(**ASKED.get(name, {}), **program.asked["connecting"]) as session:
            program.note(type(session).__name__)
            for sent, exchange in zip(program.asked["sent"], talk.exchanges, strict=True):
                for method, asked in sent:
                    program.note(await applied(getattr(session, method), asked))
                await _read(program, session, len(exchange.frames))
            if isinstance(talk.end, Drop):
                method, asked = program.asked["sent"][-1][-1]
                program.note(await applied(getattr(session, method), asked))
            if talk.end is not None:
                await _read(program, session, 1)
    program.note("left")


async def _read(program: Program, session: Any, frames: int) -> None:
    """Read so many frames, some of which may be errors; in the Live API a `receive` is a turn."""
    while frames:
        with program.surviving():
            async for message in session.receive():
                program.take(message)
                frames -= 1
                if not frames:
                    return
            if not hasattr(session, "send_client_content"):
                return
            continue
        frames -= 1


def _without_entrance(told: Any) -> Any:
    """Returns an exception without the frame of `contextlib` in whose place the plugin enters."""
    if not isinstance(told, dict):
        return told
    kept = {name: _without_entrance(value) for name, value in told.items()}
    frames = kept.get("frames") or ()
    kept["frames"] = [
        frame
        for frame in frames
        if not (frame[0] == "contextlib.py" and frame[1].endswith("__aenter__"))
    ]
    return kept


def run(name: str, line: FakeLive, talk: Talk) -> Seen:
    """Run a conversation once, as the plugin is at the moment."""
    handle = _again(line, talk)
    made = live_interactions_client if "interactions" in name else live_client
    options = {"vertex": True} if talk.vertex else {}
    program = Program(Kitchen(genai=made(handle, **options)), NO_END)
    sent = [exchange.sent for exchange in talk.exchanges]
    program.asked = build({"sent": sent, "connecting": talk.asked}, program.kitchen)
    seen = Seen(program.notes, program.kitchen.log)
    let_sdk_warn_again()
    gc.collect()
    with records_of(SDK_LOGGER, seen.records), listening(seen.complaints), as_caller():
        asyncio.run(asyncio.wait_for(_talk(name, program, talk), PATIENCE))
    handle.wait_for_ends()
    seen.notes = [(_without_entrance(told), current) for told, current in seen.notes]
    seen.complaints = without_chance(seen.complaints)
    seen.requests = [handle.paths, handle.setups, handle.frames]
    seen.after = Look().at([program.asked, program.got])
    return seen


def compare(name: str, line: FakeLive, talk: Talk, wanted: dict[str, Any]) -> None:
    """Run a conversation without the plugin and with it."""
    bare = run(name, line, talk)
    telemetry, recorder = Telemetry(), StartRecorder()
    telemetry.tracers.add_span_processor(recorder)
    forget()
    with telemetry.attached(**wanted):
        traced = run(name, line, talk)
    assert asdict(traced) == asdict(bare)
    exported = judge_what_left(telemetry, recorder, wanted)
    assert dict(zip(talk.told, exported.added_up(*talk.told), strict=True)) == talk.told


def compare_many(name: str, line: FakeLive, cases: int, **how: Any) -> None:
    """Run so many conversations of a kind."""

    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        **how,
    )
    @given(KINDS[name], plugin_settings)
    def check(talk: Talk, wanted: dict[str, Any]) -> None:
        compare(name, line, talk, wanted)

    check()


@pytest.mark.parametrize("found", FOUND)
def test_what_once_was_wrong(found: str, lines: dict[str, FakeLive]):
    """No conversation of which something untrue was told is told of so again."""
    name, talk = FOUND[found]
    compare(name, lines[name], talk, {"capture_message_content": "SPAN_ONLY"})


@pytest.mark.parametrize("name", KINDS)
def test_nobody_can_tell_the_difference(name: str, lines: dict[str, FakeLive]):
    """Messages, errors, frames, warnings and what goes over the wire are those without us."""
    compare_many(name, lines[name], QUICK, derandomize=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_nobody_can_tell_the_difference_in_long(name: str, lines: dict[str, FakeLive]):
    """The same over many more conversations, which are others in every run."""
    compare_many(name, lines[name], int(CASES or THOROUGH) // 50)
