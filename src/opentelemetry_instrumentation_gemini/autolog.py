"""One line that sends Gemini traces to MLflow, without MLflow in the program."""

import atexit
from typing import TYPE_CHECKING, Any

from ._guard import attempt, warn_once
from ._instrumentor import GeminiInstrumentor

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

    from ._mlflow.environment import Destination
    from ._mlflow.processor import WholeTraces
    from ._mlflow.shared import SharedProvider


class _State:
    """What `autolog()` has switched on, and what was on before."""

    def __init__(self) -> None:
        self.processors: list[WholeTraces] = []  # no provider gives one back
        self.sender: WholeTraces | SharedProvider | None = None
        self.before: dict[str, Any] | None = None


_state = _State()


def autolog(  # noqa: PLR0913 - MLflow's own three, and where to
    *,
    tracking_uri: str | None = None,
    experiment: str | None = None,
    run_id: str | None = None,
    log_traces: bool = True,
    disable: bool = False,
    silent: bool = False,
    tracer_provider: Any = None,
    **settings: Any,
) -> None:
    """Trace Gemini calls into an MLflow experiment.

    What is not given is found as MLflow finds it when a trace starts: from MLflow itself where
    the program has loaded it, or else from MLFLOW_TRACKING_URI, MLFLOW_EXPERIMENT_NAME or _ID, and
    MLFLOW_RUN_ID. An experiment that is not there is created. Credentials come from
    MLFLOW_TRACKING_USERNAME and _PASSWORD, from MLflow's file of them, or from
    MLFLOW_TRACKING_TOKEN.

    A trace with a Gemini call in it goes to MLflow whole, from its root; other traces do not go.
    Where MLflow itself sends the spans of the tracer provider, nothing is sent twice: what MLflow
    was told then decides where they go.

    Prompts and answers are recorded, unless `capture_message_content` or its environment variable
    says otherwise; every exporter of the tracer provider sees them.

    Args:
        tracking_uri: The MLflow server.
        experiment: The name of the experiment.
        run_id: The run that the traces are shown in.
        log_traces: Whether traces are sent at all.
        disable: Ends it, and puts back the instrumentation that was there before.
        silent: Whether to keep quiet when traces cannot be sent.
        tracer_provider: The tracer provider to use. By default the one of an `instrument()`
            before, or OpenTelemetry's global one, which is made where there is none.
        settings: Any other keyword of `GeminiInstrumentor.instrument()`.
    """
    if disable:
        attempt("ending autolog", _end)
        return
    where = {"uri": tracking_uri, "experiment": experiment, "run_id": run_id}
    sender = attempt("starting autolog", _start, tracer_provider, where, settings)
    if sender is not None:
        sender.enabled = log_traces
        sender.silent = silent


def flush() -> None:
    """Send the finished spans to MLflow now, and wait until that is done or has failed.

    At the end of the program that happens by itself.
    """
    if _state.sender is not None:
        attempt("sending to MLflow", _state.sender.flush)


def last_trace_id(*, thread_local: bool = False, send: bool = True) -> str | None:
    """Return the id, as MLflow writes it, of the Gemini trace that ended last.

    MLflow's functions take it: `mlflow.get_trace`, `mlflow.log_feedback`.

    Args:
        thread_local: Whether to look at the traces that ended in this thread only.
        send: Whether to send it first, so that MLflow knows it. That waits for the server.

    Returns:
        The id, or `None` if `autolog()` has seen no trace end.
    """
    sender = _state.sender
    if sender is None:
        return None
    if send:
        flush()
    return sender.last_trace_id(of_this_thread=thread_local)


def _start(
    given: Any, where: dict[str, str | None], settings: dict[str, Any]
) -> "WholeTraces | SharedProvider | None":
    from ._mlflow.environment import content_is_decided, told  # noqa: PLC0415 - when used
    from ._mlflow.shared import shared_provider  # noqa: PLC0415 - likewise

    instrumentor = GeminiInstrumentor()
    before = instrumentor.arguments if _state.sender is None else _state.before
    given = given or (before or {}).get("tracer_provider")
    sender = (None if given else shared_provider()) or _processor(given, told(**where))
    if sender is None:
        return None
    if _state.sender is None:
        atexit.register(flush)
    elif _state.sender is not sender:
        _state.sender.enabled = False
    _state.sender, _state.before = sender, before
    content = {} if content_is_decided() else {"capture_message_content": "SPAN_ONLY"}
    ours = {"mlflow": True, "tracer_provider": sender.provider}
    instrumentor.reinstrument(**{**content, **(before or {}), **ours, **settings})
    return sender


def _end() -> None:
    sender, before = _state.sender, _state.before
    if sender is None:
        return
    flush()
    atexit.unregister(flush)
    sender.enabled = False
    _state.sender = _state.before = None
    if before is None:
        GeminiInstrumentor().uninstrument()
    else:
        GeminiInstrumentor().reinstrument(**before)


def _processor(given: Any, destination: "Destination") -> "WholeTraces | None":
    try:
        from ._mlflow.processor import WholeTraces  # noqa: PLC0415 - needs the extra
    except ImportError as error:
        warn_once(
            "the otlp extra",
            "autolog() does nothing: %s is not installed. "
            'pip install "opentelemetry-instrumentation-gemini[otlp]"',
            error.name,
        )
        return None
    provider = _sdk_provider(given)
    if provider is None:
        return None
    processor = next((one for one in _state.processors if one.provider is provider), None)
    if processor is None:
        processor = WholeTraces(provider)
        _state.processors.append(processor)
        provider.add_span_processor(processor)
    processor.given = destination
    return processor


def _sdk_provider(given: Any) -> "TracerProvider | None":
    from opentelemetry import trace  # noqa: PLC0415 - the SDK is known to be there by now
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

    provider = given or trace.get_tracer_provider()
    if isinstance(provider, trace.ProxyTracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    if isinstance(provider, TracerProvider):
        return provider
    warn_once(
        "a foreign tracer provider",
        "autolog() does nothing: the tracer provider is a %s, and only one of OpenTelemetry's SDK "
        "takes another exporter.",
        type(provider).__qualname__,
    )
    return None
