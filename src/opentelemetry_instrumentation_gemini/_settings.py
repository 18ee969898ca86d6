"""The settings, and the only place that reads the environment."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ._guard import warn_once

CAPTURE_MODES = ("NO_CONTENT", "SPAN_ONLY", "EVENT_ONLY", "SPAN_AND_EVENT")

USAGE_BREAKDOWNS = ("ALL", "NO_MODALITIES", "NONE")

_CAPTURE_ALIASES = {"TRUE": "SPAN_ONLY", "FALSE": "NO_CONTENT"}

_OTLP_HEADERS = ("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS")
_LENGTH_LIMITS = ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT")


def _setting(default: Any, variable: str | None, text: str) -> Any:
    return field(default=default, metadata={"variable": variable, "text": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set: as a keyword of `instrument()` or as an environment variable.

    A keyword wins over the environment, and the environment over the default.
    """

    capture_message_content: str = _setting(
        "NO_CONTENT",
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
        "What of prompts and answers is recorded, and where: `NO_CONTENT`, `SPAN_ONLY`, "
        "`EVENT_ONLY` or `SPAN_AND_EVENT`. `true` means `SPAN_ONLY`, `false` `NO_CONTENT`.",
    )
    emit_event: bool = _setting(
        False,  # noqa: FBT003 - a default
        "OTEL_INSTRUMENTATION_GENAI_EMIT_EVENT",
        "Whether each inference is also a log event with its details. Always so when "
        "`capture_message_content` names events.",
    )
    loop_spans: bool = _setting(
        True,  # noqa: FBT003 - a default
        "OTEL_INSTRUMENTATION_GEMINI_LOOP_SPANS",
        "Whether a tool loop has a span `invoke_agent` around its rounds and tools.",
    )
    retired_metrics: bool = _setting(
        False,  # noqa: FBT003 - a default
        "OTEL_INSTRUMENTATION_GEMINI_RETIRED_METRICS",
        "Whether inferences are also recorded as `gen_ai.client.token.usage` and "
        "`gen_ai.client.operation.duration`, which the conventions gave up.",
    )
    config_includes: tuple[str, ...] = _setting(
        (),
        "OTEL_GOOGLE_GENAI_GENERATE_CONTENT_CONFIG_INCLUDES",
        "Which fields of the config are recorded as `gcp.gen_ai.operation.config.*`: attribute "
        "names, with `*` for any text. The conventions' own parameters never need it.",
    )
    config_excludes: tuple[str, ...] = _setting(
        (),
        "OTEL_GOOGLE_GENAI_GENERATE_CONTENT_CONFIG_EXCLUDES",
        "Which of the fields included by `config_includes` are left out again.",
    )
    max_content_bytes: int = _setting(
        2 * 1024 * 1024,
        "OTEL_INSTRUMENTATION_GEMINI_MAX_CONTENT_BYTES",
        "The most bytes of one content attribute. What is longer is shortened inside and stays "
        "valid JSON. At least 100.",
    )
    max_media_bytes: int = _setting(
        1024 * 1024,
        "OTEL_INSTRUMENTATION_GEMINI_MAX_MEDIA_BYTES",
        "The most bytes of one inline image, recording or document. A larger one keeps its type "
        "and its size. `0` keeps no media.",
    )
    mlflow: bool | None = _setting(
        None,
        "OTEL_INSTRUMENTATION_GEMINI_MLFLOW",
        "Whether spans also carry what MLflow's pages draw, and status OK on success. By default "
        "so where MLflow is where the spans go: with `autolog()`, `OTEL_TRACES_EXPORTER=mlflow` or "
        "an `x-mlflow-` header for the OTLP exporter.",
    )
    chat_conversation_ids: bool = _setting(
        False,  # noqa: FBT003 - a default
        "OTEL_INSTRUMENTATION_GEMINI_CHAT_CONVERSATION_IDS",
        "Whether each Chat object gets an id of its own as `gen_ai.conversation.id`, where the "
        "application names none.",
    )
    trace_reads: bool = _setting(
        False,  # noqa: FBT003 - a default
        "OTEL_INSTRUMENTATION_GEMINI_TRACE_READS",
        "Whether calls that only look at resources (`get`, `list`) have spans too. Polls for "
        "long-running work have them anyway, whenever something has changed.",
    )
    cost: bool = _setting(
        True,  # noqa: FBT003 - a default
        "OTEL_INSTRUMENTATION_GEMINI_COST",
        "Whether spans carry what the operation costs by Google's list prices. Needs the extra "
        "`cost`; without it there is none.",
    )
    usage_breakdown: str = _setting(
        "ALL",
        "OTEL_INSTRUMENTATION_GEMINI_USAGE_BREAKDOWN",
        "Which parts of the token totals spans carry beside the totals: `ALL`, `NO_MODALITIES` for "
        "cached and thinking tokens alone, or `NONE`. For backends that add the parts to the "
        "totals. Metrics, `gcp.gen_ai.*` and MLflow's counts stay as they are.",
    )
    completion_hook: Any = _setting(  # noqa: RUF009
        None,
        "OTEL_INSTRUMENTATION_GENAI_COMPLETION_HOOK",
        "The name of a completion hook, such as `upload`, or as a keyword also the hook itself. It "
        "gets prompts and answers, whatever `capture_message_content` says. Needs the extra "
        "`upload`.",
    )
    redact: Callable[[str, str], str | None] | None = _setting(  # noqa: RUF009
        None,
        None,
        "A function of a text and the name of the attribute it is for. It returns what may leave, "
        "or `None`. If it fails, nothing of the text leaves.",
    )
    content_filter: Callable[[Any, str], Any] | None = _setting(  # noqa: RUF009
        None,
        None,
        "A function of a content attribute's whole value and its name. It returns what may leave, "
        "or `None`. If it fails, the attribute is left out.",
    )
    on_request: Callable[[Any, Any], None] | None = _setting(  # noqa: RUF009
        None,
        None,
        "A function of a recording span and the arguments of its call, called before the call.",
    )
    on_response: Callable[[Any, Any], None] | None = _setting(  # noqa: RUF009
        None,
        None,
        "A function of a recording span and the SDK's result, called after the call; of a stream "
        "with each chunk.",
    )


