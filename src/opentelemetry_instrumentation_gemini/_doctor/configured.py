"""The settings in force, where each came from, and variables that are misspelt."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any

from opentelemetry_instrumentation_gemini._declarative import UNKNOWN, said_in_file
from opentelemetry_instrumentation_gemini._instrumentor import GeminiInstrumentor
from opentelemetry_instrumentation_gemini._settings import Settings, load_settings, sdk_disabled

from .destinations import configured_by_file, destinations
from .findings import Finding, note, ok, problem

SECTION = "Settings"

# What other packages read under the same beginning.
_FOREIGN = {
    "OTEL_INSTRUMENTATION_GENAI_UPLOAD_BASE_PATH",
    "OTEL_INSTRUMENTATION_GENAI_UPLOAD_FORMAT",
    "OTEL_INSTRUMENTATION_GENAI_UPLOAD_MAX_QUEUE_SIZE",
}
_NO_SHARE = {"0", "0.0"}
_BEGINNINGS = ("OTEL_INSTRUMENTATION_GEN", "OTEL_INSTRUMENTATION_GEM", "OTEL_GOOGLE_GENAI_")


def look_at_settings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield each setting with its source, and what keeps the plugin off."""
    keywords = _keywords(environ)
    settings = load_settings(keywords, environ)
    for item in fields(Settings):
        value = getattr(settings, item.name)
        source = _source(item.name, item.metadata["variable"], keywords, environ)
        yield ok(SECTION, f"{item.name} = {_shown(value)} ({source})")
    if settings.usage_breakdown == "ALL":
        yield from _look_for_adders(environ)
    yield from _look_for_misspelt(environ)
    yield from _look_for_switches(environ)


def _keywords(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what this process was instrumented with, or would be by a configuration file."""
    arguments = GeminiInstrumentor().arguments
    if arguments is None:
        said = said_in_file(environ).items()
        return {name: value for name, value in said if name != "enabled"}
    return {
        name: value
        for name, value in {**arguments, **(arguments.get(UNKNOWN) or {})}.items()
        if name != UNKNOWN and not name.endswith("_provider")
    }


def _look_for_adders(environ: Mapping[str, str]) -> Iterator[Finding]:
    if any(to.signal == "traces" and "langfuse" in to.url for to in destinations(environ)):
        yield note(
            SECTION,
            "Langfuse adds tokens by modality to the totals of which they are a part. "
            "Set OTEL_INSTRUMENTATION_GEMINI_USAGE_BREAKDOWN=NO_MODALITIES.",
        )


def _source(
    name: str, variable: str | None, keywords: Mapping[str, Any], environ: Mapping[str, str]
) -> str:
    if keywords.get(name) is not None:
        return "keyword or configuration file"
    return variable if variable and environ.get(variable) else "default"


def _shown(value: Any) -> str:
    if callable(value):
        return str(getattr(value, "__qualname__", type(value).__qualname__))
    return repr(value) if not isinstance(value, str) else value


def _look_for_misspelt(environ: Mapping[str, str]) -> Iterator[Finding]:
    known = {item.metadata["variable"] for item in fields(Settings)} - {None}
    for name in sorted(environ.keys() - known - _FOREIGN):
        if not name.upper().startswith(_BEGINNINGS):
            continue
        close = get_close_matches(name.upper(), sorted(known), n=1, cutoff=0.8)
        if close:
            yield problem(SECTION, f"Nothing reads {name}. Write {close[0]}.")


def _look_for_switches(environ: Mapping[str, str]) -> Iterator[Finding]:
    if sdk_disabled(environ):
        yield problem(
            SECTION, "OTEL_SDK_DISABLED=true switches all telemetry off. Unset it to have any."
        )
    disabled = environ.get("OTEL_PYTHON_DISABLED_INSTRUMENTATIONS", "")
    if {"gemini", "*"} & set(disabled.replace(" ", "").split(",")):
        yield problem(
            SECTION,
            f"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS={disabled} keeps opentelemetry-instrument "
            "from switching this plugin on. Take gemini out of it.",
        )
    sampler = environ.get("OTEL_TRACES_SAMPLER", "").strip()
    share = environ.get("OTEL_TRACES_SAMPLER_ARG", "").strip()
    if sampler.endswith("always_off") or (sampler.endswith("traceidratio") and share in _NO_SHARE):
        yield problem(
            SECTION, f"OTEL_TRACES_SAMPLER={sampler} drops every trace. Unset it to have some."
        )
    yield from _look_at_file(environ)


def _look_at_file(environ: Mapping[str, str]) -> Iterator[Finding]:
    if environ.get("OTEL_CONFIG_FILE") and not configured_by_file(environ):
        yield problem(
            SECTION,
            "OTEL_CONFIG_FILE is set, but nothing that reads it is installed. Unset it, or: "
            "pip install opentelemetry-configuration.",
        )
    if said_in_file(environ).get("enabled") is False:
        yield problem(
            SECTION,
            "The file in OTEL_CONFIG_FILE says `enabled: false` of gemini, which keeps "
            "opentelemetry-instrument from switching this plugin on. Take it out.",
        )
