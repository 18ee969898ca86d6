"""Long-running work: videos, batches and tuning, from their submission to their end."""

from collections.abc import Callable
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    Answer,
    Call,
    Parameters,
    Request,
    Value,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.endpoint import read_called_endpoint
from opentelemetry_instrumentation_gemini._reading.fields import details_of, enum_text, field, view
from opentelemetry_instrumentation_gemini._reading.jobs import (
    JOBS,
    batch_tokens,
    filter_reasons,
    read_error,
    read_job,
    result_references,
)

from . import Role, Surface, no_content, no_parameters
from .arguments import argument, asking

_VIDEO = {
    "number_of_videos": "video_count_requested",
    "duration_seconds": "video_seconds_requested",
    "aspect_ratio": "video_aspect_ratio",
    "resolution": "video_resolution",
    "fps": "video_fps",
}
"""Field of a video config → detail."""


def _submitting(operation: str, model: str = "model") -> Surface:
    return Surface(asking(operation, model), _video_parameters, _prompt, SubmissionReader)


def _video_parameters(call: Call) -> Parameters:
    return Parameters(details=details_of(view(call.kwargs.get("config")), _VIDEO))


def _prompt(call: Call) -> Content:
    source = view(call.kwargs.get("source"))
    prompt = call.kwargs.get("prompt") or (None if source is None else field(source, "prompt"))
    return {"prompt": str.__str__(prompt)} if isinstance(prompt, str) else {}


class SubmissionReader:
    """Reads what a submission made."""

    __slots__ = ("_answer",)

    def __init__(self, capture: bool) -> None:
        self._answer = Answer()

    def add(self, response: Any) -> None:
        job = read_job(response)
        details: dict[str, Value] = {"job_state": job.state}
        made: tuple[str, ...] = ()
        if job.name is not None:
            JOBS.submit(job.name)
            details["job_name"] = job.name
            made = (job.name,)
        self._answer = Answer(details=details, made=made)

    def answer(self, complete: bool) -> Answer:
        return self._answer

    def content(self) -> Content:
        return {}


def _polling(operation: str, name_of: Callable[[Call], Any]) -> Surface:
    def request(call: Call, _stream: bool) -> Request:
        return Request(
            operation=operation,
            endpoint=read_called_endpoint(call),
            origin=enum_text(name_of(call)),
        )

    return Surface(request, no_parameters, no_content, _PollReader, role=Role.POLL)


class _PollReader:
    """Reads how a job stands, and at its end how it came out."""

    __slots__ = ("_answer",)

    def __init__(self, capture: bool) -> None:
        self._answer = Answer()

    def add(self, response: Any) -> None:
        job = read_job(response)
        details: dict[str, Value] = {"job_state": job.state}
        if job.name is not None:
            details["job_name"] = job.name
        if job.ended:
            details.update(batch_tokens(response))
            references = result_references(response)
            if references:
                details["job_results"] = references
            held_back = filter_reasons(response)
            if held_back:
                details["job_filter_reasons"] = held_back
            if job.seconds is not None:
                details["job_seconds"] = job.seconds
        failure = read_error(job.error) if job.failed else None
        self._answer = Answer(details=details, failure=failure)

    def answer(self, complete: bool) -> Answer:
        return self._answer

    def content(self) -> Content:
        return {}


def _operation_name(call: Call) -> Any:
    return field(view(argument(call, "operation", 0)), "name")


def _job_name(call: Call) -> Any:
    return argument(call, "name", 0)


GENERATE_VIDEOS = _submitting("generate_videos")
CREATE_BATCH = _submitting("create_batch")
CREATE_EMBEDDINGS_BATCH = _submitting("create_embeddings_batch")
TUNE = _submitting("tune_model", model="base_model")
POLL_OPERATION = _polling("get_operation", _operation_name)
POLL_BATCH = _polling("get_batch", _job_name)
POLL_TUNING = _polling("get_tuning", _job_name)
