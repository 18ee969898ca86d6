"""What MLflow calls a trace that it has not made itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fake_gemini import client
from fake_gemini.scenarios.text import PLAIN_TEXT
from promises.programs import user_span
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini import FakeGemini

NAME = "mlflow.traceTag.mlflow.traceName"


def _name(fake: FakeGemini, *, below: bool, **settings: Any) -> Any:
    telemetry = Telemetry()
    genai = client(fake.play(PLAIN_TEXT))
    asked = {"model": "gemini-2.5-flash", "contents": "Why?"}
    with telemetry.attached(**settings):
        if below:
            with user_span(telemetry):
                genai.models.generate_content(**asked)
        else:
            genai.models.generate_content(**asked)
    genai.close()
    (span,) = (each for each in telemetry.ended if each.name.startswith("generate_content"))
    return (span.attributes or {}).get(NAME)


def test_a_root_names_its_trace(fake: FakeGemini):
    """The name is the span's own."""
    assert _name(fake, below=False, mlflow=True) == "generate_content gemini-2.5-flash"


def test_a_span_below_another_names_nothing(fake: FakeGemini):
    """The root is the program's span."""
    assert _name(fake, below=True, mlflow=True) is None


def test_other_backends_get_no_name(fake: FakeGemini):
    """The tag is MLflow's alone."""
    assert _name(fake, below=False) is None
