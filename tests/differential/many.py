"""Many random cases, in batches that are drawn independently; needs no SDK."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any
from zlib import crc32

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from opentelemetry_instrumentation_gemini import _guard
from opentelemetry_instrumentation_gemini._emit import origins
from opentelemetry_instrumentation_gemini._reading import jobs
from opentelemetry_instrumentation_gemini._surfaces import interactions

CASES = os.environ.get("DIFFERENTIAL_CASES")
"""How many there are over all surfaces, where the variable says it."""
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


def forget() -> None:
    """Let the plugin remember nothing of the cases before."""
    _guard._reported.clear()
    origins._made.clear()
    interactions._models.clear()
    jobs.JOBS.__init__()


def new_source() -> str:
    """Returns what a thorough run draws from, and says it, so that the run can be repeated."""
    source = os.environ.get("DIFFERENTIAL_SEED") or str(random.randrange(10**9))
    print(f"DIFFERENTIAL_SEED={source}")  # noqa: T201 - pytest shows it where a test fails
    return source


def run_many(
    cases: st.SearchStrategy[Any], compare: Callable[[Any], None], wanted: float, source: str
) -> None:
    """Compare about so many cases, which follow from *source*."""
    for number in range(max(1, round(wanted / BATCH))):

        @seed(crc32(f"{source} {number}".encode()))
        @settings(
            max_examples=BATCH,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(cases)
        def check(case: Any) -> None:
            compare(case)

        check()
