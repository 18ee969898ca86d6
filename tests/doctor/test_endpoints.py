"""Each wrong destination is one sentence with its remedy."""

from __future__ import annotations

import grpc
import pytest

from autolog.small_mlflow import SmallMlflow
from doctor.receivers import grpc_receiver, http_receiver
from opentelemetry_instrumentation_gemini._doctor.endpoints import look_at_endpoints
from opentelemetry_instrumentation_gemini._doctor.findings import Level

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL"
HTTP = {PROTOCOL: "http/protobuf"}
TRACES_ONLY = {"OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"}
DEAD = "http://127.0.0.1:9"


@pytest.fixture(name="mlflow")
def _mlflow():
    class Mlflow(SmallMlflow):
        def answer(self, request):
            return (200, b"3.17.2") if request.path == "/version" else super().answer(request)

    with Mlflow() as server:
        yield server


def wrong(**environ):
    """What is wrong with the destinations that *environ* names."""
    return [item.text for item in look_at_endpoints(environ) if item.level is Level.PROBLEM]


def right(**environ):
    """What is as it should be."""
    return [item.text for item in look_at_endpoints(environ) if item.level is Level.OK]


def test_http_receiver():
    """A receiver that takes everything by HTTP has no problem."""
    with http_receiver() as url:
        environ = {ENDPOINT: url, **HTTP}
        assert wrong(**environ) == []
        assert [text.split(" ")[1] for text in right(**environ)] == [
            f"{url}/v1/traces",
            f"{url}/v1/metrics",
            f"{url}/v1/logs",
        ]


def test_grpc_receiver():
    """A receiver that takes everything by gRPC has no problem, and is what is asked by default."""
    with grpc_receiver("trace", "metrics", "logs") as url:
        assert wrong(**{ENDPOINT: url}) == []
        assert len(right(**{ENDPOINT: url})) == 3


@pytest.mark.parametrize("protocol", ["grpc", "http/protobuf"])
def test_nothing_listens(protocol):
    """An address where nothing listens is told with the variable that names it."""
    (text,) = wrong(**{ENDPOINT: DEAD, PROTOCOL: protocol}, **TRACES_ONLY)
    assert "does not answer (nothing listens there)" in text
    assert f"Start the receiver, or correct {ENDPOINT}." in text


def test_grpc_at_an_http_port():
    """The default protocol at an HTTP port names the variable that changes it."""
    with http_receiver() as url:
        (text,) = wrong(**{ENDPOINT: url}, **TRACES_ONLY)
    assert f"speaks HTTP, not gRPC. Set {PROTOCOL}=http/protobuf" in text


def test_http_at_a_grpc_port():
    """HTTP at a gRPC port names the other port and the other protocol."""
    with grpc_receiver("trace") as url:
        (text,) = wrong(**{ENDPOINT: url}, **HTTP, **TRACES_ONLY)
    assert "speaks gRPC, not HTTP" in text
    assert f"4318), or set {PROTOCOL}=grpc" in text


def test_mlflow_without_its_header(mlflow):
    """MLflow without an experiment names the header and where to write it."""
    (text,) = wrong(**{ENDPOINT: mlflow.url}, **HTTP, **TRACES_ONLY)
    assert "is MLflow and is told no experiment" in text
    assert "Set OTEL_EXPORTER_OTLP_TRACES_HEADERS=x-mlflow-experiment-id=ID" in text


def test_metrics_and_logs_at_mlflow(mlflow):
    """Metrics and logs that are pointed at MLflow are told how to stay away."""
    texts = wrong(
        **{ENDPOINT: mlflow.url, "OTEL_EXPORTER_OTLP_HEADERS": "x-mlflow-experiment-id=0"}, **HTTP
    )
    assert [text.partition(":")[0] for text in texts] == ["metrics", "logs"]
    assert "is MLflow, which takes traces only (404). Set OTEL_METRICS_EXPORTER=none" in texts[0]
    assert "Set OTEL_LOGS_EXPORTER=none" in texts[1]


