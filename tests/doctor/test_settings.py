"""What the doctor says of settings, versions, hooks and other plugins."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from opentelemetry_instrumentation_gemini import GeminiInstrumentor
from opentelemetry_instrumentation_gemini._doctor import destinations, doubles, versions
from opentelemetry_instrumentation_gemini._doctor.command import examine
from opentelemetry_instrumentation_gemini._doctor.findings import Level
from opentelemetry_instrumentation_gemini._neighbours import NEIGHBOURS

CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
QUIET = {
    "OTEL_TRACES_EXPORTER": "console",
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_LOGS_EXPORTER": "none",
}
OFFICIAL = NEIGHBOURS[0]


def found(*levels, **environ):
    """What the doctor says of an environment that sends nowhere."""
    findings = examine({**QUIET, **environ}, send=False)
    return [item.text for item in findings if item.level in levels]


def wrong(**environ):
    """The problems of it."""
    return found(Level.PROBLEM, **environ)


def test_nothing_wrong():
    """An environment in order has no problem, and the hooks of its SDK are on."""
    assert wrong() == []
    said = found(Level.OK)
    assert "google.genai.models.Models.generate_content" in said
    assert any("hooks are on google-genai" in text for text in said)


def test_sources_of_settings():
    """Each setting says whether a keyword, a variable or nothing has set it."""
    GeminiInstrumentor().instrument(loop_spans=False)
    said = found(Level.OK, **{CONTENT: "true"})
    assert f"capture_message_content = SPAN_ONLY ({CONTENT})" in said
    assert "loop_spans = False (keyword or configuration file)" in said
    assert "emit_event = False (default)" in said


def a_file(folder: Path, lines: str) -> dict[str, str]:
    """The variable that names a configuration file with *lines* under `gemini:`."""
    pytest.importorskip("opentelemetry.configuration", reason="a package that came with API 1.44")
    path = folder / "otel.yaml"
    python = f"instrumentation/development: {{python: {{gemini: {{{lines}}}}}}}"
    path.write_text(f'file_format: "1.0"\n{python}\n', encoding="utf-8")
    return {"OTEL_CONFIG_FILE": str(path)}


def test_settings_in_a_file(tmp_path):
    """What a configuration file says is in force, and no variable names an exporter then."""
    environ = a_file(tmp_path, "capture_message_content: SPAN_ONLY, loop_spans: false, foo: 1")
    environ["OTEL_TRACES_EXPORTER"] = "otlp"
    findings = list(examine(environ, send=True))
    said = [item.text for item in findings if item.level is Level.OK]
    assert "capture_message_content = SPAN_ONLY (keyword or configuration file)" in said
    assert "loop_spans = False (keyword or configuration file)" in said
    (text,) = [item.text for item in findings if item.level is Level.PROBLEM]
    assert "no setting 'foo'" in text
    decided = {item.section for item in findings if "decides on" in item.text}
    assert decided == {"Exporters", "Test span"}


def test_switched_off_in_a_file(tmp_path):
    """A file that switches the plugin off is told with its remedy."""
    (text,) = wrong(**a_file(tmp_path, "enabled: false"))
    assert "Take it out" in text


def test_a_file_that_nobody_reads(monkeypatch):
    """Without the package that reads it, a configuration file decides on nothing."""
    monkeypatch.setattr(destinations, "installed", lambda _name: None)
    monkeypatch.setitem(sys.modules, "opentelemetry.configuration.file", None)
    (text,) = wrong(OTEL_CONFIG_FILE="otel.yaml")
    assert "pip install opentelemetry-configuration" in text


@pytest.mark.parametrize(
    ("environ", "remedy"),
    [
        ({CONTENT: "SPANS"}, "Use one of NO_CONTENT"),
        ({"OTEL_INSTRUMENTATION_GENAI_CAPTURE_CONTENT": "true"}, f"Write {CONTENT}"),
        ({"OTEL_INSTRUMENTATION_GEMINI_LOOP_SPAN": "false"}, "Write OTEL_INSTRUMENTATION_GEMINI"),
        ({"OTEL_INSTRUMENTATION_GEMINI_LOOP_SPANS": "off"}, "Use true or false"),
        ({"OTEL_SDK_DISABLED": "true"}, "Unset it"),
        ({"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "flask, gemini"}, "Take gemini out of it"),
        ({"OTEL_TRACES_SAMPLER": "always_off"}, "Unset it"),
        ({"OTEL_TRACES_SAMPLER": "parentbased_always_off"}, "Unset it"),
        ({"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0"}, "Unset it"),
    ],
)
def test_wrong_settings(environ, remedy):
    """What is misspelt or switches the plugin off is one sentence with its remedy."""
    (text,) = wrong(**environ)
    assert remedy in text
    assert next(iter(environ)) in text


def test_foreign_variables():
    """Variables of other packages with the same beginning are no mistakes."""
    assert wrong(OTEL_INSTRUMENTATION_GENAI_COMPLETION_HOOK="upload") == []


@pytest.mark.parametrize(
    ("present", "remedy"),
    [
        ({}, "pip install google-genai"),
        ({"google-genai": "1.9.0"}, "pip install --upgrade google-genai"),
    ],
)
def test_wrong_sdk(monkeypatch, present, remedy):
    """An SDK that is missing or too old is told."""
    monkeypatch.setattr(versions, "installed", {"opentelemetry-sdk": "1", **present}.get)
    texts = [item.text for item in versions.look_at_versions() if item.level is Level.PROBLEM]
    assert len(texts) == 1
    assert remedy in texts[0]


def test_only_the_older_sdk(monkeypatch):
    """Either SDK is enough."""
    present = {"opentelemetry-sdk": "1", "google-generativeai": "0.8.6"}
    monkeypatch.setattr(versions, "installed", present.get)
    assert [item for item in versions.look_at_versions() if item.level is Level.PROBLEM] == []


def test_no_opentelemetry_sdk(monkeypatch):
    """Without OpenTelemetry's SDK the extra is named."""
    monkeypatch.setattr(versions, "installed", {"google-genai": "3.0"}.get)
    texts = [item.text for item in versions.look_at_versions() if item.level is Level.PROBLEM]
    assert ["[otlp]" in text for text in texts] == [True]


