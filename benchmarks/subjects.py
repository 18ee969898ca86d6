"""What is put on the SDK to be measured: this plugin, or another product."""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

GEMINI = "gemini"
"""This plugin."""

_INSTRUMENTORS = {
    GEMINI: ("opentelemetry_instrumentation_gemini", "GeminiInstrumentor"),
    "official": ("opentelemetry.instrumentation.google_genai", "GoogleGenAiSdkInstrumentor"),
    "openinference": ("openinference.instrumentation.google_genai", "GoogleGenAIInstrumentor"),
}

Remove = Callable[[], None]


def installed() -> list[str]:
    """Return the products that this environment has."""
    return [name for name, (module, _) in _INSTRUMENTORS.items() if _has(module)]


def put_on(name: str, providers: Mapping[str, Any], settings: Mapping[str, Any]) -> Remove:
    """Instrument the SDK with the product *name*; return what takes it off again.

    Args:
        name: One of the products above.
        providers: The OpenTelemetry providers, by their names in `instrument()`.
        settings: The plugin's own settings; other products take theirs from the environment.
    """
    module, attribute = _INSTRUMENTORS[name]
    instrumentor = getattr(import_module(module), attribute)()
    instrumentor.instrument(**providers, **(settings if name == GEMINI else {}))
    remove: Remove = instrumentor.uninstrument
    return remove


def _has(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