def test_mlflow_exporter(mlflow, monkeypatch):
    """The exporter mlflow is asked for its server, and creates no experiment there."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow.url)
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "New")
    environ = {"OTEL_TRACES_EXPORTER": "mlflow", **TRACES_ONLY}
    assert wrong(**environ) == []
    assert mlflow.experiments == {"Default": "0"}
    monkeypatch.setenv("MLFLOW_TRACKING_URI", DEAD)
    assert "Start it, or set MLFLOW_TRACKING_URI to where it is" in wrong(**environ)[0]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db")
    assert "Set it to the server's http address" in wrong(**environ)[0]


@pytest.mark.parametrize(
    ("environ", "remedy"),
    [
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "{url}"}, "Write the whole address"),
        ({ENDPOINT: "{url}/v1/traces"}, "Leave out the path"),
    ],
)
def test_path_of_an_endpoint(environ, remedy):
    """One variable takes the whole address and the other the address without its path."""
    with http_receiver() as url:
        filled = {name: value.format(url=url) for name, value in environ.items()}
        (text,) = wrong(**filled, **HTTP, **TRACES_ONLY)
    assert remedy in text


def test_receiver_without_metrics():
    """A receiver without metrics that is not MLflow is told as what it is."""
    with http_receiver({"/v1/metrics": 404}) as url:
        (text,) = wrong(**{ENDPOINT: url}, **HTTP)
    assert text.startswith("metrics:")
    assert "OTEL_METRICS_EXPORTER=none" in text
    assert "MLflow" not in text


def test_grpc_receiver_without_logs():
    """So is one by gRPC."""
    with grpc_receiver("trace", "metrics") as url:
        (text,) = wrong(**{ENDPOINT: url})
    assert text.startswith("logs:")
    assert "OTEL_LOGS_EXPORTER=none" in text


def test_wrong_key():
    """A receiver that refuses names the variable for the key, and not the key."""
    told = {ENDPOINT: "", "OTEL_EXPORTER_OTLP_HEADERS": "authorization=secret", **TRACES_ONLY}
    with http_receiver({"/v1/traces": 401}) as url:
        texts = wrong(**{**told, ENDPOINT: url}, **HTTP)
    with grpc_receiver("trace", refuse=grpc.StatusCode.UNAUTHENTICATED) as url:
        texts += wrong(**{**told, ENDPOINT: url})
    assert len(texts) == 2
    for text in texts:
        assert "Put the right key into OTEL_EXPORTER_OTLP_TRACES_HEADERS" in text
        assert "secret" not in text


def test_receiver_that_fails():
    """A receiver with a fault of its own is told with its status."""
    with http_receiver({"/v1/traces": 500}) as url:
        (text,) = wrong(**{ENDPOINT: url}, **HTTP, **TRACES_ONLY)
    assert "fails with 500" in text


@pytest.mark.parametrize(
    ("environ", "remedy"),
    [
        ({"OTEL_TRACES_EXPORTER": "none"}, "Unset it"),
        ({"OTEL_TRACES_EXPORTER": "zipkinn"}, "pip install"),
        ({PROTOCOL: "http"}, "Write grpc or http/protobuf"),
        (
            {"OTEL_TRACES_EXPORTER": "console", "OTEL_EXPORTER_OTLP_HEADERS": "key"},
            "OTEL_EXPORTER_OTLP_HEADERS has an entry without '='",
        ),
    ],
)
def test_wrong_words(environ, remedy):
    """A word that means nothing is told with what to write, and nobody is asked."""
    (text,) = wrong(**environ, **TRACES_ONLY)
    assert remedy in text


CERTIFICATE = {"OTEL_EXPORTER_OTLP_CERTIFICATE": "/no/such/file.pem"}


@pytest.mark.parametrize("protocol", ["grpc", "http/protobuf"])
def test_certificates_that_are_not_there(protocol):
    """A file of certificates that is not there is told where a connection needs it."""
    environ = {PROTOCOL: protocol, **CERTIFICATE, **TRACES_ONLY}
    (text,) = wrong(**{ENDPOINT: "https://127.0.0.1:9"}, **environ)
    assert "Correct OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE" in text
    with http_receiver() as http, grpc_receiver("trace") as grpc_url:
        url = grpc_url if protocol == "grpc" else http
        assert wrong(**{ENDPOINT: url}, **environ) == []


def test_an_address_without_its_scheme():
    """HTTP wants to be told how to get there, though somebody listens; gRPC does not."""
    with http_receiver() as url:
        address = url.partition("://")[2]
        (text,) = wrong(**{ENDPOINT: address}, **HTTP, **TRACES_ONLY)
    assert f"begins with neither http:// nor https://. Correct {ENDPOINT}" in text


@pytest.mark.parametrize("protocol", ["grpc", "http/protobuf"])
@pytest.mark.parametrize("host", ["127.0.0.1:9", "127.0.0.1:99999", "[::1:9"])
def test_an_address_is_shown_without_its_password(protocol, host):
    """People show others what the doctor says; an address that is none is told as such."""
    environ = {ENDPOINT: f"http://me:secret@{host}", PROTOCOL: protocol, **TRACES_ONLY}
    (text,) = wrong(**environ)
    assert f"http://[REDACTED]@{host}" in text
    assert ("is no address" in text) is (host != "127.0.0.1:9")
    assert "secret" not in text
