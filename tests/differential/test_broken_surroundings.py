"""An OpenTelemetry of which any method may raise, or that is not there, or that wants nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pytest
from google.genai import types
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from differential import tools
from differential.program import NO_END, End
from differential.recipes import Kitchen, Later, Make, with_kitchen
from differential.running import Case, Play, Run, run, stage
from differential.seen import Seen
from differential.surfaces import SURFACES
from fake_gemini.scenarios.failures import ERROR_IN_MID_STREAM
from fake_gemini.scenarios.text import PLAIN_TEXT
from fake_gemini.scenarios.tools import ONE_TOOL
from opentelemetry_instrumentation_gemini import _guard
from opentelemetry_instrumentation_gemini._emit import content
from promises import elsewhere
from promises.seeing import OURS
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_gemini import FakeGemini

NAMES = [name for name in SURFACES if "generate_content" in name]
MODEL = "gemini-2.5-flash"
BOTH = "SPAN_AND_EVENT"
WEATHER = Make(tools.function, "get_weather", Later({"sky": "clear"}))
PLAYS = {
    "loop": Play(
        ({"model": MODEL, "contents": "Rome?", "config": {"tools": [WEATHER]}},), ONE_TOOL.steps
    ),
    "failure": Play(({"model": MODEL, "contents": "Why?"},), ERROR_IN_MID_STREAM.steps),
}


@dataclass(frozen=True)
class Method:
    """A method of OpenTelemetry's that raises, and which signals go on without it."""

    of: Callable[[Telemetry], Any]
    name: str
    spans: bool = False
    metrics: bool = False

    def __str__(self) -> str:
        return self.name


def _span(telemetry: Telemetry) -> Any:
    return telemetry.user.start_span("any")


def _meter(telemetry: Telemetry) -> Any:
    return telemetry.meters.get_meter("any")


METHODS = (
    Method(lambda telemetry: telemetry.user, "start_span", metrics=True),
    Method(_span, "is_recording", metrics=True),
    # The SDK asks for it itself, where a measurement has a parent span.
    Method(_span, "get_span_context"),
    Method(_span, "set_attributes", spans=True, metrics=True),
    Method(_span, "set_status", spans=True, metrics=True),
    Method(_span, "add_event", spans=True, metrics=True),
    Method(_span, "end", metrics=True),
    Method(lambda telemetry: _meter(telemetry).create_histogram("any"), "record", spans=True),
    Method(lambda telemetry: _meter(telemetry).create_counter("any"), "add", spans=True),
    Method(lambda telemetry: telemetry.loggers.get_logger("any"), "emit", spans=True, metrics=True),
    Method(lambda telemetry: telemetry.tracers, "get_tracer"),
    Method(lambda telemetry: telemetry.meters, "get_meter"),
    Method(lambda telemetry: telemetry.loggers, "get_logger"),
    Method(_meter, "create_histogram"),
    Method(_meter, "create_counter"),
)


class Broken(Exception):  # noqa: N818 - it stands for any error
    """What the methods raise."""


def _broken(*_args: Any, **_kwargs: Any) -> Any:
    raise Broken


def _case(name: str, play: Play) -> Case:
    return Case(play, End() if name.endswith("stream") else NO_END)


def _bare(fake: FakeGemini, name: str, play: Play) -> Run:
    case = _case(name, play)
    return run(stage(fake, case), SURFACES[name].drive, case)


def _traced(
    fake: FakeGemini, name: str, play: Play, telemetry: Telemetry, mode: str = BOTH
) -> tuple[Run, list[Any]]:
    """Run with the plugin; our own log lines come apart from what the program sees."""
    _guard._reported.clear()
    with telemetry.attached(capture_message_content=mode):
        done = _bare(fake, name, play)
    heard = done.seen.complaints
    done.seen.complaints = [line for line in heard if not line[0].startswith(OURS)]
    return done, [line for line in heard if line[0].startswith(OURS)]


