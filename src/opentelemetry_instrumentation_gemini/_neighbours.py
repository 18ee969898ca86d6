"""Other plugins that trace the same SDK, and how to tell that one is at work."""

import sys
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from ._guard import attempt, warn_once


class Neighbour(NamedTuple):
    """An instrumentor of another distribution.

    Attributes:
        distribution: The package that people install.
        module: The module that holds its instrumentor.
        instrumentor: The instrumentor's class.
        entry_point: Its name in OTEL_PYTHON_DISABLED_INSTRUMENTATIONS.
    """

    distribution: str
    module: str
    instrumentor: str
    entry_point: str

    def is_active(self) -> bool:
        """Return whether it is instrumented in this process; imports nothing."""
        instrumentor = getattr(sys.modules.get(self.module), self.instrumentor, None)
        instance = getattr(instrumentor, "_instance", None)
        return bool(getattr(instance, "_is_instrumented_by_opentelemetry", False))

    @property
    def remedy(self) -> str:
        """What to do where both are at work."""
        return (
            "Keep one of the two: under opentelemetry-instrument, set "
            f"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS to {self.entry_point} or to gemini; in code, "
            f"leave out the other's instrument()"
        )


NEIGHBOURS = (
    Neighbour(
        "opentelemetry-instrumentation-google-genai",
        "opentelemetry.instrumentation.google_genai",
        "GoogleGenAiSdkInstrumentor",
        "google-genai",
    ),
    Neighbour(
        "openinference-instrumentation-google-genai",
        "openinference.instrumentation.google_genai",
        "GoogleGenAIInstrumentor",
        "google_genai",
    ),
    Neighbour(
        "opentelemetry-instrumentation-google-generativeai",
        "opentelemetry.instrumentation.google_generativeai",
        "GoogleGenerativeAiInstrumentor",
        "google_generativeai",
    ),
)

MLFLOW_REMEDY = (
    "Keep one of the two: leave out mlflow.gemini.autolog(), or call it with disable=True"
)


def active_neighbours() -> Iterator[tuple[str, str]]:
    """Yield the name of each other plugin that is at work in this process, and the remedy."""
    for neighbour in NEIGHBOURS:
        if neighbour.is_active():
            yield neighbour.distribution, neighbour.remedy
    if _mlflow_is_active():
        yield "mlflow.gemini.autolog", MLFLOW_REMEDY


def _mlflow_is_active() -> bool:
    utils: Any = sys.modules.get("mlflow.utils.autologging_utils")
    integrations = getattr(utils, "AUTOLOGGING_INTEGRATIONS", {})
    # The key is there only once autolog() was called.
    return integrations.get("gemini", {}).get("disable") is False


@cache
def warn_of_doubles() -> None:
    """Warn, once in a process, of other plugins that trace the same calls."""
    attempt("looking for other plugins", _warn)


def _warn() -> None:
    for name, remedy in active_neighbours():
        warn_once(
            f"neighbour {name}",
            "%s traces the same Gemini calls, so each has two spans, and tokens and cost are "
            "counted twice. %s.",
            name,
            remedy,
        )
