"""Settings from a configuration file of OpenTelemetry's, by the package that reads such files."""

import os
from collections.abc import Mapping
from dataclasses import fields, make_dataclass
from importlib import import_module
from typing import Any

from ._guard import attempt
from ._settings import Settings

UNKNOWN = "unknown_settings"


def _take(self: Any, **options: Any) -> None:
    """Take every key, since the one that the file's reader would refuse costs all the others."""
    for item in fields(Settings):
        setattr(self, item.name, options.pop(item.name, None))
    setattr(self, UNKNOWN, options or None)


Configuration = make_dataclass(
    "Configuration",
    # `Any`, since the file's reader fails on some types; `instrument()` checks them itself.
    [(name, Any, None) for name in (*(item.name for item in fields(Settings)), UNKNOWN)],
    namespace={"__init__": _take, "__doc__": "What the file says under `gemini:`, unchecked."},
    init=False,
)


def turned_off() -> bool:
    """Return whether the file in OTEL_CONFIG_FILE says `enabled: false`.

    Its reader then leaves this package alone, and `opentelemetry-instrument`, which knows nothing
    of the file, instruments all the same.
    """
    return said_in_file(os.environ).get("enabled") is False


def said_in_file(environ: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what the file in OTEL_CONFIG_FILE says under `gemini`."""
    path = environ.get("OTEL_CONFIG_FILE")
    return (path and attempt("reading OTEL_CONFIG_FILE", _read, path)) or {}


def _read(path: str) -> Mapping[str, Any]:
    try:
        reader: Any = import_module("opentelemetry.configuration.file")
    except ImportError:
        # Whoever instruments from the file has said so already.
        return {}
    instrumentation = reader.load_config_file(path).instrumentation_development
    options: Any = ((instrumentation and instrumentation.python) or {}).get("gemini")
    return options or {}
