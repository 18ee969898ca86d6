"""Work that goes on when the call is over: videos, batches, tuning, imports."""

from __future__ import annotations

from typing import Any

from google.genai import types

from fake_gemini.wire import answer, candidate, response, usage
from resources.calling import SECRET, Case

VEO = "veo-3.1-generate-preview"
PLACE = "projects/fake-project/locations/us-central1"
VIDEO = f"{PLACE}/publishers/google/models/{VEO}/operations/video-1"
GEMINI_VIDEO = f"models/{VEO}/operations/video-2"
BATCH = "batches/batch-1"
VERTEX_BATCH = f"{PLACE}/batchPredictionJobs/71"
TUNING = f"{PLACE}/tuningJobs/72"
IMPORT = "fileSearchStores/cellar/operations/import-1"
CREATED, ENDED = "2026-08-19T14:34:12.25Z", "2026-08-19T14:40:30.75Z"
SECONDS = 378.5

STATE, NAME = "gcp.gen_ai.job.state", "gcp.gen_ai.job.name"
POLLS, RESULTS = "gcp.gen_ai.job.polls", "gcp.gen_ai.job.results"
DURATION = "gcp.gen_ai.job.duration"


def video(*uris: str, **more: Any) -> Any:
    """Returns Vertex AI's operation, done if there are results."""
    operation = {"name": VIDEO, **more}
    if uris:
        videos = [{"gcsUri": uri, "mimeType": "video/mp4"} for uri in uris]
        operation = {**operation, "done": True, "response": {"videos": videos}}
    return answer(operation)


def batch(state: str, **more: Any) -> Any:
    """Returns the Gemini API's batch."""
    told = {"state": f"BATCH_STATE_{state}", "createTime": CREATED, "name": BATCH, **more}
    return answer({"name": BATCH, "metadata": {"model": "models/gemini-2.5-flash", **told}})


def answered(*tokens: tuple[int, int]) -> dict[str, Any]:
    """Returns a batch's answers within itself, with so many tokens in and out."""
    answers = [
        {"response": response(candidate(f"A {SECRET}."), usage=usage(*one))} for one in tokens
    ]
    return {"output": {"inlinedResponses": {"inlinedResponses": answers}}, "endTime": ENDED}


def job(name: str, state: str, **more: Any) -> Any:
    """Returns Vertex AI's batch or tuning job."""
    return answer({"name": name, "state": f"JOB_STATE_{state}", "createTime": CREATED, **more})


