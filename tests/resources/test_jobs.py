"""Long-running work as one story: its submission, the looks at it, and its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from google.genai import types

from fake_gemini.wire import answer, error_body, refusal
from resources.calling import SECRET, WAYS, call, client_of, play
from resources.jobs import (
    BATCH,
    CREATE_BATCH,
    CREATE_EMBEDDINGS,
    DURATION,
    ENDED,
    GENERATE_VIDEOS,
    IMPORT,
    NAME,
    POLL_BATCH,
    POLLS,
    RESULTS,
    SECONDS,
    STATE,
    TUNE,
    TUNING,
    VIDEO,
    answered,
    batch,
    job,
    video,
)
from resources.kept import STORE

if TYPE_CHECKING:
    from fake_gemini import FakeGemini
    from interactions.watching import Watched

LOOKS = 20


def _links(span: Any) -> list[Any]:
    return [link.context for link in span.links]


@WAYS
def test_a_video_is_one_story(asynchronous: bool, fake: FakeGemini, telemetry: Watched):
    """However often a program looks, a look is told of where something has changed, and linked."""
    handle = play(fake, video(), *[video()] * LOOKS, video("gs://1", "gs://2"), video("gs://1"))
    genai = client_of(GENERATE_VIDEOS, handle)
    with telemetry.attached(), telemetry.user.start_as_current_span("program"):
        operation = call(genai, asynchronous, GENERATE_VIDEOS.method, **GENERATE_VIDEOS.asked)
        for _ in range(LOOKS + 2):
            operation = call(genai, asynchronous, "operations.get", operation=operation)
    submitted, first, last = telemetry.ended
    assert [span.name for span in (first, last)] == ["get_operation"] * 2
    assert submitted.links == ()
    for span in (first, last):
        assert _links(span) == [submitted.context]
        assert span.parent == submitted.parent
        assert span.attributes[NAME] == VIDEO
    assert (first.attributes[STATE], first.attributes[POLLS]) == ("running", 1)
    assert DURATION not in first.attributes
    assert (last.attributes[STATE], last.attributes[POLLS]) == ("succeeded", LOOKS + 1)
    assert last.attributes[RESULTS] == ("gs://1", "gs://2")
    assert last.attributes[DURATION] > 0
    assert last.start_time > first.end_time
    assert telemetry.counts() == {"gen_ai.client.operation.duration": 3}


def test_a_signed_result_is_told_without_its_signature(fake: FakeGemini, telemetry: Watched):
    """Whoever has the address of a result with its signature has the result."""
    signed = "https://example.org/1.mp4?Expires=1&Signature="
    handle = play(fake, video(), video(f"{signed}{SECRET}"))
    genai = client_of(GENERATE_VIDEOS, handle)
    with telemetry.attached(capture_message_content="NO_CONTENT"):
        operation = genai.models.generate_videos(**GENERATE_VIDEOS.asked)
        genai.operations.get(operation)
    (told,) = telemetry.ended[-1].attributes[RESULTS]
    assert told == f"{signed}[REDACTED]"


def test_why_videos_were_held_back_is_told(fake: FakeGemini, telemetry: Watched):
    """An operation that ends without a video, or with fewer, is no error and says why."""
    held_back = {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": ["No likeness of a child."]}
    handle = play(fake, video(), video(done=True, response=held_back))
    genai = client_of(GENERATE_VIDEOS, handle)
    with telemetry.attached(capture_message_content="NO_CONTENT"):
        operation = genai.models.generate_videos(**GENERATE_VIDEOS.asked)
        genai.operations.get(operation)
    end = telemetry.ended[-1]
    assert end.status.is_unset
    assert end.attributes["gcp.gen_ai.job.filter_reasons"] == ("No likeness of a child.",)
    assert RESULTS not in end.attributes


def test_a_videos_prompt_needs_permission(fake: FakeGemini, telemetry: Watched):
    """With permission the prompt stands on the submission, in whichever argument it was given."""
    handle = play(fake, video(), video())
    genai = client_of(GENERATE_VIDEOS, handle)
    type(genai.models)._logged_generate_videos_deprecation_warning = True
    with telemetry.attached():
        genai.models.generate_videos(**GENERATE_VIDEOS.asked)
        genai.models.generate_videos(model="veo-3.1", prompt=SECRET)
    source, old = telemetry.ended
    assert source.attributes["gcp.gen_ai.request.prompt"] == f"A glass of {SECRET}"
    assert old.attributes["gcp.gen_ai.request.prompt"] == SECRET


@WAYS
def test_a_batch_is_one_story(asynchronous: bool, fake: FakeGemini, telemetry: Watched):
    """Each new state is told of once; the end has the tokens that the answers were billed."""
    end = batch("SUCCEEDED", **answered((13, 44), (13, 54)))
    looks = (batch("PENDING"), batch("RUNNING"), batch("RUNNING"), end, end)
    handle = play(fake, batch("PENDING"), *looks, answer({}), answer({}))
    genai = client_of(CREATE_BATCH, handle)
    with telemetry.attached():
        made = call(genai, asynchronous, CREATE_BATCH.method, **CREATE_BATCH.asked)
        for _ in looks:
            call(genai, asynchronous, "batches.get", name=made.name)
        call(genai, asynchronous, "batches.cancel", name=made.name)
        call(genai, asynchronous, "batches.delete", name=made.name)
    submitted, *polls, cancelled, deleted = telemetry.ended
    states = [(span.attributes[STATE], span.attributes[POLLS]) for span in polls]
    assert states == [("pending", 1), ("running", 2), ("succeeded", 4)]
    for span in (*polls, cancelled, deleted):
        assert _links(span) == [submitted.context]
    tokens = ("gcp.gen_ai.batch.input_tokens", "gcp.gen_ai.batch.output_tokens")
    assert [polls[-1].attributes[name] for name in tokens] == [26, 98]
    assert polls[-1].attributes[DURATION] == SECONDS
    assert SECRET not in json.dumps([dict(span.attributes) for span in telemetry.ended])


def test_a_batch_of_embeddings_tells_its_tokens(fake: FakeGemini, telemetry: Watched):
    """Embeddings that stand in the job say how many tokens each took."""
    inner = [
        {"response": {"embedding": {"values": [0.5]}, "tokenCount": str(count)}} for count in (3, 4)
    ]
    output = {"inlinedEmbedContentResponses": {"inlinedResponses": inner}}
    handle = play(fake, batch("PENDING"), batch("SUCCEEDED", output=output, endTime=ENDED))
    genai = client_of(CREATE_EMBEDDINGS, handle)
    with telemetry.attached():
        call(genai, False, CREATE_EMBEDDINGS.method, **CREATE_EMBEDDINGS.asked)  # noqa: FBT003
        genai.batches.get(name=BATCH)
    submitted, end = telemetry.ended
    assert _links(end) == [submitted.context]
    assert end.attributes["gcp.gen_ai.batch.input_tokens"] == 7
    assert "gcp.gen_ai.batch.output_tokens" not in end.attributes


def test_a_job_that_fails_is_an_error(fake: FakeGemini, telemetry: Watched):
    """The poll that finds a failure is ERROR, although the SDK raises nothing.

    What the service says about it is kept, like that of every error.
    """
    error = {"code": 3, "message": "No examples in the data."}
    handle = play(fake, job(TUNING, "PENDING"), job(TUNING, "FAILED", error=error, endTime=ENDED))
    genai = client_of(TUNE, handle)
    with telemetry.attached(capture_message_content="NO_CONTENT"):
        call(genai, False, TUNE.method, **TUNE.asked)  # noqa: FBT003
        found = genai.tunings.get(name=TUNING)
    assert found.error.message == error["message"]
    submitted, end = telemetry.ended
    assert _links(end) == [submitted.context]
    assert end.attributes["error.type"] == "3"
    assert end.attributes[STATE] == "failed"
    assert end.attributes[DURATION] == SECONDS
    assert end.status.description == error["message"]
    assert telemetry.events == ["gen_ai.client.operation.exception"]


def test_an_operation_that_fails_is_an_error(fake: FakeGemini, telemetry: Watched):
    """Videos have another form of error, and it is read all the same."""
    handle = play(fake, video(), video(done=True, error={"code": 8, "message": "Exhausted."}))
    genai = client_of(GENERATE_VIDEOS, handle)
    with telemetry.attached():
        operation = genai.models.generate_videos(**GENERATE_VIDEOS.asked)
        genai.operations.get(operation)
    _, end = telemetry.ended
    assert (end.attributes["error.type"], end.attributes[STATE]) == ("8", "failed")
    assert end.status.description == "Exhausted."


@pytest.mark.parametrize("state", ["CANCELLED", "EXPIRED", "PARTIALLY_SUCCEEDED"])
def test_every_end_is_told(state: str, fake: FakeGemini, telemetry: Watched):
    """A job that was cancelled has ended and not failed; one that expired has failed."""
    genai = client_of(POLL_BATCH, play(fake, batch(state, endTime=ENDED)))
    with telemetry.attached():
        genai.batches.get(name=BATCH)
    span = telemetry.the_span()
    assert span.attributes[STATE] == state.lower()
    assert span.attributes[DURATION] == SECONDS
    assert span.status.is_unset is (state != "EXPIRED")


def test_looks_that_fail_are_told(fake: FakeGemini, telemetry: Watched):
    """A look that the service refuses is no state of the job."""
    refused = refusal(503, error_body(503, "Overloaded."))
    genai = client_of(POLL_BATCH, play(fake, batch("RUNNING"), refused, batch("RUNNING")))
    with telemetry.attached():
        genai.batches.get(name=BATCH)
        with pytest.raises(Exception, match="Overloaded"):
            genai.batches.get(name=BATCH)
        genai.batches.get(name=BATCH)
    running, failed = telemetry.ended
    assert running.attributes[STATE] == "running"
    assert failed.attributes["error.type"] == "503"


def test_an_import_is_a_job(fake: FakeGemini, telemetry: Watched):
    """What a store takes in goes on after the call, and is looked at like every operation."""
    done = answer({"name": IMPORT, "done": True, "response": {}})
    genai = client_of(POLL_BATCH, play(fake, answer({"name": IMPORT}), done))
    with telemetry.attached():
        operation = genai.file_search_stores.import_file(
            file_search_store_name=STORE, file_name="files/1"
        )
        assert isinstance(operation, types.ImportFileOperation)
        genai.operations.get(operation)
    submitted, end = telemetry.ended
    assert _links(end) == [submitted.context]
    assert (end.attributes[NAME], end.attributes[STATE]) == (IMPORT, "succeeded")
    assert end.attributes[DURATION] > 0
