"""Every row of the table on this release of the SDK: found, unseen by `inspect`, taken off."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from typing import Any

import pytest

from matrix.asking import INSTALLED
from opentelemetry_instrumentation_gemini import GeminiInstrumentor
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks
from opentelemetry_instrumentation_gemini._patching.table import HOOKS, Hook

ROWS = pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: f"{hook}-{hook.surface}")
KINDS = (
    inspect.isfunction,
    inspect.iscoroutinefunction,
    inspect.isgeneratorfunction,
    inspect.isasyncgenfunction,
)


@pytest.fixture
def instrumented() -> Iterator[None]:
    """The plugin on for one test."""
    GeminiInstrumentor().instrument()
    yield
    GeminiInstrumentor().uninstrument()


def owner_of(hook: Hook) -> Any:
    """Return what holds the hooked method on this SDK, if anything does."""
    try:
        module = import_module(hook.module)
    except ModuleNotFoundError:
        return None
    return module if hook.owner is None else getattr(module, hook.owner, None)


def target_of(hook: Hook) -> tuple[Any, str]:
    """Return the holder and the name that the hook takes here; skip where the SDK is older."""
    since = tuple(map(int, hook.since.split(".")))
    if since > INSTALLED:
        pytest.skip(f"google-genai has it since {hook.since}")
    owner = owner_of(hook)
    found = [name for name in hook.names if owner is not None and name in vars(owner)]
    assert found, f"{hook} is not in google-genai {version('google-genai')}"
    return owner, found[0]


@ROWS
def test_a_row_is_hooked(instrumented: None, hook: Hook) -> None:
    """The method that a row names is there and wrapped, on every release since the one it names."""
    owner, name = target_of(hook)
    module = owner.__name__ if hook.owner is None else f"{hook.module}.{hook.owner}"
    assert hasattr(vars(owner)[name], "__wrapped__")
    assert f"{module}.{name}" in set(placed_hooks())


@ROWS
def test_a_hook_cannot_be_told_from_the_method(hook: Hook) -> None:
    """Name, documentation, signature and kind of function stay what they were."""
    owner, name = target_of(hook)
    before = _seen(vars(owner)[name])
    GeminiInstrumentor().instrument()
    try:
        hooked = vars(owner)[name]
        assert _seen(hooked) == before
    finally:
        GeminiInstrumentor().uninstrument()


def _seen(function: Any) -> list[Any]:
    return [
        function.__name__,
        function.__qualname__,
        function.__module__,
        function.__doc__,
        inspect.signature(function),
        *(kind(function) for kind in KINDS),
    ]


@ROWS
def test_a_hook_comes_off(hook: Hook) -> None:
    """After any number of rounds the SDK's own function stands in its place."""
    owner, name = target_of(hook)
    original = vars(owner)[name]
    for _ in range(3):
        GeminiInstrumentor().instrument()
        assert vars(owner)[name] is not original
        GeminiInstrumentor().uninstrument()
        assert vars(owner)[name] is original
