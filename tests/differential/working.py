"""Work that goes on when a call is over: videos, batches, tuning; submitted, and looked at."""

from __future__ import annotations

from typing import Any

from google.genai import types
from hypothesis import strategies as st

from differential import answers, leaves
from differential.contents import contents, formed, made
from differential.mixing import mixing
from differential.models import Recipe, model
from differential.picturing import REASON, images, prompts
from differential.recipes import Make, on_the_wire
from differential.surface import Method, Surface, config, one, sequences
from fake_gemini.script import Json, Reply, Step

PLACE = "projects/fake-project/locations/us-central1"
CREATED, ENDED = "2026-08-19T14:34:12.25Z", "2026-08-19T14:40:30.75Z"
_STATES = ("PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED", "BRAND_NEW")
_states = st.sampled_from((*_STATES, *("SUCCEEDED",) * 3))
# What the service says of a failure may always be told.
_message = st.builds(
    lambda text: {"code": 13, "message": text},
    st.sampled_from(("", "Internal error.", "Überlastet.", "Broken. " * 40)),
)


def _said(body: Json) -> Step:
    return answers.step_of(Reply(body=body))


_garbled = st.sampled_from(
    (b"", b"[]", b"{}", b'{"name": 3}', b'{"metadata": 7}', b'{"done": "?"}')
)
faults = st.one_of(
    answers.refusals,
    answers.error_pages,
    answers.cut(),
    _garbled.map(lambda raw: answers.step_of(Reply(raw=raw))),
)

# Videos

_OPERATIONS = tuple(
    f"{root}/operations/video-{number}"
    for root in ("models/veo-3", f"{PLACE}/publishers/google/models/veo-3")
    for number in (1, 2)
)


@st.composite
def _operations(draw: Any) -> Step:
    body: Json = {"name": draw(st.sampled_from(_OPERATIONS))}
    end = draw(st.sampled_from((None, "error", "videos", "samples", "nothing")))
    if end is None:
        return _said(body)
    body["done"] = True
    uris = draw(st.lists(st.sampled_from(("gs://bucket/1.mp4", "files/v1:download")), max_size=2))
    if end == "error":
        body["error"] = draw(_message)
    elif end == "videos":
        videos = [{"gcsUri": uri, "mimeType": "video/mp4"} for uri in uris]
        body["response"] = {"videos": videos}
    elif end == "samples":
        samples = [{"video": {"uri": uri}} for uri in uris]
        told = {"generatedSamples": samples, "raiMediaFilteredReasons": [REASON]}
        body["response"] = {"generateVideoResponse": told}
    return _said(body)


_videos = st.none() | formed(
    made(types.Video, uri=st.none() | leaves.texts, video_bytes=st.none() | leaves.binaries)
)
_VIDEOS = (
    Method(
        "models.generate_videos",
        {
            "model": st.sampled_from((*("veo-3",) * 6, None)),
            "config": config(
                types.GenerateVideosConfig,
                aspect_ratio=st.sampled_from((None, "16:9")),
                resolution=st.sampled_from((None, "720p")),
            ),
        },
        one(_operations()),
    ),
)


def _asking_for_videos(**asked: Recipe) -> Method:
    (plain,) = _VIDEOS
    return Method(plain.path, {**plain.asked, **asked}, plain.answers)


_SUBMITTED = (
    _asking_for_videos(prompt=prompts),
    _asking_for_videos(prompt=prompts, image=st.none() | images, video=_videos),
    _asking_for_videos(
        source=formed(
            made(types.GenerateVideosSource, prompt=leaves.texts, image=st.none() | images)
        )
    ),
)
_POLLED = Method(
    "operations.get",
    {
        "operation": st.sampled_from((*_OPERATIONS, *_OPERATIONS, None)).map(
            lambda name: Make(types.GenerateVideosOperation, name=name)
        ),
        "config": config(types.GetOperationConfig),
    },
    one(_operations()),
)

# Batches and tuning

_BATCHES = {False: ("batches/1", "batches/2"), True: (f"{PLACE}/batchPredictionJobs/3",)}
"""Whether it is Vertex AI, and the names that it gives."""
_TUNINGS = ("tunedModels/mine", f"{PLACE}/tuningJobs/4", f"{PLACE}/tuningJobs/5")


@st.composite
def _inlined(draw: Any) -> Json:
    """Draws the answers within a batch: each with its tokens, or without, or failed."""
    (usage,) = draw(answers.usages(1))
    told = draw(st.sampled_from(("answer", "answer", "error", "nothing")))
    if told == "error":
        return {"error": draw(_message)}
    if told == "nothing":
        return {}
    said = [on_the_wire(draw(answers.candidates(answers.said)))]
    return {"response": {"candidates": said, **({"usageMetadata": usage} if usage else {})}}


