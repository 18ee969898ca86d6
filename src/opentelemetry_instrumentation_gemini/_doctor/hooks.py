"""Which hooks are on once the SDK is imported, and which are missing."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from opentelemetry_instrumentation_gemini._guard import attempt
from opentelemetry_instrumentation_gemini._instrumentor import GeminiInstrumentor
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks
from opentelemetry_instrumentation_gemini._patching.table import HOOKS, Hook

from .findings import Finding, note, ok, problem
from .versions import installed

SECTION = "Hooks"


def look_at_hooks() -> Iterator[Finding]:
    """Instrument this process, import the SDK, and yield which hooks are on."""
    sdk = installed("google-genai")
    if sdk is None:
        yield note(SECTION, "None are on, since google-genai is not installed.")
        return
    instrumentor = GeminiInstrumentor()
    if instrumentor.arguments is None:
        instrumentor.instrument()
    for module in dict.fromkeys(hook.module for hook in HOOKS):
        attempt(f"importing {module}", _import, module)
    placed = set(placed_hooks())
    missing = [hook for hook in HOOKS if not _names(hook) & placed]
    yield from _count(len(HOOKS) - len(missing), sdk)
    for name in sorted(placed):
        yield ok(SECTION, name)
    release = _parts(sdk)
    for hook in missing:
        # What should be there and is not was logged when the hooks went on.
        if release < _parts(hook.since):
            yield note(SECTION, f"{hook} comes with google-genai {hook.since}.")


def _count(on: int, sdk: str) -> Iterator[Finding]:
    text = f"{on} of {len(HOOKS)} hooks are on google-genai {sdk}"
    if on:
        yield ok(SECTION, f"{text}.")
    else:
        yield problem(SECTION, f"{text}, so no call is traced. Is OTEL_SDK_DISABLED set?")


def _import(module: str) -> None:
    if _exists(module):
        import_module(module)


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        # Its package is missing, too.
        return False


def _names(hook: Hook) -> set[str]:
    prefix = ".".join(part for part in (hook.module, hook.owner) if part)
    return {f"{prefix}.{name}" for name in hook.names}


def _parts(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".") if part.isdigit())