@pytest.fixture(name="official")
def _official(monkeypatch):
    """The official plugin, installed and fit for this SDK."""
    monkeypatch.setattr(doubles, "installed", {OFFICIAL.distribution: "1.3b0"}.get)
    monkeypatch.setattr(doubles, "distribution", str)
    conflict = SimpleNamespace(found=None)
    monkeypatch.setattr(doubles, "get_dist_dependency_conflicts", lambda _name: conflict.found)
    return conflict


def doubled(**environ):
    """What the doctor says of other plugins."""
    return list(doubles.look_at_neighbours(environ))


def test_other_plugin_installed(official):
    """Another plugin that opentelemetry-instrument would switch on is told with the switch."""
    (finding,) = doubled()
    assert finding.level is Level.PROBLEM
    assert "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS to google-genai or to gemini" in finding.text


def test_other_plugin_switched_off(official):
    """One of the two switched off is no problem."""
    (finding,) = doubled(OTEL_PYTHON_DISABLED_INSTRUMENTATIONS="flask, google-genai")
    assert finding.level is Level.OK


def test_other_plugin_that_does_not_fit(official):
    """Another plugin that refuses this SDK does no harm."""
    official.found = "google-genai <3"
    (finding,) = doubled()
    assert finding.level is Level.NOTE


def test_other_plugin_at_work(official, monkeypatch):
    """Another plugin that is at work in this process is told as such."""
    instance = SimpleNamespace(_is_instrumented_by_opentelemetry=True)
    module = SimpleNamespace(**{OFFICIAL.instrumentor: SimpleNamespace(_instance=instance)})
    monkeypatch.setitem(sys.modules, OFFICIAL.module, module)
    (finding,) = doubled()
    assert finding.level is Level.PROBLEM
    assert "is at work as well" in finding.text


def test_plugins_by_code(monkeypatch):
    """Packages that trace only when a program says so are noted with what it would say."""
    monkeypatch.setattr(doubles, "installed", {"mlflow": "3.17"}.get)
    (finding,) = doubled()
    assert finding.level is Level.NOTE
    assert "mlflow.gemini.autolog()" in finding.text


@pytest.mark.parametrize("breakdown", [None, "NO_MODALITIES"])
def test_langfuse(breakdown):
    """Where traces go to Langfuse, the setting for its sums is named until it is set."""
    environ = {
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:9/langfuse/v1/traces",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
    }
    if breakdown:
        environ["OTEL_INSTRUMENTATION_GEMINI_USAGE_BREAKDOWN"] = breakdown
    notes = [text for text in found(Level.NOTE, **environ) if "Langfuse" in text]
    assert len(notes) == (0 if breakdown else 1)