GENERATE_VIDEOS = Case(
    "models.generate_videos",
    {
        "model": VEO,
        "source": types.GenerateVideosSource(prompt=f"A glass of {SECRET}"),
        "config": types.GenerateVideosConfig(
            number_of_videos=2, duration_seconds=4, aspect_ratio="16:9", resolution="720p", fps=24
        ),
    },
    (video(),),
    f"generate_videos {VEO}",
    {
        "gen_ai.request.model": VEO,
        NAME: VIDEO,
        STATE: "running",
        "gcp.gen_ai.request.video.count": 2,
        "gcp.gen_ai.request.video.duration": 4,
        "gcp.gen_ai.request.video.aspect_ratio": "16:9",
        "gcp.gen_ai.request.video.resolution": "720p",
        "gcp.gen_ai.request.video.fps": 24,
    },
    vertex=True,
)
POLL_VIDEO = Case(
    "operations.get",
    {"operation": types.GenerateVideosOperation(name=VIDEO)},
    (video("gs://bucket/1.mp4"),),
    "get_operation",
    {NAME: VIDEO, STATE: "succeeded", POLLS: 1, RESULTS: ("gs://bucket/1.mp4",), DURATION: None},
    vertex=True,
)
GEMINI_SAMPLE = {"video": {"uri": "https://example.org/files/v1:download"}}
POLL_GEMINI_VIDEO = Case(
    "operations.get",
    {"operation": types.GenerateVideosOperation(name=GEMINI_VIDEO)},
    (
        answer(
            {
                "name": GEMINI_VIDEO,
                "done": True,
                "response": {"generateVideoResponse": {"generatedSamples": [GEMINI_SAMPLE]}},
            }
        ),
    ),
    "get_operation",
    {NAME: GEMINI_VIDEO, STATE: "succeeded", RESULTS: (GEMINI_SAMPLE["video"]["uri"],)},
)
CREATE_BATCH = Case(
    "batches.create",
    {
        "model": "gemini-2.5-flash",
        "src": [{"contents": [{"role": "user", "parts": [{"text": f"Why {SECRET}?"}]}]}],
        "config": {"display_name": "wines"},
    },
    (batch("PENDING"),),
    "create_batch gemini-2.5-flash",
    {NAME: BATCH, STATE: "pending", "gen_ai.request.model": "gemini-2.5-flash"},
)
CREATE_VERTEX_BATCH = Case(
    "batches.create",
    {
        "model": "gemini-2.5-flash",
        "src": "gs://bucket/in.jsonl",
        "config": {"dest": "gs://out", "display_name": "wines"},
    },
    (job(VERTEX_BATCH, "QUEUED"),),
    "create_batch gemini-2.5-flash",
    {NAME: VERTEX_BATCH, STATE: "queued"},
    vertex=True,
)
CREATE_EMBEDDINGS = Case(
    "batches.create_embeddings",
    {"model": "gemini-embedding-001", "src": {"file_name": "files/in"}},
    (batch("PENDING"),),
    "create_embeddings_batch gemini-embedding-001",
    {NAME: BATCH, STATE: "pending"},
    since=(1, 36),
)
POLL_BATCH = Case(
    "batches.get",
    {"name": BATCH},
    (batch("SUCCEEDED", **answered((13, 44), (13, 54))),),
    "get_batch",
    {
        NAME: BATCH,
        STATE: "succeeded",
        POLLS: 1,
        DURATION: SECONDS,
        "gcp.gen_ai.batch.input_tokens": 26,
        "gcp.gen_ai.batch.output_tokens": 98,
    },
)
OUTPUT = {"outputInfo": {"gcsOutputDirectory": "gs://out/1"}}
POLL_VERTEX_BATCH = Case(
    "batches.get",
    {"name": VERTEX_BATCH},
    (
        job(
            VERTEX_BATCH,
            "SUCCEEDED",
            endTime=ENDED,
            outputConfig={
                "predictionsFormat": "jsonl",
                "gcsDestination": {"outputUriPrefix": "gs://out"},
            },
            **OUTPUT,
        ),
    ),
    "get_batch",
    {
        NAME: VERTEX_BATCH,
        STATE: "succeeded",
        DURATION: SECONDS,
        RESULTS: ("gs://out", "gs://out/1"),
    },
    vertex=True,
)
TUNE = Case(
    "tunings.tune",
    {
        "base_model": "gemini-2.5-flash",
        "training_dataset": types.TuningDataset(gcs_uri="gs://bucket/examples.jsonl"),
        "config": {"tuned_model_display_name": SECRET},
    },
    (job(TUNING, "PENDING"),),
    "tune_model gemini-2.5-flash",
    {NAME: TUNING, STATE: "pending", "gen_ai.request.model": "gemini-2.5-flash"},
    vertex=True,
)
POLL_TUNING = Case(
    "tunings.get",
    {"name": TUNING},
    (
        job(
            TUNING,
            "SUCCEEDED",
            endTime=ENDED,
            tunedModel={"model": f"{PLACE}/models/9", "endpoint": f"{PLACE}/endpoints/8"},
        ),
    ),
    "get_tuning",
    {NAME: TUNING, STATE: "succeeded", DURATION: SECONDS, RESULTS: (f"{PLACE}/models/9",)},
    vertex=True,
)
CASES = (
    GENERATE_VIDEOS,
    POLL_VIDEO,
    POLL_GEMINI_VIDEO,
    CREATE_BATCH,
    CREATE_VERTEX_BATCH,
    CREATE_EMBEDDINGS,
    POLL_BATCH,
    POLL_VERTEX_BATCH,
    TUNE,
    POLL_TUNING,
)
