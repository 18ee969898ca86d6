"""Hooks that are put on and taken off, alone and among other people's patches."""

from __future__ import annotations

import functools
import logging
import sys
import types
from typing import TYPE_CHECKING, Any

import pytest
import wrapt

from fake_gemini import HOWS, client
from fake_gemini.scenarios.text import PLAIN_TEXT, SKY
from opentelemetry_instrumentation_gemini import GeminiInstrumentor, _instrumentor
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks
from opentelemetry_instrumentation_gemini._patching.table import HOOKS, Hook, Shape
from promises.hooks import holder_of, holders
from promises.programs import ASKED, ask
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_gemini import FakeGemini, How

ROUNDS = 100


def attributes() -> dict[tuple[Any, str], Any]:
    """Returns every attribute of every holder of a hook."""
    return {
        (str(holder), name): value
        for holder in holders()
        for name, value in vars(holder).items()
        if callable(value)
    }


def changed(before: dict[Any, Any]) -> list[Any]:
    """Returns which attributes are other objects than before, were added or are gone."""
    now = attributes()
    return [name for name in before.keys() | now.keys() if before.get(name) is not now.get(name)]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, fresh_process: None) -> Any:
    """What is logged from WARNING on, by a process that has not warned of anything yet."""
    caplog.set_level(logging.WARNING)
    return caplog


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


def _with_wrapt(function: Any, calls: list[Any]) -> Any:
    def wrapper(wrapped: Any, _instance: Any, args: Any, kwargs: Any) -> Any:
        calls.append(wrapped.__name__)
        return wrapped(*args, **kwargs)

    return wrapt.FunctionWrapper(function, wrapper)


def _with_functools(function: Any, calls: list[Any]) -> Any:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        calls.append(function.__name__)
        return function(*args, **kwargs)

    return wrapper


def _with_nothing(function: Any, calls: list[Any]) -> Any:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        calls.append(function.__name__)
        return function(*args, **kwargs)

    return wrapper


class Tracer:
    """Someone else, who patches the methods that we hook."""

    def __init__(self, wrap: Callable[[Any, list[Any]], Any], hooks: Any = HOOKS) -> None:
        self.wrap = wrap
        self.hooks = hooks
        self.calls: list[Any] = []
        self.found: list[Any] = []

    def patch(self) -> None:
        """Wrap what is there at the moment."""
        for owner, name in _round_trips(self.hooks):
            current = vars(owner)[name]
            self.found.append((owner, name, current))
            setattr(owner, name, self.wrap(current, self.calls))

    def unpatch(self) -> None:
        """Put back what was there."""
        for owner, name, current in self.found:
            setattr(owner, name, current)
        self.found.clear()


def _round_trips(hooks: Any) -> list[tuple[Any, str]]:
    """Returns the methods at which this SDK's round trips are hooked."""
    return [
        (holder, next(name for name in hook.names if name in vars(holder)))
        for hook in hooks
        if hook.surface == "generate_content"
        for holder in [holder_of(hook)]
    ]


WRAPS = pytest.mark.parametrize("wrap", [_with_wrapt, _with_functools, _with_nothing])


@WRAPS
@pytest.mark.parametrize("how", HOWS)
def test_another_patch_on_top_survives_us(how: How, wrap: Any, fake: FakeGemini, log: Any):
    """Taken off under someone's patch we are silent, put on again we make one span."""
    before = attributes()
    other = Tracer(wrap)
    first, off, second, third = (Telemetry() for _ in range(4))
    with first.attached():
        other.patch()
        _ask(how, fake, first)
    _ask(how, fake, off)
    with second.attached():
        _ask(how, fake, second)
    other.unpatch()
    _ask(how, fake, off)
    with third.attached():
        _ask(how, fake, third)
    assert len(other.calls) == 3
    assert [len(one.ended) for one in (first, off, second, third)] == [1, 0, 1, 1]
    assert log.records == []
    assert changed(before) == []


# Hooked at the requests themselves, as on SDKs before 2.30, all four shapes differ.
_REQUESTS = tuple(
    hook._replace(names=hook.names[1:]) for hook in HOOKS if hook.surface == "generate_content"
)


@WRAPS
@pytest.mark.parametrize("how", HOWS)
def test_another_patch_below_survives_us(
    how: How,
    wrap: Any,
    fake: FakeGemini,
    log: Any,
    telemetry: Telemetry,
    monkeypatch: pytest.MonkeyPatch,
):
    """Who patched before us is called, and finds their patch again after us."""
    monkeypatch.setattr(_instrumentor, "HOOKS", _REQUESTS)
    before = attributes()
    other = Tracer(wrap, _REQUESTS)
    other.patch()
    patched = attributes()
    with telemetry.attached():
        _ask(how, fake, telemetry)
    assert changed(patched) == []
    other.unpatch()
    assert changed(before) == []
    assert (len(other.calls), len(telemetry.ended)) == (1, 1)
    assert log.records == []


def test_a_patch_below_may_go_before_us(genai: Any, telemetry: Telemetry):
    """Who takes a patch off from below takes our hook off too, and we put nothing back."""
    before = attributes()
    other = Tracer(_with_functools)
    other.patch()
    with telemetry.attached():
        other.unpatch()
        genai.models.generate_content(**ASKED)
    assert changed(before) == []
    with telemetry.attached():
        genai.models.generate_content(**ASKED)
    assert len(telemetry.ended) == 1
    assert changed(before) == []


def _ask(how: How, fake: FakeGemini, telemetry: Telemetry) -> None:
    genai = client(fake.play(PLAIN_TEXT))
    (*_, last) = ask(how, genai, telemetry)
    assert last.text
    for span in telemetry.ended:
        assert span.attributes["gen_ai.provider.name"] == "gcp.gemini"
        assert span.attributes["gen_ai.usage.output_tokens"] == 15
        assert span.name == "generate_content gemini-2.5-flash"


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
