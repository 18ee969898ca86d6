"""Whether the receivers that the environment names take what they would get."""

import http.client
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path

from .asking import Answer, ask_grpc, ask_http, is_mlflow, spoken_at
from .destinations import GRPC, HTTP, SIGNALS, Destination, configured_by_file, destinations
from .findings import Finding, note, ok, problem

SECTION = "Exporters"

_EXTRA = "pip install 'opentelemetry-instrumentation-gemini[otlp]'"
_EXPERIMENT = "x-mlflow-experiment-id"


def look_at_endpoints(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield for each exporter whether its receiver takes its signal."""
    if configured_by_file(environ):
        yield note(SECTION, "The file in OTEL_CONFIG_FILE decides on them, and none was asked.")
        return
    for signal in SIGNALS:
        yield from _look_at_headers(signal, environ)
    for destination in destinations(environ):
        yield from _look_at(destination)


def _look_at_headers(signal: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    for name in (f"OTEL_EXPORTER_OTLP_{signal.upper()}_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"):
        if name.count("_") > 3 or signal == "traces":  # noqa: PLR2004 - the shared one once
            pairs = [pair for pair in environ.get(name, "").split(",") if pair.strip()]
            if any("=" not in pair for pair in pairs):
                yield problem(
                    SECTION, f"{name} has an entry without '='. Write name=value,name=value."
                )


def _look_at(destination: Destination) -> Iterator[Finding]:
    signal, exporter = destination.signal, destination.exporter
    if exporter == "none":
        text = f"{signal}: OTEL_{signal.upper()}_EXPORTER=none, so there are none."
        yield problem(SECTION, f"{text} Unset it.") if signal == "traces" else note(SECTION, text)
    elif destination.protocol not in {None, GRPC, HTTP}:
        yield problem(
            SECTION,
            f"{signal}: OTEL_EXPORTER_OTLP_PROTOCOL={destination.protocol} is not known. "
            f"Write {GRPC} or {HTTP}.",
        )
    elif not _is_installed(destination):
        yield problem(
            SECTION, f"{signal}: no installed package brings the exporter {exporter}: {_EXTRA}."
        )
    elif exporter == "mlflow" and signal == "traces":
        yield _look_at_mlflow()
    elif destination.protocol is None:
        yield ok(SECTION, f"{signal}: {exporter}.")
    else:
        yield _ask(destination)


def _is_installed(destination: Destination) -> bool:
    name = destination.exporter
    if destination.protocol is not None:
        name = "otlp_proto_grpc" if destination.protocol == GRPC else "otlp_proto_http"
    return bool(entry_points(group=f"opentelemetry_{destination.signal}_exporter", name=name))


def _look_at_mlflow() -> Finding:
    try:
        from .mlflow_server import look_at_mlflow  # noqa: PLC0415 - needs the extra `otlp`
    except ImportError:
        return problem(SECTION, f"traces: the exporter mlflow needs the extra otlp: {_EXTRA}.")
    return look_at_mlflow(SECTION)


def _ask(destination: Destination) -> Finding:
    shown = f"{destination.signal}: {destination.shown} ({destination.protocol})"
    wrong = _wrong_settings(destination)
    if wrong is not None:
        return problem(SECTION, f"{shown} {wrong}.")
    if destination.protocol == GRPC:
        answer, judge = ask_grpc(destination), _judge_grpc
    else:
        answer, judge = ask_http(destination), _judge_http
    wrong = judge(destination, answer)
    if wrong is None:
        return ok(SECTION, f"{shown} answers.")
    return problem(SECTION, f"{shown} {wrong}.")


def _wrong_settings(destination: Destination) -> str | None:
    """Return why nobody can be asked."""
    if not destination.is_readable:
        return f"is no address. Correct {_where(destination)}"
    if destination.lacks_scheme:
        return f"begins with neither http:// nor https://. Correct {_where(destination)}"
    certificate = destination.certificate
    if certificate is not None and not Path(certificate).is_file():
        variable = _variable(destination, "CERTIFICATE")
        return f"trusts the certificates in {certificate}, which is no file. Correct {variable}"
    return None


def _judge_http(destination: Destination, answer: Answer) -> str | None:
    if answer.status is None:
        return _judge_silence(destination, answer)
    if answer.status in {http.client.UNAUTHORIZED, http.client.FORBIDDEN}:
        return _refused(destination, answer)
    if answer.status in {http.client.NOT_FOUND, http.client.METHOD_NOT_ALLOWED}:
        return _judge_missing(destination, answer)
    if answer.status == http.client.UNPROCESSABLE_ENTITY and not _names_experiment(destination):
        return (
            f"is MLflow and is told no experiment. Set {_variable(destination, 'HEADERS')}="
            f"{_EXPERIMENT}=ID, with the experiment's id for ID"
        )
    # MLflow answers 400 to a request without spans; only what is sent shows more.
    if isinstance(answer.status, int) and answer.status >= http.client.INTERNAL_SERVER_ERROR:
        return f"fails with {answer.status}: {answer.text.strip()}. See to the receiver"
    return None


def _judge_missing(destination: Destination, answer: Answer) -> str | None:
    signal = destination.signal
    if signal != "traces" and is_mlflow(destination):
        return (
            f"is MLflow, which takes traces only ({answer.status}). Set "
            f"OTEL_{signal.upper()}_EXPORTER=none, or send {signal} elsewhere with "
            f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT"
        )
    if not destination.url.endswith(f"/v1/{signal}"):
        remedy = f"Write the whole address, which mostly ends in /v1/{signal}"
    elif destination.url.count("/v1/") > 1:
        remedy = f"Leave out the path: /v1/{signal} is added to it"
    else:
        remedy = f"Set it to a receiver that takes {signal}, or OTEL_{signal.upper()}_EXPORTER=none"
    return f"takes no {signal} there ({answer.status}; {_where(destination)}). {remedy}"


def _judge_silence(destination: Destination, answer: Answer) -> str:
    spoken = None if destination.url.startswith("https:") else spoken_at(destination.url)
    if spoken == "grpc":
        return (
            "speaks gRPC, not HTTP. Use the receiver's HTTP port (mostly 4318), or set "
            f"{_variable(destination, 'PROTOCOL')}={GRPC}"
        )
    return _unreachable(destination, answer)


def _judge_grpc(destination: Destination, answer: Answer) -> str | None:
    if answer.status in {"UNAUTHENTICATED", "PERMISSION_DENIED"}:
        return _refused(destination, answer)
    if answer.status == "UNIMPLEMENTED":
        signal = destination.signal
        return (
            f"takes no {signal}. Send them elsewhere with {_variable(destination, 'ENDPOINT')}, "
            f"or set OTEL_{signal.upper()}_EXPORTER=none"
        )
    if answer.status not in {"UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL", "UNKNOWN"}:
        return None
    if spoken_at(destination.url) == "http":
        return (
            f"speaks HTTP, not gRPC. Set {_variable(destination, 'PROTOCOL')}={HTTP}, or use the "
            "receiver's gRPC port (mostly 4317)"
        )
    return _unreachable(destination, answer)


def _refused(destination: Destination, answer: Answer) -> str:
    return (
        f"refuses the request ({answer.status}). Put the right key into "
        f"{_variable(destination, 'HEADERS')}, as name=value"
    )


def _unreachable(destination: Destination, answer: Answer) -> str:
    silent = spoken_at(destination.url) is None
    reason = "nothing listens there" if silent else answer.text.strip().rstrip(".")
    return f"does not answer ({reason}). Start the receiver, or correct {_where(destination)}"


def _where(destination: Destination) -> str:
    return destination.variable or _variable(destination, "ENDPOINT")


def _variable(destination: Destination, what: str) -> str:
    own = what != "PROTOCOL"
    return f"OTEL_EXPORTER_OTLP_{destination.signal.upper() + '_' if own else ''}{what}"


def _names_experiment(destination: Destination) -> bool:
    return any(name.lower() == _EXPERIMENT for name in destination.headers)
