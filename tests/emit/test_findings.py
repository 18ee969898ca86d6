"""What stands beside an answer: everything that its chunks and candidates tell, each thing once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON

from fake_gemini.clients import HOWS, How, client, perform, shape_of
from fake_gemini.script import Reply, Scenario, Step
from fake_gemini.wire import answer, candidate, response, stream
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini import FakeGemini

HATE, HARASSMENT = "HARM_CATEGORY_HATE_SPEECH", "HARM_CATEGORY_HARASSMENT"


def _told(fake: FakeGemini, how: How, step: Step, *, vertex: bool = False) -> dict[str, Any]:
    telemetry = Telemetry()
    with telemetry.attached():
        outcome = perform(fake.play(Scenario("beside", (step,), ())), how, vertex=vertex)
    assert outcome.error is None
    (span,) = telemetry.rounds
    return {
        name.removeprefix("gcp.gen_ai."): value
        for name, value in (span.attributes or {}).items()
        if name.startswith("gcp.gen_ai.") and name != "gcp.gen_ai.location"
    }


def _grounded(*queries: str, source: str) -> dict[str, Any]:
    chunk = {"web": {"uri": f"https://{source}.example", "title": source}}
    return {"webSearchQueries": list(queries), "groundingChunks": [chunk]}


def _rated(*categories: str) -> list[dict[str, Any]]:
    return [{"category": name, "probability": "HIGH", "blocked": True} for name in categories]


@pytest.mark.parametrize("how", HOWS)
def test_every_candidate_is_heard(fake: FakeGemini, how: How):
    """Of several candidates each has its categories, searches, sources and pages told."""
    first = candidate(finish="SAFETY", index=0, safetyRatings=_rated(HATE))
    page = {"retrievedUrl": "https://b.example", "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_ERROR"}
    grounding = _grounded("one", "two", source="a")
    first |= {"groundingMetadata": grounding}
    second = candidate(finish="SAFETY", index=1, safetyRatings=_rated(HARASSMENT))
    second |= {
        "groundingMetadata": _grounded("two", "three", source="b"),
        "urlContextMetadata": {"urlMetadata": [page]},
    }
    told = _told(fake, how, answer(response(first, second)))
    assert told == {
        "safety.blocked_categories": (HATE, HARASSMENT),
        "grounding.query_count": 3,
        "grounding.queries": ("one", "two", "three"),
        "grounding.source_uris": ("https://a.example", "https://b.example"),
        "grounding.source_titles": ("a", "b"),
        "url_context.urls": ("https://b.example",),
        "url_context.statuses": ("URL_RETRIEVAL_STATUS_ERROR",),
    }


@pytest.mark.parametrize("vertex", [False, True], ids=["gemini", "vertex"])
@pytest.mark.parametrize("how", ["stream", "async_stream"])
def test_every_chunks_citations_are_told(fake: FakeGemini, how: How, vertex: bool):
    """A stream's chunks cite each for its own part of the answer, perhaps the same page again."""
    field = "citations" if vertex else "citationSources"
    cited = [["a"], ["b", "c"], ["c", "d"]]
    chunks = [
        response(
            candidate(
                "text", finish=None, citationMetadata={field: [{"uri": name} for name in names]}
            )
        )
        for names in cited
    ]
    step = stream(*chunks, response(candidate("end")))
    assert _told(fake, how, step, vertex=vertex) == {"citation.uris": ("a", "b", "c", "d")}


@pytest.mark.parametrize("how", HOWS)
def test_what_grows_is_told_once(fake: FakeGemini, how: How):
    """Metadata that each chunk repeats with more in it count once, and one that is empty none."""
    grown = [{}, _grounded("one", source="a"), _grounded("one", "two", source="a"), {}]
    step = stream(*(response(candidate("text", groundingMetadata=each)) for each in grown))
    if shape_of(how) == "unary":
        step = answer(response(candidate("text", groundingMetadata=grown[2])))
    assert _told(fake, how, step) == {
        "grounding.query_count": 2,
        "grounding.queries": ("one", "two"),
        "grounding.source_uris": ("https://a.example",),
        "grounding.source_titles": ("a",),
    }


@pytest.mark.parametrize("how", HOWS)
def test_why_a_prompt_was_blocked_is_told(fake: FakeGemini, how: How):
    """What Gemini says about a blocked prompt is told as what it says about a blocked answer is."""
    feedback = {"blockReason": "MODEL_ARMOR", "blockReasonMessage": "Looks like a jailbreak."}
    blocked = response(promptFeedback=feedback)
    assert _told(fake, how, answer(blocked), vertex=True) == {
        "prompt.block_reason": "MODEL_ARMOR",
        "response.finish_message": "Looks like a jailbreak.",
    }


def test_an_unparsed_answers_citations_are_told(fake: FakeGemini):
    """In the body that the SDK leaves unparsed the citations have the Gemini API's own name."""
    cited = candidate("text", citationMetadata={"citationSources": [{"uri": "a"}]})
    telemetry = Telemetry()
    genai = client(fake.play(Scenario("unparsed", (answer(response(cited)),), ())))
    config: Any = {"should_return_http_response": True}
    with telemetry.attached():
        genai.models.generate_content(model="gemini-2.5-flash", contents="Why?", config=config)
    genai.close()
    (span,) = telemetry.rounds
    assert (span.attributes or {})["gcp.gen_ai.citation.uris"] == ("a",)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Welcome</html>",
        b"[1]",
        b'"text"',
        b"\xff",
        b'{"candidates": 3}',
        b'{"candidates": [3]}',
        b'{"candidates": [{"content": {"parts": [{"functionCall": 7}]}, "safetyRatings": 1}]}',
        b'{"promptFeedback": true}',
        b'{"usageMetadata": {"promptTokenCount": "many", "candidatesTokenCount": [1]}}',
        b'{"usageMetadata": 7, "modelVersion": 7}',
    ],
)
@pytest.mark.parametrize("sampled", [True, False])
def test_an_unparsed_answer_may_be_anything(
    fake: FakeGemini, caplog: pytest.LogCaptureFixture, body: bytes, sampled: bool
):
    """Whatever a proxy sends instead of an answer, it is no fault of the plugin's."""
    reply = Reply(raw=body, content_type="text/html")
    telemetry = Telemetry(sampler=ALWAYS_ON if sampled else ALWAYS_OFF)
    genai = client(fake.play(Scenario("page", (Step(unary=reply, stream=reply),), ())))
    config: Any = {"should_return_http_response": True}
    with telemetry.attached():
        genai.models.generate_content(model="gemini-2.5-flash", contents="Why?", config=config)
    genai.close()
    assert len(telemetry.rounds) == sampled
    assert [it for it in caplog.messages if "telemetry failed" in it] == []
