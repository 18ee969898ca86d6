"""Other plugins for the same SDK, and ADK's own model spans."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import pytest
from opentelemetry.context import get_current

from opentelemetry_instrumentation_gemini import _adk, _guard, _neighbours, annotate
from opentelemetry_instrumentation_gemini._ambient import describe


@pytest.fixture(autouse=True)
def _clean_state(monkeypatch):
    monkeypatch.setattr(_guard, "_reported", set())
    monkeypatch.setattr(_adk, "_state", {"awaited": True, "active": False})
    _neighbours.warn_of_doubles.cache_clear()
    yield
    _neighbours.warn_of_doubles.cache_clear()


@pytest.mark.parametrize("neighbour", _neighbours.NEIGHBOURS)
def test_one_warning_of_an_active_plugin(neighbour, monkeypatch, caplog):
    """A plugin that is at work as well is told once, with the switch that turns it off."""
    instance = SimpleNamespace(_is_instrumented_by_opentelemetry=True)
    module = SimpleNamespace(**{neighbour.instrumentor: SimpleNamespace(_instance=instance)})
    monkeypatch.setitem(sys.modules, neighbour.module, module)
    for _ in range(3):
        _neighbours.warn_of_doubles()
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith(neighbour.distribution)
    assert f"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS to {neighbour.entry_point}" in (
        record.getMessage()
    )


def test_mlflow_autolog(monkeypatch, caplog):
    """MLflow's own autolog is told while it is on."""
    on = SimpleNamespace(AUTOLOGGING_INTEGRATIONS={"gemini": {"disable": False}})
    monkeypatch.setitem(sys.modules, "mlflow.utils.autologging_utils", on)
    _neighbours.warn_of_doubles()
    (record,) = caplog.records
    assert "leave out mlflow.gemini.autolog()" in record.getMessage()


@pytest.mark.parametrize("active", [None, False])
def test_no_warning_without_another(active, monkeypatch, caplog):
    """A plugin that was only imported is no reason to warn."""
    neighbour = _neighbours.NEIGHBOURS[0]
    instance = active is not None and SimpleNamespace(_is_instrumented_by_opentelemetry=active)
    module = SimpleNamespace(**{neighbour.instrumentor: SimpleNamespace(_instance=instance)})
    monkeypatch.setitem(sys.modules, neighbour.module, module)
    idle = SimpleNamespace(AUTOLOGGING_INTEGRATIONS={"gemini": {}})
    monkeypatch.setitem(sys.modules, "mlflow.utils.autologging_utils", idle)
    _neighbours.warn_of_doubles()
    assert caplog.records == []


@pytest.fixture(name="tracing")
def _tracing():
    """ADK's module, as far as it counts here, after the plugin has met it."""
    module = ModuleType("google.adk.telemetry.tracing")
    module._genai_instrumentor = ModuleType("google.adk.telemetry._genai_instrumentor")
    module._genai_instrumentor.records_inference = lambda _config: False

    @contextmanager
    def gives(extra_attributes, log_only_extra_attributes=None):
        yield "ADK's own"

    module._use_extra_generate_content_attributes = gives
    _adk._on_import(module)
    return module


def test_adk_leaves_its_spans_to_the_plugin(tracing):
    """ADK hears that its inferences are recorded, as long as that is so."""
    asked = tracing._genai_instrumentor
    assert asked.records_inference(None) is False
    _adk.take_over_from_adk()
    assert asked.records_inference(None) is True
    _adk.give_back_to_adk()
    assert asked.records_inference(None) is False


def test_adk_attributes_reach_the_span(tracing):
    """What ADK knows is on the inference's span, and the user's id is not."""
    _adk.take_over_from_adk()
    known = {"gen_ai.agent.name": "helper", "gen_ai.conversation.id": "session"}
    with tracing._use_extra_generate_content_attributes(
        known, log_only_extra_attributes={"user.id": "u-12"}
    ):
        assert describe(get_current(), "generate_content") == known
    assert describe(get_current(), "generate_content") == {}


def test_the_application_names_the_conversation(tracing):
    """A conversation that the application has named counts more than ADK's session."""
    _adk.take_over_from_adk()
    with (
        annotate(conversation_id="own"),
        tracing._use_extra_generate_content_attributes({"gen_ai.conversation.id": "session"}),
    ):
        found = describe(get_current(), "generate_content")
    assert found == {"gen_ai.conversation.id": "own"}


def test_adk_alone(tracing):
    """Without the plugin ADK gets its own answer."""
    with tracing._use_extra_generate_content_attributes({}) as given:
        assert given == "ADK's own"


def test_attributes_that_cannot_be_read(tracing, caplog):
    """What ADK says in a way that is not understood is one warning, and its call goes on."""
    _adk.take_over_from_adk()
    with tracing._use_extra_generate_content_attributes(None):
        reached = True
    assert reached
    assert len(caplog.records) == 1


def test_an_adk_that_is_not_known(caplog):
    """A release of ADK without that question is told, and left alone."""
    _adk._on_import(ModuleType("google.adk.telemetry.tracing"))
    (record,) = caplog.records
    assert "gcp.vertex.agent" in record.getMessage()
