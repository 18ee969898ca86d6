"""Where a trace goes and with what credentials, found as MLflow finds it.

MLflow is never imported: where the program has loaded it, what it says counts. The environment is
read when a trace starts, because programs set the URI and the experiment after `autolog()`.
"""

import os
import sys
from base64 import b64encode
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from pathlib import Path
from typing import Any, NamedTuple

from opentelemetry_instrumentation_gemini._guard import attempt

_CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
_TRUE = {"true", "1"}
_FALSE = {"false", "0"}


class Destination(NamedTuple):
    """Where a trace goes; what is `None` was not said.

    Attributes:
        uri: The tracking server.
        experiment: The experiment's name.
        experiment_id: The experiment's id, which counts where both are there.
        run_id: The run that the trace belongs to.
    """

    uri: str | None = None
    experiment: str | None = None
    experiment_id: str | None = None
    run_id: str | None = None


class Access(NamedTuple):
    """How a tracking server is to be talked to.

    Attributes:
        headers: What every request carries.
        authorization: The value of the header of that name.
        verify: Whose certificates are trusted: a file, `False` for any, `None` for the usual ones.
        certificate: The client's own certificate.
    """

    headers: dict[str, str]
    authorization: str | None
    verify: str | bool | None
    certificate: str | None


def told(uri: object, experiment: object, run_id: object) -> Destination:
    """Return the destination that was told, in text: a path or a number is as good to MLflow."""
    uri, experiment, run_id = (
        None if value is None else str(value) for value in (uri, experiment, run_id)
    )
    return Destination(uri, experiment, None, run_id)


def current_destination(given: Destination) -> Destination:
    """Return where a trace that starts now goes.

    Args:
        given: What `autolog()` was told; it counts before all else.
    """
    loaded = attempt("asking MLflow for its experiment", _ask_mlflow) or Destination()
    uri = given.uri or loaded.uri or _variable("MLFLOW_TRACKING_URI")
    if (loaded.uri or "").rstrip("/") != (uri or "").rstrip("/"):
        # Another server knows neither that experiment nor that run.
        loaded = Destination()
    run_id = given.run_id or loaded.run_id or _variable("MLFLOW_RUN_ID")
    if given.experiment or loaded.experiment_id:
        experiment_id = None if given.experiment else loaded.experiment_id
        return Destination(uri, given.experiment, experiment_id, run_id)
    name = _variable("MLFLOW_EXPERIMENT_NAME")
    # As in MLflow, the name counts where both are set.
    experiment_id = None if name else _variable("MLFLOW_EXPERIMENT_ID")
    return Destination(uri, name, experiment_id, run_id)


def _variable(name: str) -> str | None:
    # `get` raises and catches two exceptions for what is not there.
    return os.environ[name] or None if name in os.environ else None


def _ask_mlflow() -> Destination | None:
    mlflow: Any = sys.modules.get("mlflow")
    fluent: Any = sys.modules.get("mlflow.tracking.fluent")
    if fluent is None or not hasattr(mlflow, "get_tracking_uri"):
        return None
    # The public `active_run` sees the runs of its own thread only; MLflow's tracing sees all.
    latest_run = getattr(fluent, "_get_latest_active_run", None) or fluent.active_run
    run = latest_run()
    experiment_id = (
        run.info.experiment_id if run else getattr(fluent, "_active_experiment_id", None)
    )
    run_id = run.info.run_id if run else None
    return Destination(mlflow.get_tracking_uri(), None, experiment_id, run_id)


def access() -> Access:
    """Return how the environment says that tracking servers are to be talked to."""
    workspace = _variable("MLFLOW_WORKSPACE")
    insecure = os.environ.get("MLFLOW_TRACKING_INSECURE_TLS", "").lower() in _TRUE
    return Access(
        {"X-MLFLOW-WORKSPACE": workspace} if workspace else {},
        _authorization(),
        False if insecure else _variable("MLFLOW_TRACKING_SERVER_CERT_PATH"),
        _variable("MLFLOW_TRACKING_CLIENT_CERT_PATH"),
    )


def _authorization() -> str | None:
    name, password = _name_and_password()
    if name and password:
        return "Basic " + b64encode(f"{name}:{password}".encode()).decode()
    token = _variable("MLFLOW_TRACKING_TOKEN")
    return f"Bearer {token}" if token else None


def _name_and_password() -> tuple[str | None, str | None]:
    stored = _stored_credentials()
    return (
        _variable("MLFLOW_TRACKING_USERNAME") or stored.get("mlflow_tracking_username"),
        _variable("MLFLOW_TRACKING_PASSWORD") or stored.get("mlflow_tracking_password"),
    )


def _stored_credentials() -> dict[str, str]:
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(Path("~/.mlflow/credentials").expanduser())
    except (ConfigParserError, OSError, RuntimeError, UnicodeDecodeError):
        # Nobody's home, or a file that is not MLflow's.
        return {}
    return dict(parser["mlflow"]) if "mlflow" in parser else {}


def content_is_decided() -> bool:
    """Return whether the environment says what of prompts and answers may be recorded."""
    return _variable(_CAPTURE) is not None


def shares_provider() -> bool:
    """Return whether MLflow makes its own spans on OpenTelemetry's global provider."""
    text = os.environ.get("MLFLOW_USE_DEFAULT_TRACER_PROVIDER", "true")
    return text.lower() in _FALSE
