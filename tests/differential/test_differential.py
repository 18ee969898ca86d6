"""Random calls of every surface, without the plugin and with it: nobody can tell the difference."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from conformance import StartRecorder
from differential.found import FOUND
from differential.judging import judge
from differential.many import CASES, forget, new_source, plugin_settings, run_many
from differential.running import Case, run, stage
from differential.seen import Seen
from differential.surface import Surface
from differential.surfaces import SURFACES
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini import FakeGemini

QUICK, THOROUGH = 500, 5000
"""How many cases over all surfaces; the variable DIFFERENTIAL_CASES says otherwise."""


@st.composite
def cases(draw: Any, surface: Surface) -> Case:
    """Draws a case of a surface."""
    return Case(draw(surface.plays), draw(surface.ends), draw(plugin_settings))


def compare(fake: FakeGemini, name: str, case: Case) -> None:
    """Run a case without the plugin and with it."""
    drive, handle = SURFACES[name].drive, stage(fake, case)
    bare = run(handle, drive, case)
    telemetry, recorder = Telemetry(), StartRecorder()
    telemetry.tracers.add_span_processor(recorder)
    forget()
    with telemetry.attached(**case.settings):
        traced = run(handle, drive, case)
    for item in fields(Seen):
        assert getattr(traced.seen, item.name) == getattr(bare.seen, item.name), item.name
    assert not traced.seen.left_current
    judge(telemetry, recorder, case, traced)


def compare_many(fake: FakeGemini, name: str, wanted: int, source: str) -> None:
    """Run a surface's share of so many cases."""
    shares = sum(surface.share for surface in SURFACES.values())
    share = SURFACES[name].share / shares
    run_many(
        cases(SURFACES[name]),
        lambda case: compare(fake, name, case),
        int(CASES or wanted) * share,
        f"{source} {name}",
    )


@pytest.mark.parametrize("found", FOUND)
def test_what_once_differed(found: str, fake: FakeGemini):
    """No case in which one could once tell the difference shows one again."""
    compare(fake, *FOUND[found])


@pytest.mark.parametrize("name", SURFACES)
def test_nobody_can_tell_the_difference(name: str, fake: FakeGemini):
    """Values, errors, frames, objects, bytes on the wire and side effects are those without us."""
    compare_many(fake, name, QUICK, "the same in every run")


@pytest.mark.slow
@pytest.mark.parametrize("name", SURFACES)
def test_nobody_can_tell_the_difference_in_long(name: str, fake: FakeGemini):
    """The same over many more cases, which are others in every run."""
    compare_many(fake, name, THOROUGH, new_source())
