"""Other plugins that would make a second span of each call, for the SDK or a framework on it."""

from collections.abc import Iterator, Mapping
from importlib.metadata import distribution

from opentelemetry.instrumentation.dependencies import get_dist_dependency_conflicts

from opentelemetry_instrumentation_gemini._neighbours import (
    NEIGHBOURS,
    Neighbour,
    active_neighbours,
)

from .findings import Finding, note, ok, problem
from .versions import installed

SECTION = "Other plugins"

# These trace only where the program says so.
_BY_CODE = {
    "mlflow": "mlflow.gemini.autolog()",
    "mlflow-skinny": "mlflow.gemini.autolog()",
    "langsmith": "langsmith.wrappers.wrap_gemini()",
    "logfire": "logfire.instrument_google_genai()",
    "pydantic-ai-slim": "Agent.instrument_all()",
    "traceloop-sdk": "Traceloop.init()",
    "openlit": "openlit.init()",
    "langfuse": "an instrumentor for google-genai beside it",
}

# What a plugin does that opentelemetry-instrument switches on by itself.
_OF_THE_SDK = "opentelemetry-instrument would switch on both, and each call would have two spans"
_OF_LANGCHAIN = (
    "opentelemetry-instrument would switch on both, and the tokens of each call through LangChain "
    "would be counted twice"
)

_LANGCHAIN = "langchain-google-genai"
_LANGCHAIN_PLUGINS = (
    Neighbour(
        "openinference-instrumentation-langchain",
        "openinference.instrumentation.langchain",
        "LangChainInstrumentor",
        "langchain",
    ),
    Neighbour(
        "opentelemetry-instrumentation-langchain",
        "opentelemetry.instrumentation.langchain",
        "LangchainInstrumentor",
        "langchain",
    ),
)
_LANGSMITH_BY_OTEL = {
    "LANGSMITH_TRACING_MODE": ("otel", "hybrid"),
    "LANGSMITH_OTEL_ENABLED": ("true", "1"),
    "LANGSMITH_OTEL_ONLY": ("true", "1"),
}


def look_at_neighbours(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield every other plugin that is at work or would be."""
    active = dict(active_neighbours())
    for name, remedy in active.items():
        yield problem(SECTION, f"{name} is at work as well: each call has two spans. {remedy}.")
    others = [
        finding
        for neighbour in NEIGHBOURS
        if neighbour.distribution not in active and installed(neighbour.distribution)
        for finding in _look_at(neighbour, _OF_THE_SDK, environ)
    ]
    others += _look_at_langchain(environ)
    others += [
        note(
            SECTION, f"{name} is installed: {call} would trace the same calls. Use one of the two."
        )
        for name, call in _BY_CODE.items()
        if installed(name)
    ]
    yield from others
    if not active and not others:
        yield ok(SECTION, "No other plugin for Gemini is installed.")


def _look_at_langchain(environ: Mapping[str, str]) -> Iterator[Finding]:
    if not installed(_LANGCHAIN):
        return
    for plugin in _LANGCHAIN_PLUGINS:
        if installed(plugin.distribution):
            yield from _look_at(plugin, _OF_LANGCHAIN, environ)
    for variable, values in _LANGSMITH_BY_OTEL.items():
        value = environ.get(variable, "")
        if value.lower() in values and installed("langsmith"):
            yield problem(
                SECTION,
                f"With {variable}={value}, LangSmith makes spans of LangChain's calls, so the "
                "tokens of each call through LangChain are counted twice. Unset it, or set "
                "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS to gemini.",
            )


def _look_at(neighbour: Neighbour, harm: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    name = neighbour.distribution
    disabled = environ.get("OTEL_PYTHON_DISABLED_INSTRUMENTATIONS", "").replace(" ", "").split(",")
    if {"*", neighbour.entry_point, "gemini"} & set(disabled):
        yield ok(SECTION, f"{name} is installed, and one of the two is switched off.")
        return
    if get_dist_dependency_conflicts(distribution(name)) is not None:
        yield note(SECTION, f"{name} is installed, but does not work with this google-genai.")
        return
    yield problem(SECTION, f"{name} is installed as well: {harm}. {neighbour.remedy}.")
