"""Spans on their way to a server, and what stands in it."""

from __future__ import annotations

import gc
import socket
import weakref

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult

from autolog.small_mlflow import SmallMlflow
from opentelemetry_instrumentation_gemini._mlflow import server
from opentelemetry_instrumentation_gemini._mlflow.environment import Destination
from opentelemetry_instrumentation_gemini._mlflow.exporter import (
    MlflowSpanExporter,
    note_destination,
)

DEAD = "http://127.0.0.1:9"


class Kept(SimpleSpanProcessor):
    """Keeps finished spans."""

    def __init__(self):
        self.spans = []

    def on_end(self, span):
        self.spans.append(span)

    def shutdown(self):
        pass


@pytest.fixture(name="spans")
def _spans(provider):
    """Makes finished spans of the given names, each a trace of its own."""
    kept = Kept()
    provider.add_span_processor(kept)
    tracer = provider.get_tracer("any")

    def make(*names):
        for name in names:
            tracer.start_span(name).end()
        made, kept.spans[:] = list(kept.spans), []
        return made

    return make


def warnings(caplog):
    return [record.getMessage() for record in caplog.records]


def test_experiment_is_created_once(mlflow, spans):
    """An experiment that is not there is created, and not looked for again."""
    exporter = MlflowSpanExporter(mlflow.url, "Gemini")
    assert exporter.export(spans("a")) is SpanExportResult.SUCCESS
    assert exporter.export(spans("b")) is SpanExportResult.SUCCESS
    assert [(span.name, span.experiment_id) for span in mlflow.spans] == [("a", "1"), ("b", "1")]
    assert [request.method for request in mlflow.requests] == ["GET", "POST", "POST", "POST"]


def test_experiment_is_found(mlflow, spans):
    """An experiment that is there is used."""
    mlflow.experiments["Gemini & co?"] = "12"
    assert MlflowSpanExporter(mlflow.url + "/", "Gemini & co?").export(spans("a"))
    assert mlflow.spans[0].experiment_id == "12"


def test_another_process_creates_it_first(mlflow, spans):
    """Two processes that create an experiment at once both use the one that is made."""

    def hide_once(request):
        if "get-by-name" in request.path and len(mlflow.requests) == 1:
            mlflow.experiments["Gemini"] = "3"
            return 404, {"error_code": "RESOURCE_DOES_NOT_EXIST"}
        return None

    mlflow.refuse = hide_once
    exporter = MlflowSpanExporter(mlflow.url, "Gemini")
    assert exporter.export(spans("a")) is SpanExportResult.SUCCESS
    assert mlflow.spans[0].experiment_id == "3"


def test_default_experiment(mlflow, spans):
    """Where nobody names an experiment, MLflow's own first one is used."""
    MlflowSpanExporter(mlflow.url).export(spans("a"))
    assert mlflow.spans[0].experiment_id == "0"


def test_environment_is_read_at_the_first_export(mlflow, spans, monkeypatch):
    """An exporter made before the environment was set obeys it."""
    exporter = MlflowSpanExporter()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow.url)
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "Gemini")
    assert exporter.export(spans("a")) is SpanExportResult.SUCCESS
    assert mlflow.spans[0].experiment_id == mlflow.experiments["Gemini"]


def test_run_of_the_trace(mlflow, spans):
    """A run is named, and brings its experiment where no other is named."""
    mlflow.runs["r1"] = "8"
    MlflowSpanExporter(mlflow.url, run_id="r1").export(spans("a"))
    assert [(span.experiment_id, span.run_id) for span in mlflow.spans] == [("8", "r1")]


def test_unknown_run(mlflow, spans, caplog):
    """A run that is not there costs the link, not the trace, and is told once."""
    exporter = MlflowSpanExporter(mlflow.url, "Gemini", "gone")
    exporter.export(spans("a"))
    assert exporter.export(spans("b")) is SpanExportResult.SUCCESS
    assert [span.run_id for span in mlflow.spans] == [None, None]
    assert len(warnings(caplog)) == 1
    assert "no run 'gone'" in caplog.text


def test_run_that_may_not_be_seen(mlflow, spans, caplog):
    """A server that does not tell of a run is trouble to tell, not a run that is not there."""
    mlflow.runs["r1"] = "0"
    exporter = MlflowSpanExporter(mlflow.url, "Gemini", "r1")
    mlflow.refuse = lambda request: (500, {"message": "broken"}) if "runs" in request.path else None
    assert exporter.export(spans("a")) is SpanExportResult.FAILURE
    assert "500: broken" in warnings(caplog)[0]
    mlflow.refuse = None
    assert exporter.export(spans("b")) is SpanExportResult.SUCCESS
    assert [span.run_id for span in mlflow.spans] == ["r1"]


