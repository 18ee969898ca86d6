"""What an operation needs to be seen: a tracer, instruments, and the rules for content."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from opentelemetry._logs import Logger, get_logger
from opentelemetry.metrics import get_meter
from opentelemetry.trace import Span, Tracer, get_tracer

from opentelemetry_instrumentation_gemini._guard import attempt
from opentelemetry_instrumentation_gemini._settings import Settings

from . import names
from .cleansing import make_cleanse
from .completion import HandOver, make_hand_over
from .config_filter import ConfigFilter, make_config_filter
from .content import ContentPolicy
from .cost import Pricer, make_pricer
from .metrics import Metrics
from .providers import attribute_limit, lacks_meter_provider, lacks_tracer_provider

Hook = Callable[[Span, Any], None]


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Where telemetry goes, and what of it.

    Attributes:
        tracer: Makes the spans.
        metrics: Records the metrics.
        logger: Emits the events.
        policy: Says what content may leave.
        emit_details: Whether each inference is an event too.
        loop_spans: Whether a tool loop has a span around its rounds.
        config_filter: Yields what of a config is recorded beyond the conventions' parameters.
        mlflow: Whether spans carry what only MLflow's pages read.
        chat_ids: Whether each chat gets a conversation id of its own.
        on_request: The user's function, called with a span and a call's arguments.
        on_response: The user's function, called with a span and a result or chunk.
        pricer: Prices operations, where prices are known.
        omitted: Names of attributes that no span carries.
        cut_at: The most characters that OpenTelemetry leaves of an attribute, if it cuts any.
        hand_over: Hands content to a completion hook, if there is one.
        trace_reads: Whether calls that only look at resources are traced too.
        global_tracer: Whether spans go to the process's tracer provider.
        global_meter: Whether metrics go to the process's meter provider.
    """

    tracer: Tracer
    metrics: Metrics
    logger: Logger
    policy: ContentPolicy
    emit_details: bool
    loop_spans: bool
    config_filter: ConfigFilter | None
    mlflow: bool
    chat_ids: bool
    on_request: Hook | None
    on_response: Hook | None
    pricer: Pricer | None
    omitted: frozenset[str]
    cut_at: int | None
    hand_over: HandOver | None
    trace_reads: bool
    global_tracer: bool
    global_meter: bool

    def is_silent(self) -> bool:
        """Whether nobody listens: no SDK was set up, or none yet."""
        return (
            self.global_tracer
            and lacks_tracer_provider()
            and self.global_meter
            and lacks_meter_provider()
            and not self.emit_details
            and self.hand_over is None
        )

    def reads_content(self, *, recording: bool) -> bool:
        """Whether anybody wants the content of an operation whose span is *recording* or not.

        A completion hook does, whatever a sampler or the content setting says.
        """
        if self.hand_over is not None:
            return True
        return recording and (self.policy.on_spans or self.policy.on_events)

    def metrics_are_off(self) -> bool:
        """Whether nobody listens to metrics."""
        return self.global_meter and lacks_meter_provider()


_BY_MODALITY = frozenset(
    name for by_modality in names.MODALITY_TOKENS.values() for name in by_modality.values()
)
_OMITTED: dict[str, frozenset[str]] = {
    "ALL": frozenset(),
    "NO_MODALITIES": _BY_MODALITY,
    "NONE": _BY_MODALITY | {names.TOKENS["reasoning_tokens"], names.TOKENS["cached_tokens"]},
}
"""Value of the setting `usage_breakdown` → the attributes that it leaves out."""


def _release() -> str:
    try:
        return version("opentelemetry-instrumentation-gemini")
    except PackageNotFoundError:
        # Left out where a program was frozen, vendored or made small.
        return ""


def make_telemetry(
    settings: Settings, tracer_provider: Any, meter_provider: Any, logger_provider: Any
) -> Telemetry:
    """Return telemetry that goes to the given providers, or to the global ones for `None`."""
    release = _release()
    mode = settings.capture_message_content
    on_events = mode in {"EVENT_ONLY", "SPAN_AND_EVENT"}
    limit = attempt("looking for limits", attribute_limit, tracer_provider)
    return Telemetry(
        get_tracer(names.SCOPE, release, tracer_provider, names.SCHEMA_URL),
        Metrics(
            get_meter(names.SCOPE, release, meter_provider, names.SCHEMA_URL),
            retired=settings.retired_metrics,
        ),
        get_logger(names.SCOPE, release, logger_provider, names.SCHEMA_URL),
        ContentPolicy(
            on_spans=mode in {"SPAN_ONLY", "SPAN_AND_EVENT"},
            on_events=on_events,
            # What the SDK itself cuts off is no JSON any more.
            max_bytes=min(settings.max_content_bytes, limit or settings.max_content_bytes),
            max_media_bytes=settings.max_media_bytes,
            cleanse=make_cleanse(settings.redact, settings.content_filter),
            redact=settings.redact,
        ),
        emit_details=on_events or settings.emit_event,
        loop_spans=settings.loop_spans,
        config_filter=make_config_filter(settings.config_includes, settings.config_excludes),
        mlflow=bool(settings.mlflow),
        chat_ids=settings.chat_conversation_ids,
        on_request=settings.on_request,
        on_response=settings.on_response,
        pricer=attempt("loading prices", make_pricer) if settings.cost else None,
        omitted=_OMITTED[settings.usage_breakdown],
        cut_at=limit,
        hand_over=attempt(
            "loading a completion hook",
            make_hand_over,
            settings.completion_hook,
            settings.max_media_bytes,
        ),
        trace_reads=settings.trace_reads,
        global_tracer=tracer_provider is None,
        global_meter=meter_provider is None,
    )
