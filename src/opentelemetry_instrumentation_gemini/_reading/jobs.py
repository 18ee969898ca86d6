"""Long-running work: what its job objects say, and what this process remembers of them."""

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from opentelemetry_instrumentation_gemini._facts.calls import Failure, Value

from .errors import scrub
from .fields import FieldReader, enum_text, field, view
from .usage import read_counts, to_usage

_MOST = 1024
"""Jobs that are remembered; the oldest go first."""

_JOB = FieldReader("name", "state", "create_time", "end_time", "error")
_OPERATION = FieldReader("name", "done", "error", "response", "result")

# The SDK translates the Gemini API's own words as far as it knows them.
_STATE_PREFIX = re.compile("^(job|batch)_state_")
_ENDED = frozenset({"succeeded", "failed", "cancelled", "expired", "partially_succeeded"})
_FAILED = frozenset({"failed", "expired"})


class Job(NamedTuple):
    """A job as one look finds it."""

    name: str | None
    state: str
    error: Any = None
    seconds: float | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in _ENDED

    @property
    def failed(self) -> bool:
        """Whether it ended badly."""
        return self.state in _FAILED


class _Memory:
    """When jobs were submitted, and how they were when last looked at; bounded."""

    def __init__(self) -> None:
        self._submitted: OrderedDict[str, float] = OrderedDict()
        self._seen: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._lock = Lock()

    def submit(self, name: str) -> None:
        """Remember when a job was submitted."""
        with self._lock:
            self._submitted[name] = monotonic()
            _shorten(self._submitted)

    def look(self, job: Job) -> tuple[bool, int]:
        """Return whether *job* has changed since the last look, and how often it was looked at."""
        if job.name is None:
            return True, 1
        with self._lock:
            state, looks = self._seen.get(job.name, ("", 0))
            self._seen[job.name] = (job.state, looks + 1)
            self._seen.move_to_end(job.name)
            _shorten(self._seen)
        return state != job.state, looks + 1

    def seconds_since(self, name: str | None) -> float | None:
        """Return how long ago a job was submitted by this process, in seconds."""
        began = None if name is None else self._submitted.get(name)
        return None if began is None else monotonic() - began


def _shorten(names: OrderedDict[str, Any]) -> None:
    while len(names) > _MOST:
        names.popitem(last=False)


JOBS = _Memory()


def read_job(value: Any) -> Job:
    """Return what a `BatchJob`, a `TuningJob` or an operation says of itself."""
    source = view(value)
    if not hasattr(source, "state"):
        name, done, error, _, _ = _OPERATION(source)
        state = "failed" if error else "succeeded" if done else "running"
        return Job(enum_text(name), state, error, JOBS.seconds_since(enum_text(name)))
    name, state, created, ended, error = _JOB(source)
    seconds = None
    if isinstance(created, datetime) and isinstance(ended, datetime):
        seconds = (ended - created).total_seconds()
    text = _STATE_PREFIX.sub("", (enum_text(state) or "unknown").lower())
    return Job(enum_text(name), text, error, seconds or JOBS.seconds_since(enum_text(name)))


def read_error(error: Any) -> Failure:
    """Return the failure that a job's *error* tells of."""
    source = view(error)
    code = field(source, "code")
    error_type = "_OTHER" if code is None else str(code)
    message = enum_text(field(source, "message"))
    return Failure(error_type, "JobError", None if message is None else scrub(message))


def result_references(value: Any) -> list[str]:
    """Return where the results are: URIs, file names, models."""
    source = view(value)
    response = field(source, "response") or field(source, "result")
    videos = (
        field(view(item), "video") for item in field(view(response), "generated_videos") or ()
    )
    found = [field(view(video), "uri") for video in videos if video is not None]
    dest = view(field(source, "dest"))
    found += [field(dest, name) for name in ("gcs_uri", "bigquery_uri", "file_name")]
    info = view(field(source, "output_info"))
    found += [field(info, name) for name in ("gcs_output_directory", "bigquery_output_table")]
    found.append(field(view(field(source, "tuned_model")), "model"))
    return [scrub(text) for item in found if (text := enum_text(item)) is not None]


def filter_reasons(value: Any) -> list[str]:
    """Return why videos were held back."""
    source = view(value)
    response = view(field(source, "response") or field(source, "result"))
    reasons = map(enum_text, field(response, "rai_media_filtered_reasons") or ())
    return [scrub(reason) for reason in reasons if reason is not None]


def batch_tokens(value: Any) -> dict[str, Value]:
    """Return the billed tokens of a batch whose answers stand in the job itself."""
    dest = view(field(view(value), "dest"))
    embedded = _embedded_tokens(field(dest, "inlined_embed_content_responses") or ())
    if embedded is not None:
        return {"batch_input": embedded}
    totals = _sum_usage(_answers(field(dest, "inlined_responses") or ()))
    return {} if totals is None else dict(zip(("batch_input", "batch_output"), totals, strict=True))


def _answers(items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        answer = field(view(item), "response")
        if answer is not None:
            yield view(answer)


def _embedded_tokens(items: Iterable[Any]) -> int | None:
    counts = [field(answer, "token_count") for answer in _answers(items)]
    known = [int(count) for count in counts if count is not None]
    return sum(known) if known else None


def _sum_usage(answers: Iterable[Any]) -> tuple[int, int] | None:
    tokens = [0, 0]
    reported = False
    for answer in answers:
        metadata = field(answer, "usage_metadata")
        usage = None if metadata is None else to_usage(read_counts(metadata))
        if usage is not None:
            reported = True
            tokens[0] += usage.input_tokens or 0
            tokens[1] += usage.output_tokens or 0
    return (tokens[0], tokens[1]) if reported else None
