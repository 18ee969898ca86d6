"""Whether the MLflow server of `OTEL_TRACES_EXPORTER=mlflow` is there and lets one in."""

from opentelemetry_instrumentation_gemini._mlflow.environment import (
    Destination,
    current_destination,
)
from opentelemetry_instrumentation_gemini._mlflow.server import DeliveryError, Server

from .findings import Finding, ok, problem


def look_at_mlflow(section: str) -> Finding:
    """Return whether it answers; an experiment that is not there is not created."""
    destination = current_destination(Destination())
    uri = destination.uri or ""
    if not uri.lower().startswith(("http://", "https://")):
        return problem(
            section,
            "traces: MLFLOW_TRACKING_URI names no MLflow server, so the exporter mlflow has "
            "nowhere to send to. Set it to the server's http address.",
        )
    try:
        Server(uri).experiment_id(Destination(uri, None, destination.experiment_id))
    except DeliveryError as error:
        return problem(section, f"traces: {str(error).rstrip('.')}.")
    return ok(section, f"traces: MLflow at {uri.rpartition('@')[2]} answers.")
