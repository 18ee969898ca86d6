"""Hooks of google-generativeai: on in every order, off without a trace, told by the right name."""

from __future__ import annotations

import inspect
import logging
from importlib import import_module
from typing import Any

import google.generativeai as genai
import pytest
from google.generativeai import embedding

from opentelemetry_instrumentation_gemini import _guard, _instrumentor
from opentelemetry_instrumentation_gemini._patching.hook import Hook, Shape
from opentelemetry_instrumentation_gemini._patching.legacy import LEGACY_HOOKS
from promises import elsewhere
from promises.watching import Telemetry

MODELS = "google.generativeai.generative_models"


def targets() -> dict[Hook, Any]:
    """Returns what stands at each hook's place at the moment."""
    found = {}
    for hook in LEGACY_HOOKS:
        module = import_module(hook.module)
        owner = module if hook.owner is None else getattr(module, hook.owner)
        found[hook] = vars(owner)[hook.names[0]]
    return found


def test_hooks_come_off():
    """After any number of rounds the SDK's own functions stand in their places."""
    before, embed = targets(), genai.embed_content
    for _ in range(3):
        with Telemetry().attached():
            hooked = targets()
            assert [hook for hook in before if hooked[hook] is before[hook]] == []
            assert genai.embed_content is embedding.embed_content is not embed
        assert targets() == before
        assert genai.embed_content is embedding.embed_content is embed


def test_a_hook_cannot_be_told_from_the_method():
    """Name, signature and kind of function stay what they were."""
    before = {hook: _seen(function) for hook, function in targets().items()}
    with Telemetry().attached():
        assert {hook: _seen(function) for hook, function in targets().items()} == before


def _seen(function: Any) -> list[Any]:
    kinds = (inspect.isfunction, inspect.iscoroutinefunction)
    names = (function.__name__, function.__qualname__, function.__module__, function.__doc__)
    return [*names, inspect.signature(function), *(kind(function) for kind in kinds)]


def test_nothing_is_imported():
    """Instrumenting imports neither SDK; hooks go on with the import, in the package as well."""
    told = elsewhere.python("""
        import sys, warnings
        warnings.simplefilter("ignore")
        from opentelemetry_instrumentation_gemini import GeminiInstrumentor
        GeminiInstrumentor().instrument()
        before = [name for name in sys.modules if name.startswith("google.gen")]
        import google.generativeai as genai
        from google.generativeai import embed_content
        hooked = [hasattr(one, "__wrapped__") for one in (
            genai.GenerativeModel.generate_content, genai.embed_content, embed_content)]
        GeminiInstrumentor().uninstrument()
        after = [hasattr(one, "__wrapped__") for one in (
            genai.GenerativeModel.generate_content, genai.embed_content)]
        other = "google.genai" in sys.modules
        tell([before, hooked, after, other])
    """)
    assert told == [[], [True] * 3, [False] * 2, False]


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Any:
    """What is logged from WARNING on, by a process that has not warned of anything yet."""
    monkeypatch.setattr(_guard, "_reported", set())
    caplog.set_level(logging.WARNING)
    return caplog


def test_a_missing_method_is_told(monkeypatch: pytest.MonkeyPatch, warnings: Any):
    """A hook that finds nothing names the SDK that it is for, and the others go on."""
    lost = Hook(MODELS, "GenerativeModel", ("lost",), Shape.CALL, "legacy:GENERATE", "0.3")
    later = Hook(MODELS, "GenerativeModel", ("later",), Shape.CALL, "legacy:GENERATE", "99.0")
    monkeypatch.setattr(_instrumentor, "HOOKS", (lost, later, *LEGACY_HOOKS))
    with Telemetry().attached():
        assert hasattr(genai.GenerativeModel.generate_content, "__wrapped__")
    (record,) = warnings.records
    assert f"{MODELS}.GenerativeModel.lost" in record.getMessage()
    assert record.getMessage().startswith(f"google-generativeai {genai.__version__} has no")


def test_nothing_is_missing(warnings: Any):
    """This release has every method, and of an SDK that is not installed nothing is expected."""
    with Telemetry().attached():
        assert hasattr(genai.GenerativeModel.generate_content, "__wrapped__")
    assert warnings.records == []