def test_each_trace_goes_where_was_noted(mlflow, spans):
    """Spans of one batch go to the experiments and runs that were noted for them."""
    mlflow.runs["r1"] = "0"
    made = spans("a", "b", "c")
    for span, name, run in zip(made, "xyx", (None, "r1", None), strict=True):
        note_destination(span, Destination(mlflow.url, name, None, run))
    MlflowSpanExporter().export(made)
    x, y = mlflow.experiments["x"], mlflow.experiments["y"]
    sent = [(span.name, span.experiment_id, span.run_id) for span in mlflow.spans]
    assert sent == [("a", x, None), ("c", x, None), ("b", y, "r1")]
    assert mlflow.paths().count("traces") == 2


def test_notes_are_not_kept(spans):
    """A note goes with its span."""
    (span,) = spans("a")
    note_destination(span, Destination(DEAD))
    watched = weakref.ref(span)
    del span
    gc.collect()
    assert watched() is None


def test_headers_of_other_servers_stay_away(mlflow, spans, monkeypatch):
    """What OTEL_EXPORTER_OTLP_* says is meant for another server."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-secret=s,authorization=s")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-team=s")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", DEAD)
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t0")
    MlflowSpanExporter(mlflow.url).export(spans("a"))
    assert len(mlflow.spans) == 1
    for request in mlflow.requests:
        assert request.headers["authorization"] == "Bearer t0"
        assert not request.headers.keys() & {"x-secret", "x-team"}


def test_a_token_that_is_changed_counts(mlflow, spans, monkeypatch):
    """A program that renews its token, or puts another in its place, is not shut out."""
    exporter = MlflowSpanExporter(mlflow.url)
    for token in ("t1", "t2"):
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", token)
        assert exporter.export(spans("a")) is SpanExportResult.SUCCESS
    told = [one.headers.get("authorization") for one in mlflow.requests if one.method == "POST"]
    assert told == ["Bearer t1", "Bearer t2"]


def test_netrc_does_not_replace_the_token(mlflow, spans, monkeypatch, tmp_path):
    """Credentials from the environment count before a `.netrc`."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t0")
    MlflowSpanExporter(mlflow.url).export(spans("a"))
    assert mlflow.requests[0].headers["authorization"] == "Bearer t0"


def test_unreachable_server_is_told_once(spans, caplog):
    """A server that is not there is one message, however often it is tried."""
    exporter = MlflowSpanExporter(DEAD)
    for _ in range(3):
        assert exporter.export(spans("a")) is SpanExportResult.FAILURE
    assert len(warnings(caplog)) == 1
    assert DEAD in caplog.text
    assert "refused" in caplog.text
    assert "MLFLOW_TRACKING_URI" in caplog.text


def test_silence(spans, caplog):
    """A silent exporter says nothing."""
    exporter = MlflowSpanExporter(DEAD)
    exporter.silent = True
    assert exporter.export(spans("a")) is SpanExportResult.FAILURE
    assert warnings(caplog) == []


def test_a_second_outage_is_told_again(mlflow, spans, caplog):
    """After a success the same trouble is news again."""
    down = 500, {"message": "maintenance"}
    exporter = MlflowSpanExporter(mlflow.url)
    for refuse in (None, lambda _: down, None, lambda _: down):
        mlflow.refuse = refuse
        exporter.export(spans("a"))
    assert len(warnings(caplog)) == 2


def test_busy_server_is_asked_again(mlflow, spans, caplog):
    """A server that is busy for a moment costs nothing."""
    answers = iter([(503, {}), (429, {})])
    mlflow.retry_after = "3600"
    mlflow.refuse = lambda request: next(answers, None) if "v1" in request.path else None
    exporter = MlflowSpanExporter(mlflow.url)
    assert exporter.export(spans("a")) is SpanExportResult.SUCCESS
    assert mlflow.paths().count("traces") == 3
    assert warnings(caplog) == []


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ((401, b"who are you?"), "refuses them with 401: who are you?. Set MLFLOW_TRACKING_USER"),
        ((403, {"error_code": "PERMISSION_DENIED", "message": "no"}), "403: no. Set MLFLOW"),
        ((200, b"<html>a welcome page</html>"), "Is MLFLOW_TRACKING_URI right?"),
        ((500, {"detail": "x" * 999}), "500: " + "x" * 300 + ". The"),
        ((404, b""), "refuses them with 404: Not Found"),
    ],
)
def test_refusals_are_explained(mlflow, spans, caplog, answer, text):
    """What a server answers instead of taking spans is told, with what to do."""
    mlflow.refuse = lambda _: answer
    assert MlflowSpanExporter(mlflow.url).export(spans("a")) is SpanExportResult.FAILURE
    assert text in warnings(caplog)[0]


