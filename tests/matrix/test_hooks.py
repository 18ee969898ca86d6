"""Every row of the table on this release of the SDK: found, unseen by `inspect`, taken off."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from matrix.asking import INSTALLED
from matrix.watching import Watched
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks
from opentelemetry_instrumentation_gemini._patching.table import HOOKS, Hook

KINDS = (
    inspect.isfunction,
    inspect.iscoroutinefunction,
    inspect.isgeneratorfunction,
    inspect.isasyncgenfunction,
)
DUE = [
    hook
    for hook in HOOKS
    if hook.module.startswith("google.genai.")
    and tuple(map(int, hook.since.split("."))) <= INSTALLED
]
"""The rows that this release should have."""
MOVED = ("google.genai._interactions", "google.genai._gaos")
"""Packages of which a release has one or the other."""


def owner_of(hook: Hook) -> Any:
    """Return what holds the hooked method on this SDK, if anything does."""
    try:
        module = import_module(hook.module)
    except ModuleNotFoundError:
        return None
    return module if hook.owner is None else getattr(module, hook.owner, None)


def targets() -> Iterator[tuple[Hook, Any, str]]:
    """Yield each due row with the holder and the name that it takes here."""
    for hook in DUE:
        owner = owner_of(hook)
        name = next((name for name in hook.names if owner and name in vars(owner)), None)
        if name is not None:
            yield hook, owner, name


def test_every_row_is_found() -> None:
    """Each row has its method on every release since the one that it names."""
    found = {hook for hook, _, _ in targets()}
    assert [str(hook) for hook in DUE if hook not in found and not _is_elsewhere(hook)] == []


def _is_elsewhere(hook: Hook) -> bool:
    """Whether the row is about a generated client that this release has under another name."""
    return hook.module.startswith(MOVED) and owner_of(hook) is None and _interactions_found()


def _interactions_found() -> bool:
    return any("interactions" in hook.surface for hook, _, _ in targets())


def test_every_row_is_hooked(watched: Watched) -> None:
    """What is found is wrapped, and the plugin knows it."""
    known = set(placed_hooks())
    for hook, owner, name in targets():
        module = owner.__name__ if hook.owner is None else f"{hook.module}.{hook.owner}"
        assert hasattr(vars(owner)[name], "__wrapped__"), hook
        assert f"{module}.{name}" in known


def test_a_hook_cannot_be_told_from_the_method() -> None:
    """Name, documentation, signature and kind of function stay what they were."""
    before = {(owner, name): _seen(vars(owner)[name]) for _, owner, name in targets()}
    with Watched():
        hooked = {(owner, name): _seen(vars(owner)[name]) for _, owner, name in targets()}
    assert hooked == before


def _seen(function: Any) -> list[Any]:
    return [
        function.__name__,
        function.__qualname__,
        function.__module__,
        function.__doc__,
        inspect.signature(function),
        *(kind(function) for kind in KINDS),
    ]


def test_hooks_come_off() -> None:
    """After any number of rounds the SDK's own functions stand in their places."""
    originals = [(owner, name, vars(owner)[name]) for _, owner, name in targets()]
    for _ in range(3):
        with Watched():
            assert all(vars(owner)[name] is not own for owner, name, own in originals)
        assert all(vars(owner)[name] is own for owner, name, own in originals)
