"""Hooks that are put on and taken off, alone and among other people's patches."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import HOWS
from fake_gemini.scenarios.text import SKY
from opentelemetry_instrumentation_gemini import GeminiInstrumentor, _instrumentor
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks
from opentelemetry_instrumentation_gemini._patching.table import HOOKS, Hook, Shape
from promises.hooks import attributes, changed
from promises.programs import ASKED, ask
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini import How

ROUNDS = 100


def test_many_rounds_leave_the_sdk_as_it_was(genai: Any):
    """After a hundred rounds of instrumenting each hooked name is the very object it was."""
    before = attributes()
    for _ in range(ROUNDS):
        telemetry = Telemetry()
        with telemetry.attached():
            pass
    assert changed(before) == []
    with telemetry.attached():
        assert changed(before)
        genai.models.generate_content(**ASKED)
    assert len(telemetry.ended) == 1
    assert changed(before) == []


@pytest.mark.parametrize("how", HOWS)
def test_uninstrumented_calls_are_not_traced(how: How, genai: Any, telemetry: Telemetry):
    """Once the hooks are off, nothing more is recorded."""
    with telemetry.attached():
        assert list(placed_hooks())
    assert list(placed_hooks()) == []
    ask(how, genai, telemetry)
    assert telemetry.ended == []
    assert telemetry.counts() == {}


def test_instrumenting_twice_warns_and_traces_once(genai: Any, telemetry: Telemetry, log: Any):
    """The second `instrument()` says so in one line and changes nothing."""
    with telemetry.attached():
        GeminiInstrumentor().instrument(tracer_provider=telemetry.tracers)
        genai.models.generate_content(**ASKED)
    assert len(telemetry.ended) == 1
    assert len(log.records) == 1


def test_uninstrumenting_twice_warns_once(telemetry: Telemetry, log: Any):
    """The second `uninstrument()` says so in one line and changes nothing."""
    before = attributes()
    with telemetry.attached():
        GeminiInstrumentor().uninstrument()
        GeminiInstrumentor().uninstrument()
    assert changed(before) == []
    assert len(log.records) == 1


def test_a_name_that_a_module_imported_is_given_back(telemetry: Telemetry):
    """A module of the SDK that imported a hooked function by name gets the original back."""
    from google.genai import _extra_utils  # noqa: PLC0415

    original = vars(_extra_utils)["get_function_response_parts"]
    late = types.ModuleType("google.genai._late")
    sys.modules[late.__name__] = late
    try:
        with telemetry.attached():
            late.get_function_response_parts = _extra_utils.get_function_response_parts
            assert late.get_function_response_parts is not original
        assert late.get_function_response_parts is original
    finally:
        del sys.modules[late.__name__]


def test_a_missing_target_is_told_once_and_the_rest_works(
    genai: Any, telemetry: Telemetry, log: Any, monkeypatch: pytest.MonkeyPatch
):
    """A method that this SDK lacks costs one line, however often one instruments."""
    from google.genai import models  # noqa: PLC0415

    monkeypatch.delattr(models.Models, "count_tokens")
    for _ in range(2):
        with telemetry.attached():
            assert genai.models.generate_content(**ASKED).text == SKY
    assert len(telemetry.ended) == 2
    (line,) = log.records
    assert line.levelname == "WARNING"
    assert "google.genai.models.Models.count_tokens" in line.getMessage()


def test_a_missing_class_is_told_and_the_rest_works(
    genai: Any, telemetry: Telemetry, log: Any, monkeypatch: pytest.MonkeyPatch
):
    """A class that this SDK lacks is a missing target like any other."""
    lost = Hook("google.genai.models", "Lost", ("call",), Shape.CALL, "generate_content", "1.0")
    monkeypatch.setattr(_instrumentor, "HOOKS", (lost, *HOOKS))
    with telemetry.attached():
        genai.models.generate_content(**ASKED)
    assert len(telemetry.ended) == 1
    assert [one.levelname for one in log.records] == ["WARNING"]


def test_what_an_older_sdk_cannot_have_is_no_fault(
    telemetry: Telemetry, log: Any, monkeypatch: pytest.MonkeyPatch
):
    """A target that came with a later release is not missed."""
    later = Hook("google.genai.models", "Models", ("later",), Shape.CALL, "count_tokens", "999.0")
    monkeypatch.setattr(_instrumentor, "HOOKS", (later, *HOOKS))
    with telemetry.attached():
        pass
    assert log.records == []
