"""The plugin switched off, the plugin unused, and the plugin with no line of code."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import HOWS
from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks
from promises import elsewhere
from promises.programs import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_gemini import FakeGemini, How
    from promises.watching import Telemetry

OURS = "opentelemetry_instrumentation_gemini"
LIST_MODULES = "import sys; tell(sorted(sys.modules))"


@pytest.mark.parametrize("how", HOWS)
def test_a_disabled_sdk_means_no_hooks(
    how: How, genai: Any, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """Where OTEL_SDK_DISABLED is set nothing is hooked, since nothing could be recorded."""
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    with telemetry.attached():
        assert list(placed_hooks()) == []
        ask(how, genai, telemetry)
    assert telemetry.ended == []


@dataclass(frozen=True)
class Empty:
    """What an empty program under `opentelemetry-instrument` has loaded, and its CPU time."""

    modules: set[str]
    seconds: float


def _empty_program(**environment: str) -> Empty:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    modules = elsewhere.python(LIST_MODULES, auto=True, **elsewhere.QUIET, **environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Empty(set(modules), seconds)


@pytest.fixture(scope="module")
def without() -> Empty:
    """Run `opentelemetry-instrument python -c pass` with the plugin disabled."""
    return _empty_program(OTEL_PYTHON_DISABLED_INSTRUMENTATIONS="gemini")


def test_a_disabled_instrumentation_is_not_even_imported(without: Empty):
    """Where OTEL_PYTHON_DISABLED_INSTRUMENTATIONS names gemini none of our code is loaded."""
    assert "opentelemetry.instrumentation" in without.modules
    assert [name for name in without.modules if name.startswith(OURS)] == []


def test_a_program_without_gemini_pays_next_to_nothing(
    without: Empty, capsys: pytest.CaptureFixture[str], record_property: Any
):
    """`opentelemetry-instrument python -c pass` loads our first few modules, and nothing heavy."""
    with_us = _empty_program()
    added = with_us.modules - without.modules
    assert OURS in added
    light = {OURS, "wrapt", *sys.stdlib_module_names}
    assert [name for name in added if name.partition(".")[0] not in light] == []
    milliseconds = (with_us.seconds - without.seconds) * 1000
    record_property("added milliseconds", milliseconds)
    with capsys.disabled():
        print(f"\nopentelemetry-instrument python -c pass: {milliseconds:+.0f} ms")  # noqa: T201


def test_a_program_is_traced_without_a_line_of_code(fake: FakeGemini):
    """An unchanged program under `opentelemetry-instrument` has its spans, and no content."""
    url = fake.play(PLAIN_TEXT, repeat=True).url
    program = f"""
from fake_gemini import client
genai = client({url!r})
asked = dict(model="gemini-2.5-flash", contents="Why is the sky blue?")
genai.models.generate_content(**asked)
for chunk in genai.chats.create(model="gemini-2.5-flash").send_message_stream("Why?"):
    pass
"""
    environment = {**elsewhere.QUIET, "OTEL_TRACES_EXPORTER": "console"}
    done = elsewhere.run(["-c", program], auto=True, **environment)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    spans = list(_documents(done.stdout))
    assert [span["name"] for span in spans] == ["generate_content gemini-2.5-flash"] * 2
    for span in spans:
        assert span["kind"] == "SpanKind.CLIENT"
        assert span["attributes"]["gen_ai.usage.output_tokens"] == 15
        assert "blue" not in json.dumps(span)


def _documents(text: str) -> Iterator[Any]:
    """Yields the JSON documents that follow one another in a text."""
    decoder = json.JSONDecoder()
    position = 0
    while (start := text.find("{", position)) >= 0:
        document, position = decoder.raw_decode(text, start)
        yield document