def test_redirects_are_not_followed(mlflow, spans, caplog):
    """A server that sends elsewhere, as to a login, is told with the address and no more."""
    with SmallMlflow() as front:
        front.elsewhere = f"{mlflow.url}/login?secret=s"
        MlflowSpanExporter(front.url).export(spans("a"))
    assert f"sends to {mlflow.url}/login instead" in warnings(caplog)[0]
    assert "secret" not in caplog.text
    assert mlflow.requests == []


def test_patience_has_an_end(mlflow, spans, monkeypatch, caplog):
    """A server that takes the connection and never answers is given up."""
    monkeypatch.setattr(server, "_ANSWER", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert MlflowSpanExporter(url).export(spans("a")) is SpanExportResult.FAILURE
    assert "does not answer" in warnings(caplog)[0]


def test_server_without_otlp(mlflow, spans, caplog):
    """A server that takes no OTLP, as old ones, is told apart from one with no experiment."""
    mlflow.refuse = lambda request: (404, b"") if "v1" in request.path else None
    MlflowSpanExporter(mlflow.url).export(spans("a"))
    assert "takes no traces by OTLP" in warnings(caplog)[0]


def test_deleted_experiment(mlflow, spans, caplog):
    """A deleted experiment is told by its name."""
    mlflow.experiments["Gemini"] = "1"
    mlflow.deleted.add("Gemini")
    MlflowSpanExporter(mlflow.url, "Gemini").export(spans("a"))
    assert "deleted the experiment 'Gemini'" in warnings(caplog)[0]
    assert mlflow.spans == []


def test_no_text(mlflow, spans):
    """A number from a configuration file names an experiment; a scheme may be in capitals."""
    assert MlflowSpanExporter(mlflow.url.replace("http", "HTTP"), 2025).export(spans("a")).name == (
        "SUCCESS"
    )
    assert [span.experiment_id for span in mlflow.spans] == [mlflow.experiments["2025"]]


def test_wrong_experiment_id(mlflow, spans, monkeypatch, caplog):
    """An id that nobody has is told before any trace is sent."""
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", "99")
    MlflowSpanExporter(mlflow.url).export(spans("a"))
    assert "no such experiment" in warnings(caplog)[0]
    assert mlflow.spans == []


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        (None, "Set MLFLOW_TRACKING_URI"),
        ("sqlite:///mlflow.db", "begins with 'sqlite'"),
        ("postgresql://me:secret@host/db", "begins with 'postgresql'"),
        ("databricks", "begins with 'databricks'"),
    ],
)
def test_no_server(spans, caplog, uri, text):
    """Only a server takes traces; where there is none, the message says what to do."""
    assert MlflowSpanExporter(uri).export(spans("a")) is SpanExportResult.FAILURE
    assert text in warnings(caplog)[0]
    assert "secret" not in caplog.text


@pytest.mark.parametrize("host", ["127.0.0.1:9", "127.0.0.1:999999", "[::1:9", ""])
def test_passwords_are_not_logged(spans, caplog, host):
    """A password inside a URI does not get into a log, whatever is wrong with the URI."""
    exporter = MlflowSpanExporter(f"http://me:secret@{host}/?token=secret")
    assert exporter.export(spans("a")) is SpanExportResult.FAILURE
    assert f"MLflow at http://{host}" in caplog.text
    assert "secret" not in caplog.text


def test_one_bad_trace_does_not_cost_the_others(mlflow, spans, caplog):
    """MLflow refuses a batch for one bad trace: then each trace is sent by itself."""
    mlflow.refuse = lambda request: (
        (400, {"error_code": "INVALID_PARAMETER_VALUE", "message": "session id too long"})
        if b"bad" in request.body
        else None
    )
    exporter = MlflowSpanExporter(mlflow.url)
    assert exporter.export(spans("a", "bad", "c")) is SpanExportResult.FAILURE
    taken = [request for request in mlflow.requests if b"bad" not in request.body]
    assert [request.path for request in taken].count("/v1/traces") == 2
    assert len(warnings(caplog)) == 1
    assert "session id too long" in caplog.text