def _assert_alike(traced: Run, bare: Run) -> None:
    for item in fields(Seen):
        assert getattr(traced.seen, item.name) == getattr(bare.seen, item.name), item.name


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("play", PLAYS.values(), ids=PLAYS)
@pytest.mark.parametrize("method", METHODS, ids=str)
def test_any_method_may_raise(
    method: Method, play: Play, name: str, fake: FakeGemini, monkeypatch: pytest.MonkeyPatch
):
    """The program sees nothing of it, and the signals that do not need the method go on."""
    bare = _bare(fake, name, play)
    healthy, telemetry = Telemetry(), Telemetry()
    _traced(fake, name, play, healthy)
    with monkeypatch.context() as patch:
        patch.setattr(type(method.of(telemetry)), method.name, _broken)
        traced, lines = _traced(fake, name, play, telemetry)
    _assert_alike(traced, bare)
    assert all("Broken" in line[2] for line in lines)
    if method.spans:
        assert [span.name for span in telemetry.ended] == [span.name for span in healthy.ended]
    if method.metrics:
        assert telemetry.counts() == healthy.counts()


@with_kitchen
def watched_part(kitchen: Kitchen, text: str) -> types.Part:
    """Returns a part that writes down whatever is read of it."""

    class Watched(types.Part):
        def __getattribute__(self, name: str) -> Any:
            kitchen.log.append(("read", name))
            return super().__getattribute__(name)

    return Watched(text=text)


WATCHED = Play(
    (
        {
            "model": MODEL,
            "contents": [Make(watched_part, "Why?"), {"parts": [Make(watched_part, "Really?")]}],
            "config": {"system_instruction": Make(watched_part, "Be brief.")},
        },
    ),
    PLAIN_TEXT.steps,
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sampled", [False, True], ids=["not sampled", "no content"])
def test_nothing_is_read_that_is_not_written(
    sampled: bool, name: str, fake: FakeGemini, monkeypatch: pytest.MonkeyPatch
):
    """Without a recording span, or without permission, nobody looks at the program's content."""
    telemetry = Telemetry() if sampled else Telemetry(sampler=ALWAYS_OFF)
    with monkeypatch.context() as patch:
        patch.setattr(content, "json_writer", _broken)
        traced, lines = _traced(fake, name, WATCHED, telemetry, "NO_CONTENT" if sampled else BOTH)
    _assert_alike(traced, _bare(fake, name, WATCHED))
    assert lines == []


@pytest.mark.parametrize("name", NAMES)
def test_the_watched_part_notices_who_reads_it(name: str, fake: FakeGemini):
    """Where content is captured the trap of the test above closes."""
    traced, _ = _traced(fake, name, WATCHED, Telemetry())
    assert traced.seen.log != _bare(fake, name, WATCHED).seen.log


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("play", PLAYS.values(), ids=PLAYS)
def test_metrics_do_not_depend_on_the_sampler(play: Play, name: str, fake: FakeGemini):
    """What is not sampled counts in every metric like what is."""
    sampled, unsampled = Telemetry(), Telemetry(sampler=ALWAYS_OFF)
    _traced(fake, name, play, sampled)
    _traced(fake, name, play, unsampled)
    assert unsampled.ended == []
    assert sum(sampled.counts().values()) > 0
    assert unsampled.counts() == sampled.counts()


def test_the_api_alone_is_enough(fake: FakeGemini):
    """Where OpenTelemetry's SDK is not installed calls work, and nothing is said."""
    url = fake.play(PLAIN_TEXT, repeat=True).url
    program = f"""
import sys

class Missing:
    def find_spec(self, name, *_):
        if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter")):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
from opentelemetry_instrumentation_gemini import GeminiInstrumentor
GeminiInstrumentor().instrument(capture_message_content="SPAN_AND_EVENT")
from fake_gemini import client
genai = client({url!r})
asked = dict(model={MODEL!r}, contents="Why is the sky blue?")
print(genai.models.generate_content(**asked).text)
print("".join(chunk.text for chunk in genai.models.generate_content_stream(**asked)))
genai.close()
"""
    done = elsewhere.run(["-c", program])
    assert (done.returncode, done.stderr) == (0, "")
    whole, streamed = done.stdout.splitlines()
    assert whole == streamed != ""
