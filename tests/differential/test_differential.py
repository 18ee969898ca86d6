"""Random calls of every surface, without the plugin and with it: nobody can tell the difference."""

from __future__ import annotations

import os
import random
from dataclasses import fields
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from conformance import StartRecorder
from differential.found import FOUND
from differential.judging import judge
from differential.running import Case, Seen, run, stage
from differential.surface import Surface
from differential.surfaces import SURFACES
from opentelemetry_instrumentation_gemini import _guard
from opentelemetry_instrumentation_gemini._emit import origins
from opentelemetry_instrumentation_gemini._reading import jobs
from opentelemetry_instrumentation_gemini._surfaces import interactions
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini import FakeGemini

QUICK, THOROUGH = 500, 5000
"""How many cases over all surfaces; the variable DIFFERENTIAL_CASES says otherwise."""
CASES = os.environ.get("DIFFERENTIAL_CASES")
SEED = os.environ.get("DIFFERENTIAL_SEED")
"""From which the thorough run draws, instead of ever new cases."""
BATCH = 10
"""From the eleventh case on Hypothesis mostly varies the ones before; the first is the simplest."""

plugin_settings = st.fixed_dictionaries(
    {
        "capture_message_content": st.sampled_from(
            ("NO_CONTENT", "SPAN_ONLY", "EVENT_ONLY", "SPAN_AND_EVENT")
        )
    },
    optional={
        "max_content_bytes": st.sampled_from((100, 101, 137, 300, 1000, 10_000)),
        "max_media_bytes": st.sampled_from((0, 8, 1000)),
        "loop_spans": st.just(value=False),
        "retired_metrics": st.just(value=True),
        "emit_event": st.just(value=True),
        "mlflow": st.booleans(),
        "chat_conversation_ids": st.just(value=True),
        "config_includes": st.just(("*",)),
        "trace_reads": st.booleans(),
    },
)


@st.composite
def cases(draw: Any, surface: Surface) -> Case:
    """Draws a case of a surface."""
    return Case(draw(surface.plays), draw(surface.ends), draw(plugin_settings))


def forget() -> None:
    """Let the plugin remember nothing of the cases before."""
    _guard._reported.clear()
    origins._made.clear()
    interactions._models.clear()
    jobs.JOBS.__init__()


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
    """Run a surface's share of so many cases, in batches that are drawn independently."""
    shares = sum(surface.share for surface in SURFACES.values())
    cases_wanted = int(CASES or wanted) * SURFACES[name].share / shares
    batches = max(1, round(cases_wanted / BATCH))
    for number in range(batches):

        @seed(crc32(f"{source} {name} {number}".encode()))
        @settings(
            max_examples=BATCH,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(cases(SURFACES[name]))
        def check(case: Case) -> None:
            compare(fake, name, case)

        check()


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
    source = SEED or str(random.randrange(10**9))
    print(f"DIFFERENTIAL_SEED={source}")  # noqa: T201 - pytest shows it where a test fails
    compare_many(fake, name, THOROUGH, source)
