"""What the environment asks of the demo, decided before anything is started."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

KEYS = ("GEMINI_API_KEY", "GOOGLE_API_KEY")
OTLP_PREFIX = "OTEL_EXPORTER_OTLP_"
CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
USUAL_PORT = 5000
HIGHEST_PORT = 65535

AtTheEnd = Literal["stop", "ask", "keep"]


class DemoError(Exception):
    """The demo cannot go on; the text says why and what helps."""


@dataclass(frozen=True)
class Plan:
    """What is run, and against what."""

    key: str | None
    """The variable that holds a Gemini key, None where the fake answers."""

    otlp: tuple[str, ...]
    """The OTLP variables that the user has set: traces go where these say, not to MLflow."""

    port: str | None
    """MLflow's port as the user wishes it."""

    at_the_end: AtTheEnd
    """What becomes of MLflow when everything has been shown."""


def plan_from(environ: Mapping[str, str], *, terminal: bool) -> Plan:
    """Read the environment; *terminal* says whether somebody can be asked."""
    return Plan(
        key=next((name for name in KEYS if environ.get(name)), None),
        otlp=tuple(sorted(name for name in environ if _is_otlp(name) and environ[name])),
        port=environ.get("DEMO_PORT") or None,
        at_the_end=_at_the_end(environ.get("KEEP", ""), terminal=terminal),
    )


def _is_otlp(name: str) -> bool:
    return name.startswith(OTLP_PREFIX)


def _at_the_end(keep: str, *, terminal: bool) -> AtTheEnd:
    if keep:
        return "stop" if keep.lower() in {"0", "no", "false"} else "keep"
    return "ask" if terminal else "stop"


def choose_port(wished: str | None) -> int:
    """Return the port for MLflow: the wished one or none, else the usual one or any free one."""
    if wished is None:
        return USUAL_PORT if is_free(USUAL_PORT) else free_port()
    if not wished.isdecimal() or not 0 < int(wished) <= HIGHEST_PORT:
        raise DemoError(f"DEMO_PORT is {wished!r}; it has to be a number from 1 to {HIGHEST_PORT}.")
    if not is_free(int(wished)):
        raise DemoError(
            f"Port {wished} is taken by another program, perhaps by a demo that still runs.\n"
            f"Stop that one, or choose another port: make demo DEMO_PORT={free_port()}"
        )
    return int(wished)


def is_free(port: int) -> bool:
    """Tell whether nobody listens on the loopback port.

    Binding alone does not tell: beside a listener on every interface it may succeed.
    """
    with socket.socket() as caller:
        caller.settimeout(1)
        if caller.connect_ex(("127.0.0.1", port)) == 0:
            return False
    with socket.socket() as listener:
        # As servers do: a connection of an earlier run that is closing does not hold the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def program_environment(
    environ: Mapping[str, str], *, gemini_url: str | None, traces: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment of the traced program.

    *gemini_url* is the fake's address, None for the real Gemini; *traces* are the variables that
    send the spans to MLflow, none where the user's own settings stand.
    """
    result = {CONTENT: "SPAN_ONLY", "OTEL_SERVICE_NAME": "quickstart", **environ, **traces}
    if gemini_url is not None:
        result["GEMINI_API_KEY"] = "any-key-will-do"
        result["GOOGLE_GEMINI_BASE_URL"] = gemini_url
        for choice in ("GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_ENTERPRISE"):
            result.pop(choice, None)
    local = ["127.0.0.1", "localhost"]
    for name in ("NO_PROXY", "no_proxy"):
        result[name] = ",".join([value for value in [result.get(name)] if value] + local)
    return result


def traces_to_mlflow(url: str, experiment: str) -> dict[str, str]:
    """Return the variables that send spans, and nothing else, to an experiment of MLflow's."""
    return {
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{url}/v1/traces",
        "OTEL_EXPORTER_OTLP_TRACES_HEADERS": f"x-mlflow-experiment-id={experiment}",
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf",
    }
