"""The moments at which a hooked module may be imported: before, after, during, again, never."""

from __future__ import annotations

import importlib
import itertools
import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini.scenarios.text import PLAIN_TEXT
from opentelemetry_instrumentation_gemini import _instrumentor
from opentelemetry_instrumentation_gemini._patching import install
from opentelemetry_instrumentation_gemini._patching.table import Hook, Shape
from promises import elsewhere
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fake_gemini import FakeGemini

SOURCE = """
import {gate}
class Models:
    def ask(self):
        return "answer"
{gate}.passed()
"""
LONG = 20.0
"""Seconds after which a thread is stuck."""
_numbers = itertools.count()


class Gate:
    """A module that stops whoever imports the one that needs it, until it is opened."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()
        self.opened.set()

    def passed(self) -> None:
        self.reached.set()
        assert self.opened.wait(LONG)


class Stand:
    """A module that stands in for one of the SDK's, since that can be imported only once."""

    def __init__(self, folder: Path) -> None:
        self.name = f"stand_{next(_numbers)}_{folder.name}".replace("-", "_")
        self.gate = Gate()
        self.gate_name = f"{self.name}_gate"
        sys.modules[self.gate_name] = self.gate  # type: ignore[assignment]
        (folder / f"{self.name}.py").write_text(SOURCE.format(gate=self.gate_name))

    def load(self) -> Any:
        """Import it."""
        return importlib.import_module(self.name)

    @property
    def hooked(self) -> bool:
        """Whether its method is hooked at the moment."""
        return hasattr(vars(sys.modules[self.name].Models)["ask"], "__wrapped__")


@pytest.fixture
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_process: None) -> Iterator[Stand]:
    """A module that nobody has imported yet, and a table that hooks it."""
    stand = Stand(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    hook = Hook(stand.name, "Models", ("ask",), Shape.CALL, "generate_content", "1.0")
    monkeypatch.setattr(_instrumentor, "HOOKS", (hook,))
    yield stand
    for name in (stand.name, stand.gate_name):
        sys.modules.pop(name, None)


def test_a_module_imported_before_is_hooked_at_once(stand: Stand, telemetry: Telemetry):
    """What the application has imported is hooked by `instrument()`."""
    stand.load()
    with telemetry.attached():
        assert stand.hooked
    assert not stand.hooked


def test_a_module_imported_later_is_hooked_then(stand: Stand, telemetry: Telemetry):
    """Instrumenting imports nothing, and the hook goes on when the application imports."""
    with telemetry.attached():
        assert stand.name not in sys.modules
        stand.load()
        assert stand.hooked
    assert not stand.hooked


def test_a_module_imported_after_the_end_is_not_hooked(stand: Stand, telemetry: Telemetry):
    """What is imported once the plugin is off stays as it is, until it is on again."""
    with telemetry.attached():
        pass
    stand.load()
    assert not stand.hooked
    with telemetry.attached():
        assert stand.hooked


def test_a_reloaded_module_is_hooked_by_instrumenting_again(stand: Stand, telemetry: Telemetry):
    """A reload makes new classes, and the next `instrument()` finds them."""
    module = stand.load()
    with telemetry.attached():
        old = module.Models
        importlib.reload(module)
    assert vars(old)["ask"].__name__ == "ask"
    assert not hasattr(vars(old)["ask"], "__wrapped__")
    with telemetry.attached():
        assert stand.hooked
    assert not stand.hooked


def test_a_purged_module_is_hooked_when_it_comes_back(stand: Stand, telemetry: Telemetry):
    """A module that was thrown out of `sys.modules` is hooked when it is imported again."""
    stand.load()
    with telemetry.attached():
        pass
    del sys.modules[stand.name]
    with telemetry.attached():
        stand.load()
        assert stand.hooked
    assert not stand.hooked


def test_instrumenting_waits_for_an_import_under_way(stand: Stand, telemetry: Telemetry):
    """A module that another thread is executing is hooked when it is complete."""
    stand.gate.opened.clear()
    importing = threading.Thread(target=stand.load)
    importing.start()
    assert stand.gate.reached.wait(LONG)
    # It is in sys.modules, but its import has not ended.
    assert stand.name in sys.modules
    threading.Timer(0.05, stand.gate.opened.set).start()
    with telemetry.attached():
        importing.join(LONG)
        assert not importing.is_alive()
        assert stand.hooked
    assert not stand.hooked


def test_an_import_under_way_that_fails_stops_nothing(
    stand: Stand, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
):
    """If the module's own import fails in another thread, the other modules are hooked."""
    other = Hook("google.genai.models", "Models", ("count_tokens",), Shape.CALL, "attempt", "1.0")
    monkeypatch.setattr(_instrumentor, "HOOKS", (*_instrumentor.HOOKS, other))
    stand.gate.opened.clear()
    monkeypatch.setattr(threading, "excepthook", lambda _told: None)

    def fail() -> None:
        stand.gate.reached.set()
        assert stand.gate.opened.wait(LONG)
        raise RuntimeError("the module is broken")

    stand.gate.passed = fail  # type: ignore[method-assign]
    importing = threading.Thread(target=stand.load)
    importing.start()
    assert stand.gate.reached.wait(LONG)
    threading.Timer(0.05, stand.gate.opened.set).start()
    with telemetry.attached():
        importing.join(LONG)
        assert list(install.placed_hooks()) == ["google.genai.models.Models.count_tokens"]


@pytest.mark.parametrize("stage", ["attach", "_attach_one"])
def test_a_fault_while_hooking_does_not_break_the_import(
    stage: str,
    stand: Stand,
    telemetry: Telemetry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    """If putting hooks on fails, the application gets its module, and one line tells why."""

    def broken(*_arguments: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(install.Installation, stage, broken)
    with telemetry.attached():
        assert stand.load().Models().ask() == "answer"
        assert not stand.hooked
    (line,) = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert "RuntimeError" in line.getMessage()


def test_the_real_sdk_is_imported_by_nobody_but_the_application(fake: FakeGemini):
    """Instrumenting imports no SDK and nothing that it needs; later the SDK is hooked whole."""
    url = fake.play(PLAIN_TEXT).url
    program = f"""
    import sys
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    from opentelemetry_instrumentation_gemini import GeminiInstrumentor

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    plugin = GeminiInstrumentor()
    for _ in range(2):
        plugin.instrument(tracer_provider=provider)
        plugin.uninstrument()
    plugin.instrument(tracer_provider=provider)
    heavy = ("google", "pydantic", "pydantic_core", "httpx", "httpx2", "requests", "aiohttp")
    imported = [name for name in sys.modules if name.partition(".")[0] in heavy]

    from fake_gemini import client
    genai = client({url!r})
    genai.models.generate_content(model="gemini-2.5-flash", contents="?")
    lazy = [name for name in sys.modules if "_gaos" in name]
    tell([imported, lazy, [span.name for span in exporter.get_finished_spans()]])
    """
    assert elsewhere.python(program) == [[], [], ["generate_content gemini-2.5-flash"]]
