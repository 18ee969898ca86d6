"""Hooks among other people's patches: on top of them and below them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pytest
import wrapt

from fake_gemini import HOWS, client
from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini import _instrumentor
from opentelemetry_instrumentation_gemini._patching.table import HOOKS
from promises.hooks import attributes, changed, holder_of
from promises.programs import ASKED, ask
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fake_gemini import FakeGemini, How


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


@pytest.fixture
def patched_by() -> Iterator[Callable[..., Tracer]]:
    """Make tracers, and take their patches off even if the test fails."""
    made: list[Tracer] = []

    def make(*arguments: Any) -> Tracer:
        made.append(Tracer(*arguments))
        return made[-1]

    yield make
    for tracer in reversed(made):
        tracer.unpatch()
    with Telemetry().attached():
        # Going off it clears away what was left inert under the patches.
        pass


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
def test_another_patch_on_top_survives_us(
    how: How, wrap: Any, fake: FakeGemini, log: Any, patched_by: Any
):
    """Taken off under someone's patch we are silent, put on again we make one span."""
    before = attributes()
    other = patched_by(wrap)
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


@pytest.fixture
def _hooked_at_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_instrumentor, "HOOKS", _REQUESTS)


@WRAPS
@pytest.mark.parametrize("how", HOWS)
@pytest.mark.usefixtures("_hooked_at_requests")
def test_another_patch_below_survives_us(
    how: How,
    wrap: Any,
    fake: FakeGemini,
    log: Any,
    patched_by: Any,
    telemetry: Telemetry,
):
    """Who patched before us is called, and finds their patch again after us."""
    before = attributes()
    other = patched_by(wrap, _REQUESTS)
    other.patch()
    patched = attributes()
    with telemetry.attached():
        _ask(how, fake, telemetry)
    assert changed(patched) == []
    other.unpatch()
    assert changed(before) == []
    assert (len(other.calls), len(telemetry.ended)) == (1, 1)
    assert log.records == []


def test_a_patch_below_may_go_before_us(genai: Any, telemetry: Telemetry, patched_by: Any):
    """Who takes a patch off from below takes our hook off too, and we put nothing back."""
    before = attributes()
    other = patched_by(_with_functools)
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


@pytest.mark.parametrize("by_name", [False, True])
def test_a_method_taken_off_its_class_is_called_as_it_is(
    by_name: bool, genai: Any, telemetry: Telemetry
):
    """Its instance may come in front, or by the name of the parameter."""
    from google.genai.models import Models  # noqa: PLC0415

    with telemetry.attached():
        method = vars(Models)["generate_content"]
        given = ((), {"self": genai.models}) if by_name else ((genai.models,), {})
        answer = method(*given[0], **given[1], **ASKED)
        with pytest.raises(TypeError, match="self"):
            method(**ASKED)
    assert answer.text
    telemetry.the_round()
