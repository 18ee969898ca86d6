"""What the plugin must have told of a run, and must not have told."""

from __future__ import annotations

from typing import Any

from conformance import StartRecorder
from differential.counting import billed, in_batches, in_caches, made
from differential.exported import IN, OUT, Exported, judge_what_left
from differential.leaves import GARBLED
from differential.running import Case, Run
from promises.watching import OPERATION, Telemetry

LEAVES = {"generate_content", "embeddings"}
CACHING = {"create_cache", "update_cache"}
MAKING = {
    f"create_{kind}"
    for kind in ("agent", "webhook", "trigger", "environment", "credential", "voice")
}
IN_BATCHES = ("gcp.gen_ai.batch.input_tokens", "gcp.gen_ai.batch.output_tokens")
IN_CACHES = "gcp.gen_ai.cache.total_tokens"
RESOURCE = "gcp.gen_ai.resource.name"


def judge(telemetry: Telemetry, recorder: StartRecorder, case: Case, run: Run) -> None:
    """Fail if the telemetry of a run is not what it must be."""
    _true_numbers(judge_what_left(telemetry, recorder, case.settings), run)


def _true_numbers(exported: Exported, run: Run) -> None:
    """Every round that was asked has its span, and the tokens are those that were told."""
    told = exported.added_up(IN, OUT)
    cost = billed(run.handle)
    if not run.program.whole:
        assert told[0] <= cost.input
        assert told[1] <= cost.output
        return
    assert told == cost
    assert exported.added_up(*IN_BATCHES) == in_batches(run.handle)
    rounds = [span for span in exported.spans if span.attributes[OPERATION] in LEAVES]
    assert len(rounds) <= len(run.handle.requests)
    assert _all_told(exported, CACHING, IN_CACHES) == in_caches(run.handle)
    # Of a garbled resource the SDK takes what it can, and that depends on its kind.
    named = [name for name in _all_told(exported, MAKING, RESOURCE) if name != GARBLED]
    assert named == made(run.handle)


def _all_told(exported: Exported, operations: set[str], name: str) -> list[Any]:
    """Returns an attribute of all spans of these operations that have it."""
    spans = [span for span in exported.spans if span.attributes[OPERATION] in operations]
    return [span.attributes[name] for span in spans if name in span.attributes]