def load_settings(
    keywords: Mapping[str, Any], environ: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings in force; what is wrong is told once and left at its default.

    Args:
        keywords: What was passed to `instrument()`.
        environ: The environment; the process's own unless given.
    """
    environ = os.environ if environ is None else environ
    known = {item.name: item for item in fields(Settings)}
    for name in keywords.keys() - known.keys():
        warn_once(
            f"unknown setting {name}",
            "GeminiInstrumentor has no setting %r; it knows %s.",
            name,
            ", ".join(known),
        )
    values: dict[str, Any] = {}
    for name, item in known.items():
        variable = item.metadata["variable"]
        carried = environ.get(variable) or None if variable else None
        for source, given in ((name, keywords.get(name)), (variable, carried)):
            value = None if given is None else _READERS[name](source, given)
            if value is not None:
                values[name] = value
                break
    values.setdefault("mlflow", _sends_to_mlflow(environ))
    return _within_sdk_limits(Settings(**values), environ)


def _sends_to_mlflow(environ: Mapping[str, str]) -> bool:
    """Whether the environment says that spans go to MLflow.

    Its own tracking URI alone does not: people set it for the model registry.
    """
    if "mlflow" in environ.get("OTEL_TRACES_EXPORTER", "").replace(" ", "").split(","):
        return True
    return any("x-mlflow-" in environ.get(name, "").lower() for name in _OTLP_HEADERS)


def sdk_disabled(environ: Mapping[str, str] | None = None) -> bool:
    """Whether the OpenTelemetry SDK is switched off for the whole process."""
    environ = os.environ if environ is None else environ
    return environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"


def _read_names(source: str, given: Any) -> tuple[str, ...] | None:
    names = given.split(",") if isinstance(given, str) else given
    if isinstance(names, (list, tuple, set)) and all(isinstance(name, str) for name in names):
        return tuple(name.strip() for name in names if name.strip())
    warn_once(
        f"setting {source}",
        "%s is %r, so it is ignored. Give a list of names, or one text with commas.",
        source,
        given,
    )
    return None


def _read_switch(source: str, given: Any) -> bool | None:
    switch = {"true": True, "1": True, "false": False, "0": False}.get(str(given).strip().lower())
    if switch is None:
        warn_once(
            f"setting {source}",
            "%s is %r, so it is ignored. Use true or false.",
            source,
            given,
        )
    return switch


def _read_capture_mode(source: str, given: Any) -> str | None:
    text = str(given).strip().upper()
    mode = _CAPTURE_ALIASES.get(text, text)
    if mode in CAPTURE_MODES:
        return mode
    warn_once(
        f"setting {source}",
        "%s is %r, so no content is recorded. Use one of %s.",
        source,
        given,
        ", ".join(CAPTURE_MODES),
    )
    return CAPTURE_MODES[0]


def _read_breakdown(source: str, given: Any) -> str | None:
    breakdown = str(given).strip().upper()
    if breakdown in USAGE_BREAKDOWNS:
        return breakdown
    warn_once(
        f"setting {source}",
        "%s is %r, so it is ignored. Use one of %s.",
        source,
        given,
        ", ".join(USAGE_BREAKDOWNS),
    )
    return None


def _read_number(source: str, given: Any) -> int | None:
    least = 100 if "content" in source.lower() else 0
    try:
        number = -1 if isinstance(given, bool) else int(given)
    except (OverflowError, TypeError, ValueError):
        number = -1
    if number >= least:
        return number
    warn_once(
        f"setting {source}",
        "%s is %r, so it is ignored. Give a whole number of bytes, at least %d.",
        source,
        given,
        least,
    )
    return None


def _read_hook(source: str, given: Any) -> Any:
    if isinstance(given, str) or callable(getattr(given, "on_completion", None)):
        return (given.strip() or None) if isinstance(given, str) else given
    warn_once(
        f"setting {source}",
        "%s is %r, so it is ignored. Give a hook's name, or an object with on_completion().",
        source,
        given,
    )
    return None


def _read_function(source: str, given: Any) -> Any:
    if callable(given):
        return given
    warn_once(
        f"setting {source}",
        "%s is %r, so it is ignored. Give a function of two arguments.",
        source,
        given,
    )
    return None


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "capture_message_content": _read_capture_mode,
    "emit_event": _read_switch,
    "loop_spans": _read_switch,
    "retired_metrics": _read_switch,
    "config_includes": _read_names,
    "config_excludes": _read_names,
    "max_content_bytes": _read_number,
    "max_media_bytes": _read_number,
    "mlflow": _read_switch,
    "chat_conversation_ids": _read_switch,
    "cost": _read_switch,
    "trace_reads": _read_switch,
    "usage_breakdown": _read_breakdown,
    "completion_hook": _read_hook,
    "redact": _read_function,
    "content_filter": _read_function,
    "on_request": _read_function,
    "on_response": _read_function,
}


def _within_sdk_limits(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """Return *settings* such that the OpenTelemetry SDK never cuts JSON in the middle."""
    limits = [
        int(environ[name]) for name in _LENGTH_LIMITS if environ.get(name, "").strip().isdigit()
    ]
    most = min([settings.max_content_bytes, *limits])
    if most == settings.max_content_bytes:
        return settings
    return Settings(
        **{
            item.name: getattr(settings, item.name)
            for item in fields(settings)
            if item.name != "max_content_bytes"
        },
        max_content_bytes=most,
    )
