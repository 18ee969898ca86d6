"""Recorded work on caches, files, stores, batches, videos and images, from its first call on."""

import io
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from google.genai import types

from conformance import check_spans
from opentelemetry_instrumentation_gemini._emit import origins
from opentelemetry_instrumentation_gemini._reading import jobs
from recorded.stories import Story, without_times
from recorded.traffic import FOLDER, Scenario, load_scenarios

RESOURCE, SIZE = "gcp.gen_ai.resource.name", "gcp.gen_ai.resource.size"
NAME, STATE = "gcp.gen_ai.job.name", "gcp.gen_ai.job.state"
IMAGES = "gcp.gen_ai.response.image."
MODEL = "gemini-2.5-flash"

Told = list[tuple[str, dict[str, Any], int | None]]
"""Per span its name, what it says, and the number of the span that it leads back to."""


def _generate(story: Story, **config: Any) -> tuple[str, dict[str, Any]]:
    """Ask the model something, and return its span's name and tokens."""
    response = story.call("models.generate_content", model=MODEL, contents="?", config=config)
    counts = response.usage_metadata
    prompt = counts.prompt_token_count + (counts.tool_use_prompt_token_count or 0)
    return f"generate_content {MODEL}", {
        "gen_ai.usage.input_tokens": prompt,
        "gen_ai.usage.cache_read.input_tokens": counts.cached_content_token_count,
    }


def cached(story: Story, scenario: Scenario) -> Told:
    """A cache is created, used, perhaps extended, and deleted."""
    create, _, *others = scenario.exchanges
    config = {"contents": create.request["contents"], "ttl": create.request.get("ttl")}
    made = story.call("caches.create", model=MODEL, config=config)
    total = create.answers[0]["usageMetadata"]["totalTokenCount"]
    told = [
        (f"create_cache {MODEL}", {"gcp.gen_ai.cache.total_tokens": total}, None),
        (*_generate(story, cached_content=made.name), 0),
    ]
    for exchange in others:
        verb = "update" if exchange.verb == "PATCH" else "delete"
        more = {"config": {"ttl": "600s"}} if verb == "update" else {}
        story.call(f"caches.{verb}", name=made.name, **more)
        told.append((f"{verb}_cache", {RESOURCE: made.name}, 0))
    return told


def uploaded(story: Story, scenario: Scenario) -> Told:
    """A file goes up in two requests, and may be asked about."""
    _, end, *others = scenario.exchanges
    answer = end.answers[0]["file"]
    size = int(answer["sizeBytes"])
    config = {"mime_type": answer["mimeType"]}
    story.call("files.upload", 2, file=io.BytesIO(bytes(size)), config=config)
    told = {RESOURCE: answer["name"], SIZE: size, "gcp.gen_ai.resource.state": answer["state"]}
    return [("upload_file", told, None), *((*_generate(story), None) for _ in others)]


def stored(story: Story, scenario: Scenario) -> Told:
    """A store is created, filled, searched twice and deleted."""
    made = story.call("file_search_stores.create", config={"display_name": "paris"})
    operation = story.call(
        "file_search_stores.upload_to_file_search_store",
        2,
        file_search_store_name=made.name,
        file=io.BytesIO(b"Paris is the capital of France."),
        config={"mime_type": "text/plain"},
    )
    told = [
        ("create_file_search_store", {RESOURCE: made.name}, None),
        ("upload_to_file_search_store", {RESOURCE: made.name, NAME: operation.name}, 0),
    ]
    told += [(*_generate(story), None) for _ in range(2)]
    story.call("file_search_stores.delete", name=made.name)
    return [*told, ("delete_file_search_store", {RESOURCE: made.name}, 0)]


def batched(story: Story, scenario: Scenario) -> Told:
    """A batch is submitted and looked at until it is done; most looks find nothing new."""
    looks = scenario.exchanges[1:]
    source = [{"contents": [{"role": "user", "parts": [{"text": "What is 2 + 2?"}]}]}]
    made = story.call("batches.create", model=MODEL, src=source)
    told: Told = [(f"create_batch {MODEL}", {NAME: made.name, STATE: "pending"}, None)]
    known = ""
    for exchange in looks:
        story.call("batches.get", name=made.name)
        metadata = exchange.answers[0]["metadata"]
        state = metadata["state"].removeprefix("BATCH_STATE_").lower()
        if state != known:
            told.append(("get_batch", {STATE: state, **_billed(metadata)}, 0))
        known = state
    assert len(looks) > len(told)
    return told


