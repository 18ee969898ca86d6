"""What the plugin must have told of a run, and must not have told."""

from __future__ import annotations

from conformance import StartRecorder
from differential.counting import billed, in_batches, in_caches
from differential.exported import IN, OUT, Exported, judge_what_left
from differential.running import Case, Run
from promises.watching import OPERATION, Telemetry

LEAVES = {"generate_content", "embeddings"}
CACHING = {"create_cache", "update_cache"}
IN_BATCHES = ("gcp.gen_ai.batch.input_tokens", "gcp.gen_ai.batch.output_tokens")
IN_CACHES = "gcp.gen_ai.cache.total_tokens"


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
    made = [span for span in exported.spans if span.attributes[OPERATION] in CACHING]
    sizes = [span.attributes[IN_CACHES] for span in made if IN_CACHES in span.attributes]
    assert sizes == in_caches(run.handle)