@st.composite
def _batches(draw: Any, vertex: bool) -> Step:
    """Draws a batch, as one service says it or as the other."""
    name, state = draw(st.sampled_from(_BATCHES[vertex])), draw(_states)
    times = {"createTime": CREATED, **draw(st.sampled_from(({}, {"endTime": ENDED})))}
    if vertex:
        where = {"outputConfig": {"gcsDestination": {"outputUriPrefix": "gs://out"}}}
        failed = {"error": draw(_message)} if state == "FAILED" else where
        return _said({"name": name, "state": f"JOB_STATE_{state}", **times, **failed})
    told = {"name": name, "state": f"BATCH_STATE_{state}", **times, "displayName": leaves.MARK}
    if state == "SUCCEEDED":
        kept = {"inlinedResponses": draw(st.lists(_inlined(), min_size=1, max_size=3))}
        places = ({"inlinedResponses": kept}, {"responsesFile": "files/out"})
        told["output"] = draw(st.sampled_from((places[0], *places)))
    failed = {"error": draw(_message)} if state == "FAILED" else {}
    return _said({"name": name, "metadata": told, **failed})


_sources = st.one_of(
    st.lists(
        st.builds(lambda given: {"contents": given}, contents)
        | made(types.InlinedRequest, contents=st.builds(lambda said: [said], leaves.texts)),
        max_size=2,
    ),
    st.sampled_from(("gs://bucket/in.jsonl", "files/in", "?", None)),
    made(types.BatchJobSource, file_name=st.just("files/in")),
)
_models = st.sampled_from((*("gemini-2.5-flash",) * 6, None))


def _batched(vertex: bool) -> Recipe:
    """Returns what a program does with batches of one of the services."""
    named = {"name": st.sampled_from((*_BATCHES[vertex] * 4, None))}
    listed = _said({"operations": [{"name": "batches/1"}], "batchPredictionJobs": [{}]})
    methods = (
        Method(
            "batches.create",
            {
                "model": _models,
                "src": _sources,
                # A name of its own, or the SDK puts one into it, made by chance.
                "config": st.none()
                | formed(
                    made(
                        types.CreateBatchJobConfig,
                        display_name=leaves.clean_texts,
                        dest=st.sampled_from((None, "gs://out")),
                    )
                ),
            },
            one(_batches(vertex)),
        ),
        *(Method("batches.get", named, one(_batches(vertex))),) * 3,
        Method("batches.list", {"config": config(types.ListBatchJobsConfig)}, one(st.just(listed))),
    )
    return sequences(methods, st.just(vertex), faults)


@st.composite
def _tunings(draw: Any) -> Step:
    state = draw(_states)
    body: Json = {"name": draw(st.sampled_from(_TUNINGS)), "state": f"JOB_STATE_{state}"}
    body |= {"createTime": CREATED, **draw(st.sampled_from(({}, {"endTime": ENDED})))}
    if state == "SUCCEEDED":
        body["tunedModel"] = {"model": f"{PLACE}/models/9", "endpoint": f"{PLACE}/endpoints/8"}
    if state == "FAILED":
        body["error"] = draw(_message)
    return _said({**body, "tunedModelDisplayName": leaves.MARK, "description": leaves.MARK})


_TUNED = (
    Method(
        "tunings.tune",
        {
            "base_model": _models,
            "training_dataset": formed(
                made(types.TuningDataset, gcs_uri=st.just("gs://bucket/in.jsonl"))
                | model(types.TuningDataset)
            ),
            "config": config(types.CreateTuningJobConfig),
        },
        one(_tunings()),
    ),
    *(Method("tunings.get", {"name": st.sampled_from((*_TUNINGS * 3, None))}, one(_tunings())),)
    * 2,
)


def _entries(name: str, plays: Recipe) -> dict[str, Surface]:
    return {
        name: Surface(plays, mixing(asynchronous=False)),
        f"aio.{name}": Surface(plays, mixing(asynchronous=True)),
    }


_mostly_vertex = st.sampled_from((True, True, False))

WORKING: dict[str, Surface] = {
    **_entries("videos", sequences((*_SUBMITTED, *(_POLLED,) * 3), st.booleans(), faults)),
    **_entries("batches", _batched(vertex=False) | _batched(vertex=True)),
    **_entries("tunings", sequences(_TUNED, _mostly_vertex, faults)),
}