def _billed(metadata: dict[str, Any]) -> dict[str, Any]:
    answers = metadata.get("output", {}).get("inlinedResponses", {}).get("inlinedResponses")
    if answers is None:
        return {}
    usages = [answer["response"]["usageMetadata"] for answer in answers]
    output = [usage["candidatesTokenCount"] + usage["thoughtsTokenCount"] for usage in usages]
    return {
        "gcp.gen_ai.batch.input_tokens": sum(usage["promptTokenCount"] for usage in usages),
        "gcp.gen_ai.batch.output_tokens": sum(output),
    }


def filmed(story: Story, scenario: Scenario) -> Told:
    """A video that was ordered elsewhere is looked at until it is there."""
    name = story.skip().answers[0]["name"]
    operation = types.GenerateVideosOperation(name=name)
    while not operation.done:
        operation = story.call("operations.get", operation=operation)
    (sample,) = operation.response.generated_videos
    results = {"gcp.gen_ai.job.results": (sample.video.uri,)}
    return [
        ("get_operation", {NAME: name, STATE: "running", "gcp.gen_ai.job.polls": 1}, None),
        ("get_operation", {NAME: name, STATE: "succeeded", **results}, None),
    ]


def drawn(story: Story, scenario: Scenario) -> Told:
    """Images are drawn, stored or held back."""
    (exchange,) = scenario.exchanges
    model = exchange.route.model
    story.call("models.generate_images", vertex=True, model=model, prompt="A cat")
    predictions = exchange.answers[0]["predictions"]
    held_back = [one["raiFilteredReason"] for one in predictions if "raiFilteredReason" in one]
    kept = [one for one in predictions if "raiFilteredReason" not in one]
    reasons = ["stop" if one in kept else "content_filter" for one in predictions]
    told = {
        "gen_ai.response.finish_reasons": tuple(reasons),
        f"{IMAGES}count": len(kept),
        f"{IMAGES}bytes": sum(len(b64decode(one.get("bytesBase64Encoded", ""))) for one in kept),
        f"{IMAGES}filter_reasons": tuple(held_back) or None,
        f"{IMAGES}mime_types": tuple(one["mimeType"] for one in kept) or None,
    }
    return [(f"generate_images {model}", told, None)]


def listed(story: Story, scenario: Scenario) -> Told:
    """The models are listed."""
    pages = [story.call("models.list") for _ in scenario.exchanges]
    return [("list_models", {RESOURCE: None}, None) for _ in pages]


PROGRAMS: tuple[tuple[Callable[[Story, Scenario], Told], tuple[str, ...]], ...] = (
    (cached, ("explicit_caching", "test_cached_content_usage_metadata")),
    (uploaded, ("live_uploads_gemini",)),
    (stored, ("file_search_grounding_gemini_3_False",)),
    (batched, ("answers_staged_chats",)),
    (filmed, ("can_animate_videos",)),
    (drawn, ("imagen", "generate-images")),
    (listed, ("test_cli_gemini_models",)),
)
"""A program, and what the names of its recordings hold."""


def _stories() -> list[Any]:
    scenarios = load_scenarios()
    if not scenarios:
        reason = f"no recordings: {FOLDER} is absent"
        return [pytest.param(None, None, id="absent", marks=pytest.mark.skip(reason=reason))]
    return [
        pytest.param(program, scenario, id=f"{program.__name__}-{scenario.name[-40:]}")
        for program, parts in PROGRAMS
        for scenario in scenarios
        if any(part in scenario.name for part in parts)
    ]


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(("program", "scenario"), _stories())
def test_recorded_stories_are_told_truly_and_undisturbed(
    program, scenario, asynchronous, player, telemetry
):
    """Each call that has something to tell has its span, and its program notices nothing."""
    origins._made.clear()
    jobs.JOBS.__init__()
    bare = Story(player, scenario, asynchronous=asynchronous)
    program(bare, scenario)
    story = Story(player, scenario, asynchronous=asynchronous)
    telemetry.take_spans()
    with telemetry.attached(trace_reads=True):
        told = program(story, scenario)
    spans, running = telemetry.take_spans()
    assert running == 0
    assert list(without_times(story.results)) == list(without_times(bare.results))
    assert story.seen == bare.seen
    assert check_spans(spans) == []
    assert [span.name for span in spans] == [name for name, _, _ in told]
    for span, (_, says, maker) in zip(spans, told, strict=True):
        assert {name: span.attributes.get(name) for name in says} == says
        makers = [] if maker is None else [spans[maker].context]
        assert [link.context for link in span.links] == makers
