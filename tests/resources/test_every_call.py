"""Every method on media, jobs and resources: one span, and a program that notices nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fake_gemini.wire import error_body, refusal
from interactions.watching import USAGE
from resources import generated, images, jobs, kept
from resources.calling import HERE, SECRET, WAYS, Case, seen, shown, texts_of

if TYPE_CHECKING:
    from fake_gemini import FakeGemini
    from interactions.watching import Watched

CASES = pytest.mark.parametrize(
    "case", shown(images.CASES + jobs.CASES + kept.CASES + generated.CASES)
)
QUOTA = "You exceeded your current quota."
REFUSAL = refusal(429, error_body(429, QUOTA))
SECRETS_SENT = ("credentials.create", "credentials.update")
"""Methods whose error may quote a secret that was sent."""


@WAYS
@CASES
def test_a_call_is_one_span(case: Case, asynchronous: bool, fake: FakeGemini, telemetry: Watched):
    """Its name, endpoint and what the case says; without permission no word of its content.

    Result, warnings with their places, and the requests are as without us.
    """
    bare = seen(case, asynchronous, fake)
    with telemetry.attached(capture_message_content="NO_CONTENT", trace_reads=True):
        assert seen(case, asynchronous, fake) == bare
    span = telemetry.the_span()
    attributes = dict(span.attributes)
    assert (span.name, span.kind.name) == (case.span, "CLIENT")
    assert attributes["gen_ai.operation.name"] == case.span.partition(" ")[0]
    assert attributes["gen_ai.provider.name"] == ("gcp.vertex_ai" if case.vertex else "gcp.gemini")
    assert attributes.get("gcp.gen_ai.location") == ("us-central1" if case.vertex else None)
    assert attributes["server.address"] == "127.0.0.1"
    for name, value in case.says.items():
        found = attributes.get(name)
        assert found is not None if value is HERE else found == value, name
    assert [name for name in attributes if name.startswith(USAGE) and name not in case.says] == []
    assert span.status.is_unset
    assert SECRET not in texts_of(telemetry)


@WAYS
@CASES
def test_a_refusal_is_told(case: Case, asynchronous: bool, fake: FakeGemini, telemetry: Watched):
    """The service's error stands on the span; the program gets the SDK's own exception."""
    bare = seen(case, asynchronous, fake, REFUSAL)
    with telemetry.attached(capture_message_content="NO_CONTENT", trace_reads=True):
        assert seen(case, asynchronous, fake, REFUSAL) == bare
    span = telemetry.the_span()
    assert span.name == case.span
    assert span.attributes["error.type"] == "429"
    if case.method in SECRETS_SENT:
        assert span.status.description is None
        assert QUOTA not in texts_of(telemetry)
    else:
        assert QUOTA in span.status.description


@pytest.mark.parametrize("case", shown(tuple(case for case in kept.CASES if case.reads)))
def test_a_read_leaves_no_span_unless_asked_for(case: Case, fake: FakeGemini, telemetry: Watched):
    """Looking at what is there is not traced by default."""
    with telemetry.attached():
        seen(case, asynchronous=False, fake=fake)
    assert telemetry.ended == []
