"""What is installed, and whether it is enough."""

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from .findings import Finding, note, ok, problem

SECTION = "Versions"

_OURS = "opentelemetry-instrumentation-gemini"
_SDK = "google-genai"
_LEGACY_SDK = "google-generativeai"
_OLDEST = (1, 32)
_LISTED = (
    _OURS,
    _SDK,
    _LEGACY_SDK,
    "opentelemetry-api",
    "opentelemetry-sdk",
    "opentelemetry-instrumentation",
    "opentelemetry-distro",
    "opentelemetry-exporter-otlp-proto-http",
    "opentelemetry-exporter-otlp-proto-grpc",
)


def look_at_versions() -> Iterator[Finding]:
    """Yield what is installed, and what is missing or too old."""
    yield ok(SECTION, f"Python {sys.version.split()[0]}")
    for name in _LISTED:
        found = installed(name)
        if found is not None:
            yield ok(SECTION, f"{name} {found}")
    yield from _look_at_sdk()
    if installed("opentelemetry-sdk") is None:
        yield problem(
            SECTION,
            "opentelemetry-sdk is not installed, so spans go nowhere: "
            f"pip install '{_OURS}[otlp]'.",
        )
    elif installed("opentelemetry-distro") is None:
        yield note(
            SECTION,
            "opentelemetry-distro is not installed: opentelemetry-instrument sets up no SDK, so "
            "the program has to do it itself.",
        )


def _look_at_sdk() -> Iterator[Finding]:
    found = installed(_SDK)
    if found is None:
        if installed(_LEGACY_SDK) is None:
            yield problem(
                SECTION,
                f"{_SDK} is not installed, so there is nothing to trace: pip install {_SDK}.",
            )
    elif tuple(int(part) for part in found.split(".")[:2] if part.isdigit()) < _OLDEST:
        yield problem(
            SECTION,
            f"{_SDK} {found} is older than 1.32, the first release that is supported: "
            f"pip install --upgrade {_SDK}.",
        )


def installed(distribution: str) -> str | None:
    """Return the version of an installed distribution."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
