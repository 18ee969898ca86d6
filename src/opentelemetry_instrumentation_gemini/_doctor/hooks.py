"""Which hooks are on once the SDK is imported, and which are missing."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from warnings import catch_warnings, simplefilter

from opentelemetry_instrumentation_gemini._guard import attempt
from opentelemetry_instrumentation_gemini._instrumentor import GeminiInstrumentor
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks
from opentelemetry_instrumentation_gemini._patching.table import HOOKS, Hook

from .findings import Finding, note, ok, problem
from .versions import installed

SECTION = "Hooks"

_SDKS = {"google-genai": "google.genai.", "google-generativeai": "google.generativeai."}


def look_at_hooks() -> Iterator[Finding]:
    """Instrument this process, import the SDKs, and yield which hooks are on."""
    releases = {sdk: release for sdk in _SDKS if (release := installed(sdk)) is not None}
    if not releases:
        yield note(SECTION, "None are on, since google-genai is not installed.")
        return
    instrumentor = GeminiInstrumentor()
    if instrumentor.arguments is None:
        instrumentor.instrument()
    for module in dict.fromkeys(hook.module for hook in HOOKS):
        attempt(f"importing {module}", _import, module)
    placed = set(placed_hooks())
    for sdk, release in releases.items():
        yield from _look_at(sdk, release, placed)


def _look_at(sdk: str, release: str, placed: set[str]) -> Iterator[Finding]:
    hooks = [hook for hook in HOOKS if hook.module.startswith(_SDKS[sdk])]
    missing = [hook for hook in hooks if not _names(hook) & placed]
    text = f"{len(hooks) - len(missing)} of {len(hooks)} hooks are on {sdk} {release}"
    if len(missing) < len(hooks):
        yield ok(SECTION, f"{text}.")
    else:
        yield problem(SECTION, f"{text}, so no call is traced. Is OTEL_SDK_DISABLED set?")
    for name in sorted(placed):
        if name.startswith(_SDKS[sdk]):
            yield ok(SECTION, name)
    for hook in missing:
        # What should be there and is not was logged when the hooks went on.
        if _parts(release) < _parts(hook.since):
            yield note(SECTION, f"{hook} comes with {sdk} {hook.since}.")


def _import(module: str) -> None:
    with catch_warnings():
        # The older SDK says that it is old.
        simplefilter("ignore", FutureWarning)
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
