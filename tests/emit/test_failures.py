"""What a failed span says where the code of an error is not one of HTTP's usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fake_gemini.clients import How, perform
from fake_gemini.script import Scenario
from fake_gemini.wire import answer, candidate, error_body, refusal, response
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini import FakeGemini

PIECE = response(candidate("Air scatters ", finish=None))
LOST = error_body(14, "The model went away.", status="UNAVAILABLE")
MOVED = error_body(302, "Look elsewhere.", status="MOVED")


@pytest.mark.parametrize(
    ("how", "code", "steps"),
    [
        ("stream", "14", (answer(PIECE, PIECE, LOST),)),
        ("async_stream", "14", (answer(PIECE, PIECE, LOST),)),
        ("call", "302", (refusal(302, MOVED),)),
    ],
)
def test_every_code_of_the_services_is_told(fake: FakeGemini, how: How, code: str, steps):
    """The service's own code and words are told without permission, gRPC's in a stream too."""
    telemetry = Telemetry()
    with telemetry.attached(capture_message_content="NO_CONTENT"):
        outcome = perform(fake.play(Scenario("unusual", steps, ())), how)
    (span,) = telemetry.rounds
    assert str(getattr(outcome.error, "code", None)) == code
    assert (span.attributes or {})["error.type"] == code
    assert span.status.description == str(outcome.error)
