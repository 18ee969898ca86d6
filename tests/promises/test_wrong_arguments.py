"""What `instrument()` cannot use: one warning that names it, and the calls go on."""

from __future__ import annotations

from dataclasses import fields
from importlib import metadata
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider

from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini import Settings
from opentelemetry_instrumentation_gemini._settings import load_settings
from promises.faults import break_down
from promises.watching import Telemetry

ASKED: dict[str, Any] = {"model": PLAIN_TEXT.model, "contents": PLAIN_TEXT.contents}


class _BrokenTracers(TracerProvider):
    get_tracer = break_down


def said(log: Any, genai: Any, telemetry: Telemetry, **arguments: Any) -> str:
    """The one warning of a program that instruments with *arguments*."""
    with telemetry.attached(**arguments):
        assert genai.models.generate_content(**ASKED).text
    (record,) = log.records
    return str(record.getMessage())


@pytest.mark.parametrize("given", ["mine", 7, TracerProvider], ids=str)
@pytest.mark.parametrize("name", ["tracer_provider", "meter_provider", "logger_provider"])
def test_no_provider(name: str, given: Any, genai: Any, telemetry: Telemetry, log: Any):
    """What is no provider is told by its keyword, and the others count."""
    told = said(log, genai, telemetry, **{name: given})
    assert told.startswith(f"{name} is ")
    assert len(telemetry.ended) == (0 if name == "tracer_provider" else 1)


class _Unreadable:
    def __getattr__(self, name: str) -> Any:
        raise OSError(name)


def test_an_argument_that_cannot_be_looked_at(genai: Any, telemetry: Telemetry, log: Any):
    """Whatever it raises, it does not reach who instruments, and the others count."""
    with telemetry.attached(meter_provider=_Unreadable()):
        assert genai.models.generate_content(**ASKED).text
    assert any("meter_provider is a _Unreadable" in it.getMessage() for it in log.records)
    assert len(telemetry.ended) == 1


def test_a_provider_that_makes_no_tracer(genai: Any, telemetry: Telemetry, log: Any):
    """A provider that fails is told of once, not once for each hook."""
    assert "(Broken at " in said(log, genai, telemetry, tracer_provider=_BrokenTracers())


@pytest.mark.parametrize("number", [float("inf"), float("nan"), -1, True, "1e6", "", [1]], ids=str)
@pytest.mark.parametrize("name", ["max_content_bytes", "max_media_bytes"])
def test_no_number(name: str, number: Any, genai: Any, telemetry: Telemetry, log: Any):
    """What is no number of bytes is told with the remedy."""
    told = said(log, genai, telemetry, **{name: number})
    assert told.startswith(f"{name} is ")
    assert "whole number" in told
    assert len(telemetry.ended) == 1


@pytest.mark.parametrize(
    ("name", "right"),
    [("loop_spans", "false"), ("mlflow", "true"), ("usage_breakdown", "none"), ("cost", "0")],
)
def test_the_environment_counts_where_a_keyword_is_wrong(name: str, right: str, log: Any):
    """What cannot be understood is ignored, as if it had not been said."""
    item = next(item for item in fields(Settings) if item.name == name)
    environ = {item.metadata["variable"]: right}
    assert load_settings({name: "perhaps"}, environ) == load_settings({}, environ)
    (record,) = log.records
    assert "so it is ignored" in record.getMessage()


def test_a_program_without_metadata(
    genai: Any, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """Frozen or vendored, the plugin knows no release of its own, and works."""

    def unknown(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr("opentelemetry_instrumentation_gemini._emit.telemetry.version", unknown)
    with telemetry.attached():
        genai.models.generate_content(**ASKED)
    (span,) = telemetry.ended
    assert not span.instrumentation_scope.version
