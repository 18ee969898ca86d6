"""What a failed span says where the code of an error is not one of HTTP's usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fake_gemini.clients import How, client, perform
from fake_gemini.script import Scenario
from fake_gemini.wire import answer, candidate, error_body, refusal, response
from promises.watching import Telemetry

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize("name", ["missing.txt", "locked"])
@pytest.mark.parametrize("mode", ["NO_CONTENT", "SPAN_ONLY"])
def test_a_users_file_is_content(
    fake: FakeGemini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, name: str
):
    """A file that cannot be sent is named with permission only, whoever did not find it."""

    def refuse(path: str, *_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied", path)

    (tmp_path / "locked").touch()
    telemetry = Telemetry()
    genai = client(fake)
    with telemetry.attached(capture_message_content=mode), monkeypatch.context() as patched:
        patched.setattr("os.path.getsize", refuse)
        with pytest.raises(OSError, match=name):
            genai.files.upload(file=str(tmp_path / name))
    genai.close()
    (span,) = telemetry.ended
    told = f"{span.status.description} {[dict(event.attributes or {}) for event in span.events]}"
    assert (name in told) is (mode == "SPAN_ONLY")
    assert (span.attributes or {})["error.type"] in {"FileNotFoundError", "PermissionError"}
