"""Every method on media, jobs and resources: one span, and a program that notices nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini.wire import error_body, refusal
from interactions.watching import USAGE
from resources import images, jobs
from resources.calling import HERE, SECRET, WAYS, Case, call, client_of, play, seen, shown, texts_of

if TYPE_CHECKING:
    from fake_gemini import FakeGemini
    from interactions.watching import Watched

CASES = pytest.mark.parametrize("case", shown(images.CASES + jobs.CASES))
REFUSAL = refusal(429, error_body(429, "You exceeded your current quota."))


@WAYS
@CASES
def test_a_call_is_one_span(case: Case, asynchronous: bool, fake: FakeGemini, telemetry: Watched):
    """Its name, kind, endpoint and what the case says; no tokens, and without permission no word."""
    handle = play(fake, *case.steps)
    with telemetry.attached(capture_message_content="NO_CONTENT", trace_reads=True):
        call(client_of(case, handle), asynchronous, case.method, **case.asked)
    assert len(handle.requests) == len(case.steps)
    span = telemetry.the_span()
    assert (span.name, span.kind.name) == (case.span, "CLIENT")
    attributes = dict(span.attributes)
    assert attributes["gen_ai.operation.name"] == case.span.partition(" ")[0]
    assert attributes["gen_ai.provider.name"] == ("gcp.vertex_ai" if case.vertex else "gcp.gemini")
    assert attributes.get("gcp.gen_ai.location") == ("us-central1" if case.vertex else None)
    assert attributes["server.address"] == "127.0.0.1"
    for name, value in case.says.items():
        found = attributes.get(name)
        assert found is not None if value is HERE else found == value, name
    assert [name for name in attributes if name.startswith(USAGE)] == []
    assert span.status.is_unset
    assert SECRET not in texts_of(telemetry)


@WAYS
@CASES
@pytest.mark.parametrize("refused", [False, True], ids=["answered", "refused"])
def test_the_program_notices_nothing(
    case: Case, asynchronous: bool, refused: bool, fake: FakeGemini, telemetry: Watched
):
    """Result, exception, warnings with their places, and the requests are as without us."""
    steps: Any = (REFUSAL,) if refused else case.steps
    bare = seen(case, asynchronous, fake, *steps)
    with telemetry.attached(capture_message_content="SPAN_AND_EVENT", trace_reads=True):
        assert seen(case, asynchronous, fake, *steps) == bare
    span = telemetry.the_span()
    if refused:
        assert span.attributes["error.type"] == "429"
        assert "You exceeded your current quota." in span.status.description
    else:
        assert span.status.is_unset
