"""What of the table this SDK has."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from opentelemetry_instrumentation_gemini._patching.table import HOOKS, Hook


def holder_of(hook: Hook) -> Any:
    """Returns the class or module that holds what is hooked, if this SDK has it."""
    try:
        module = import_module(hook.module)
    except ImportError:
        return None
    return module if hook.owner is None else getattr(module, hook.owner, None)


def holders() -> list[Any]:
    """Returns each holder once."""
    found = [holder for holder in map(holder_of, HOOKS) if holder is not None]
    return list({id(holder): holder for holder in found}.values())


def targets() -> list[tuple[Any, str]]:
    """Returns the holder and the name of everything that is hooked, once."""
    found: dict[str, tuple[Any, str]] = {}
    for hook in HOOKS:
        holder = holder_of(hook)
        name = next((name for name in hook.names if name in vars(holder or object)), None)
        if holder is not None and name is not None:
            found[f"{holder.__name__}.{name}"] = (holder, name)
    return [found[key] for key in sorted(found)]


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
