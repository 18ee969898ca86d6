"""Settings from OpenTelemetry's configuration file."""

from __future__ import annotations

import json
import sys
import textwrap
from dataclasses import fields

import pytest

from autolog.programs import ONE_CALL, OTEL, run
from opentelemetry_instrumentation_gemini import GeminiInstrumentor, Settings
from opentelemetry_instrumentation_gemini._declarative import turned_off
from opentelemetry_instrumentation_gemini._patching.install import placed_hooks
from opentelemetry_instrumentation_gemini._settings import load_settings

pytest.importorskip("opentelemetry.configuration", reason="a package that came with API 1.44")

# What OpenTelemetry says about a file, whatever it holds.
THEIRS = "OTEL_CONFIG_FILE is set; ignoring configurator kwargs"
CONTENT = "gen_ai.input.messages"
CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"


@pytest.fixture(name="configure")
def _configure(tmp_path, mlflow):
    """Writes a file with the given lines under `python:` and returns its path."""

    def configure(lines, exporter="mlflow"):
        path = tmp_path / "otel.yaml"
        path.write_text(
            f"""\
file_format: "1.0"
tracer_provider:
  processors:
    - batch:
        exporter:
          {exporter}:
            tracking_uri: {mlflow.url}
            experiment: Gemini
instrumentation/development:
  python:
{textwrap.indent(textwrap.dedent(lines), "    ")}
"""
        )
        return str(path)

    return configure


@pytest.fixture(name="traced")
def _traced(configure, fake, mlflow):
    """Runs a program under such a file; gives its spans and what was said on the way."""

    def traced(lines, program=ONE_CALL, **environ):
        done = run(program, fake.url, OTEL, OTEL_CONFIG_FILE=configure(lines), **environ)
        assert done.returncode == 0, done.stderr
        assert done.stdout
        said = [line for line in done.stderr.splitlines() if not line.startswith(THEIRS)]
        return mlflow.spans, said

    return traced


def test_settings_in_a_file(traced, mlflow):
    """Settings in a file are in force, an unknown key and a wrong type are one message each."""
    spans, said = traced(
        """
        gemini:
          capture_message_content: SPAN_ONLY
          mlflow: true
          loop_spans: often
          capture_content: true
        """
    )
    assert len(said) == 2
    assert any("no setting 'capture_content'" in line for line in said)
    assert any("loop_spans is 'often'" in line for line in said)
    (span,) = spans
    assert {CONTENT, "mlflow.spanInputs"} <= span.attributes.keys()
    assert span.experiment_id == mlflow.experiments["Gemini"]


def configured(options):
    """Does what OpenTelemetry does with a file and what opentelemetry-instrument does then."""
    from opentelemetry.configuration.instrumentation import configure_instrumentation  # noqa: PLC0415
    from opentelemetry.configuration.models import ExperimentalInstrumentation  # noqa: PLC0415

    configure_instrumentation(ExperimentalInstrumentation(python={"gemini": options}))
    GeminiInstrumentor().instrument(skip_dep_check=True)
    return GeminiInstrumentor().arguments


@pytest.mark.parametrize(
    ("options", "mode"),
    [
        ({}, "SPAN_ONLY"),
        ({"capture_message_content": None}, "SPAN_ONLY"),
        ({"capture_message_content": "NO_CONTENT"}, "NO_CONTENT"),
        ({"capture_message_content": False}, "NO_CONTENT"),
    ],
)
def test_file_counts_before_the_environment(monkeypatch, caplog, options, mode):
    """What a file says counts before the environment, which says the rest."""
    monkeypatch.setenv(CAPTURE, "SPAN_ONLY")
    assert load_settings(configured(options)).capture_message_content == mode
    assert caplog.records == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"loop_spans": "often"},
        {"loop_spans": 7},
        {"max_content_bytes": [1]},
        {"max_media_bytes": "much"},
        {"config_includes": {"a": "b"}},
        {"capture_message_content": ["SPAN_ONLY"]},
        {"mlflow": "perhaps"},
        {"redact": "my_module:redact"},
        {"tracer_provider": "mine"},
        {"unknown_settings": {"a": "b"}},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_wrong_types(wrong, ask, caplog):
    """A value of a wrong type is one message that names it, and the calls go on."""
    configured(wrong)
    assert ask().text
    (record,) = caplog.records
    assert record.name == "opentelemetry_instrumentation_gemini"
    assert next(iter(wrong)) in record.getMessage()
    assert next(iter(placed_hooks()))


def test_switched_off(traced):
    """`enabled: false` stays so, though opentelemetry-instrument instruments afterwards."""
    assert traced("gemini: {enabled: false}") == ([], [])


def test_the_programs_own_word_counts(traced):
    """A program that instruments by itself is obeyed."""
    line = "from opentelemetry_instrumentation_gemini import GeminiInstrumentor\n"
    spans, said = traced(
        "gemini: {enabled: false}", line + "GeminiInstrumentor().instrument()\n" + ONE_CALL
    )
    assert (len(spans), said) == (1, [])


def test_every_setting_is_a_key():
    """The class that a file's reader fills has every setting, and keeps what is none."""
    configuration = GeminiInstrumentor.configuration
    names = [item.name for item in fields(configuration)]
    assert names[:-1] == [item.name for item in fields(Settings)]
    filled = configuration(loop_spans=False, other=1)
    assert (filled.loop_spans, filled.emit_event, getattr(filled, names[-1])) == (
        False,
        None,
        {"other": 1},
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({}, False),
        ({"python": {}}, False),
        ({"python": {"gemini": {}}}, False),
        ({"python": {"gemini": {"enabled": True}}}, False),
        ({"python": {"gemini": {"enabled": False}}}, True),
    ],
)
def test_turned_off(monkeypatch, tmp_path, content, expected):
    """Only `enabled: false` switches the package off."""
    path = tmp_path / "otel.json"
    path.write_text(json.dumps({"file_format": "1.0", "instrumentation/development": content}))
    assert turned_off() is False
    monkeypatch.setenv("OTEL_CONFIG_FILE", str(path))
    assert turned_off() is expected


def test_file_that_cannot_be_read(monkeypatch, caplog):
    """A file that is not there switches nothing off, and is told."""
    monkeypatch.setenv("OTEL_CONFIG_FILE", "/no/such/file.yaml")
    assert turned_off() is False
    assert "OTEL_CONFIG_FILE" in caplog.text


def test_files_that_nobody_reads(monkeypatch, caplog):
    """Without the package that reads such files, one switches nothing off."""
    monkeypatch.setenv("OTEL_CONFIG_FILE", "/no/such/file.yaml")
    monkeypatch.setitem(sys.modules, "opentelemetry.configuration.file", None)
    assert turned_off() is False
    assert caplog.records == []
