"""Programs beside frameworks and other plugins, each in an environment of its own."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autolog.programs import run
from fake_gemini import FakeGemini

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = Path(os.environ.get("NEIGHBOURS_FOLDER", ROOT / ".venvs"))
OURS = "opentelemetry_instrumentation_gemini"

BEGINNING = """
import json
import logging

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

logging.basicConfig(level=logging.WARNING, format="%(name)s %(levelname)s %(message)s")
kept = InMemorySpanExporter()
trace.set_tracer_provider(TracerProvider())
trace.get_tracer_provider().add_span_processor(SimpleSpanProcessor(kept))
"""
SWITCH_ON = """
from opentelemetry_instrumentation_gemini import GeminiInstrumentor

GeminiInstrumentor().instrument()
"""
END = """
def told(span):
    return {
        "scope": span.instrumentation_scope.name,
        "name": span.name,
        "id": span.context.span_id,
        "parent": span.parent and span.parent.span_id,
        "attributes": dict(span.attributes),
    }


print(json.dumps([told(span) for span in kept.get_finished_spans()]))
"""
DOCTOR = """
import sys

from opentelemetry_instrumentation_gemini._doctor.command import main

sys.exit(main(["doctor", "--json"]))
"""


@dataclass(frozen=True)
class Span:
    """A span as its program told of it."""

    scope: str
    name: str
    id: int
    parent: int | None
    attributes: dict[str, Any]

    @property
    def ours(self):
        """Whether this package made it."""
        return self.scope == OURS

    @property
    def tokens(self):
        """Its input and output tokens, by the names of the conventions or OpenInference's."""
        for names in (
            ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"),
            ("llm.token_count.prompt", "llm.token_count.completion"),
        ):
            if names[0] in self.attributes:
                found = [self.attributes.get(name, 0) for name in names]
                return Counter(input=found[0], output=found[1])
        return Counter()


@dataclass(frozen=True)
class Outcome:
    """What a program printed before its spans, its spans, and its log.

    ``billed`` are the tokens that Gemini told, ``asked`` the requests that it got.
    """

    said: list[str]
    spans: list[Span]
    log: list[str]
    billed: Counter
    asked: list[Any]

    def tokens(self, *, ours):
        """The sum over the spans that this package made, or that others made."""
        return sum((span.tokens for span in self.spans if span.ours is ours), Counter())

    def names(self, *, ours):
        """The names of these spans, in the order of their ends."""
        return [span.name for span in self.spans if span.ours is ours]

    def warnings(self):
        """What this package has logged."""
        return [line for line in self.log if line.startswith(OURS)]


def needs(name):
    """Mark a test that needs an environment; one that is not there is told as the reason."""
    return pytest.mark.skipif(
        not python_of(name).exists(), reason=f"no environment with {name}: make test-neighbours"
    )


def python_of(name):
    """The Python of an environment."""
    return ENVIRONMENTS / f"beside-{name}" / "bin" / "python"


def run_beside(name, program, *, first="", on=SWITCH_ON, **environ):
    """Run a program, with what comes *first* before this package is switched on."""
    whole = BEGINNING + first + on + program + END
    with FakeGemini() as fake:
        done = run(whole, fake.url, python=python_of(name), **environ)
        assert done.returncode == 0, done.stderr
        usage = fake.free.reported_usage
        asked = [(request.path, request.json) for request in fake.free.requests]
    *said, spans = done.stdout.splitlines()
    return Outcome(
        said=said,
        spans=[Span(**span) for span in json.loads(spans)],
        log=done.stderr.splitlines(),
        billed=Counter(
            input=usage["promptTokenCount"],
            output=usage["candidatesTokenCount"] + usage.get("thoughtsTokenCount", 0),
        ),
        asked=asked,
    )


def doctor_of(name, **environ):
    """What the doctor says of other plugins there, as levels and texts."""
    environ = {"OTEL_TRACES_EXPORTER": "console", **environ}
    done = run(DOCTOR, "http://127.0.0.1:9", python=python_of(name), **environ)
    assert done.returncode in {0, 1}, done.stderr
    found = json.loads(done.stdout)["findings"]
    return [(one["level"], one["text"]) for one in found if one["section"] == "Other plugins"]
