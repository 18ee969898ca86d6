"""Putting hooks on when the application imports the SDK, and taking them off again."""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple

import wrapt

from opentelemetry_instrumentation_gemini._guard import attempt, warn_once

from .managers import hook_beneath
from .shims import Open, Seat, decline, make_shim
from .table import Hook, Shape
from .wrapper import MethodWrapper, Wrapper

OpenFor = Callable[[Hook, str], Open]
"""Makes what opens a scope for the calls of a hook, given the name under which it was found."""


class _Placed(NamedTuple):
    """A wrapper that was put on: it may outlive its installation under someone else's patch."""

    holder: Any
    name: str
    surface: str
    original: Any
    wrapper: Any
    seat: Seat


class Installation:
    """The hooks of one `instrument()`."""

    def __init__(self, hooks: Iterable[Hook], open_for: OpenFor) -> None:
        self._open_for = open_for
        self._by_module: dict[str, list[Hook]] = {}
        for hook in hooks:
            self._by_module.setdefault(hook.module, []).append(hook)

    @property
    def modules(self) -> Iterable[str]:
        """The modules that hold hooked methods."""
        return self._by_module

    def attach(self, module: ModuleType) -> None:
        """Put on the hooks of *module*."""
        package = _package_of(module.__name__)
        installed = _version_of(package)
        if installed is not None:
            self._report_lost_modules(package, installed)
        for hook in self._by_module[module.__name__]:
            if installed is None or _parts(installed) >= _parts(hook.since):
                attempt(f"hooking {hook}", self._attach_one, hook, module)

    def _report_lost_modules(self, package: str, installed: str) -> None:
        """Warn of modules that this SDK should have; lazy subpackages apart."""
        for name, hooks in self._by_module.items():
            if name.rpartition(".")[0] != package:
                continue
            expected = any(h.essential and _parts(installed) >= _parts(h.since) for h in hooks)
            if expected and find_spec(name) is None:
                _report_missing(hooks[0])

    def _attach_one(self, hook: Hook, module: ModuleType) -> None:
        holder = module if hook.owner is None else getattr(module, hook.owner, None)
        name = next((name for name in hook.names if name in vars(holder or object)), None)
        if name is None:
            if hook.essential:
                _report_missing(hook)
            return
        _place(holder, name, hook).seat.open = self._open_for(hook, name)


_placed: list[_Placed] = []
_forwarded: set[str] = set()
_live: Installation | None = None


def install(installation: Installation) -> None:
    """Make *installation* the live one: hook what is imported, and the rest when it will be."""
    global _live  # noqa: PLW0603 - the SDK's classes are global too
    _live = installation
    for name in installation.modules:
        attempt(f"hooking {name}", _await_import, name)


def _await_import(name: str) -> None:
    # wrapt has no way to unregister: one forwarder for each module asks who is live. wrapt calls
    # it once, at once if the module is there.
    if name not in _forwarded:
        _forwarded.add(name)
        wrapt.register_post_import_hook(_forward, name)


def uninstall() -> None:
    """Take every hook off; under someone else's patch it stays in place, inert."""
    global _live  # noqa: PLW0603 - see install
    _live = None
    # Where two hooks share a method, the outer one went on last.
    for placed in reversed(_placed.copy()):
        placed.seat.open = decline
        if vars(placed.holder).get(placed.name) is placed.wrapper:
            setattr(placed.holder, placed.name, placed.original)
            _replace_imported(placed, placed.wrapper, placed.original)
            _placed.remove(placed)


def placed_hooks() -> Iterator[str]:
    """Yield the dotted name of every hook that is on."""
    for placed in _placed:
        if placed.seat.open is not decline:
            owner = placed.holder
            prefix = getattr(owner, "__module__", None)
            name = getattr(owner, "__qualname__", owner.__name__)
            yield ".".join(part for part in (prefix, name, placed.name) if part)


def _forward(module: ModuleType) -> None:
    _forwarded.discard(module.__name__)
    if _live is None:
        return
    spec = module.__spec__
    if spec is not None and getattr(spec, "_initializing", False):
        # Another thread is in the middle of importing it: wait for that import to end.
        module = import_module(module.__name__)
    attempt(f"hooking {module.__name__}", _live.attach, module)


def _place(holder: Any, name: str, hook: Hook) -> _Placed:
    current = vars(holder)[name]
    for placed in _placed:
        same = placed.holder is holder and (placed.name, placed.surface) == (name, hook.surface)
        if same and _stands_in(current, placed.wrapper):
            return placed
    seat = Seat()
    shim = make_shim(hook.shape, seat)
    kind = Wrapper if hook.owner is None else MethodWrapper
    if hook.decorated or hook.shape is Shape.ASYNC_MANAGER:
        wrapper = hook_beneath(current, partial(kind, wrapper=shim))
    else:
        wrapper = kind(current, shim)
    placed = _Placed(holder, name, hook.surface, current, wrapper, seat)
    setattr(holder, name, wrapper)
    _replace_imported(placed, current, wrapper)
    _placed.append(placed)
    return placed


def _stands_in(current: Any, wrapper: Any) -> bool:
    """Whether *wrapper* is *current*, or is what others wrapped on top of it call."""
    seen: set[int] = set()
    while current is not None and id(current) not in seen:
        if current is wrapper:
            return True
        seen.add(id(current))
        current = getattr(current, "__wrapped__", None)
    return False


def _replace_imported(placed: _Placed, old: Any, new: Any) -> None:
    """Replace a hooked function also in the modules of its SDK that imported it by name."""
    if not isinstance(placed.holder, ModuleType):
        return
    package = _package_of(placed.holder.__name__)
    for name, module in list(sys.modules.items()):
        inside = name == package or name.startswith(f"{package}.")
        if inside and vars(module).get(placed.name) is old:
            setattr(module, placed.name, new)


def _report_missing(hook: Hook) -> None:
    package = _package_of(hook.module)
    warn_once(
        f"missing {hook}",
        "%s %s has no %s, so these calls are not traced; everything else is. "
        "A newer opentelemetry-instrumentation-gemini may know where it went.",
        package.replace(".", "-"),
        _version_of(package),
        hook,
    )


def _package_of(module: str) -> str:
    """Return the SDK that *module* belongs to; each is named like its distribution."""
    return ".".join(module.split(".", 2)[:2])


def _version_of(package: str) -> str | None:
    # The SDKs import this module first; a package's metadata would have to be parsed.
    return getattr(sys.modules.get(f"{package}.version"), "__version__", None)


def _parts(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".") if part.isdigit())
