"""Function calls whose arguments a stream brings piece by piece, and pictures of thoughts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini.clients import HOWS, How, perform
from fake_gemini.script import Scenario
from fake_gemini.wire import answer, call_part, candidate, response, stream
from promises.watching import OUTPUT, Telemetry

if TYPE_CHECKING:
    from fake_gemini import FakeGemini

WAYS = ["stream", "async_stream"]


def _parts(fake: FakeGemini, how: How, *chunks: Any) -> list[dict[str, Any]]:
    scenario = Scenario("pieces", (stream(*chunks),), ())
    telemetry = Telemetry()
    with telemetry.attached():
        outcome = perform(fake.play(scenario), how, vertex=True)
    assert outcome.error is None
    (span,) = telemetry.rounds
    (message,) = json.loads(str((span.attributes or {})[OUTPUT]))
    assert message["finish_reason"] == "tool_call"
    return message["parts"]


def _pieces(*calls: Any) -> list[Any]:
    return [response(candidate({"functionCall": call}, finish=None)) for call in calls]


def _begin(name: str, **more: Any) -> Any:
    return {"name": name, "willContinue": True, **more}


def _more(path: str, **value: Any) -> Any:
    return {"partialArgs": [{"jsonPath": path, **value}], "willContinue": True}


END = response(candidate(call_part("get_time", "call-9")))


@pytest.mark.parametrize("how", WAYS)
def test_pieces_are_one_call(fake: FakeGemini, how: How):
    """Each call is one part with all of its arguments, texts in one piece, whatever their path."""
    pieces = _pieces(
        _begin("book", id="call-1"),
        _more("$.city", stringValue="Ro", willContinue=True),
        _more("$.city", stringValue="me"),
        _more("$.guests[0].name", stringValue="Ann"),
        _more("$.guests[0]['of age']", boolValue=False),
        _more("$.guests[1].name", stringValue="Bo"),
        _more("$.price", numberValue=9.5),
        _more("$.wish", nullValue="NULL_VALUE"),
        {},
        _begin("get_weather", **_more("$.city", stringValue="Oslo")),
        {},
    )
    guests = [{"name": "Ann", "of age": False}, {"name": "Bo"}]
    assert _parts(fake, how, *pieces, END) == [
        {
            "type": "tool_call",
            "name": "book",
            "id": "call-1",
            "arguments": {"city": "Rome", "guests": guests, "price": 9.5, "wish": None},
        },
        {"type": "tool_call", "name": "get_weather", "arguments": {"city": "Oslo"}},
        {"type": "tool_call", "name": "get_time", "id": "call-9", "arguments": {}},
    ]


@pytest.mark.parametrize("how", WAYS)
def test_a_call_that_broke_off_says_so(fake: FakeGemini, how: How):
    """What has come of its arguments is told, and that more was to come."""
    pieces = _pieces(_begin("book"), _more("$.city", stringValue="Ro", willContinue=True))
    (call,) = _parts(fake, how, *pieces, response({"finishReason": "STOP", "index": 0}))
    assert call["arguments"] == {"city": "Ro"}
    assert call["will_continue"] is True


@pytest.mark.parametrize("path", ["", "city", "$", "$[999999999]", "$.a[7].b.c", "$.a.b.c"])
def test_an_odd_path_harms_nothing(fake: FakeGemini, path: str, caplog: pytest.LogCaptureFixture):
    """Whatever the service calls the place of a piece, the call and its other arguments stay."""
    odd = _pieces(
        _begin("book"),
        _more("$.a", numberValue=1),
        _more(path, stringValue="x"),
        _more("$.city", stringValue="Rome"),
        {},
    )
    (call, _) = _parts(fake, "stream", *odd, END)
    assert call["arguments"]["city"] == "Rome"
    assert call["arguments"]["a"] == 1
    assert not any(said.name.startswith("opentelemetry") for said in caplog.records)


@pytest.mark.parametrize("how", HOWS)
def test_a_picture_of_a_thought_is_told_as_one(fake: FakeGemini, how: How):
    """What the model draws for itself is not mistaken for a picture of its answer."""
    picture = {"inlineData": {"mimeType": "image/png", "data": "iVBORw=="}}
    step = answer(response(candidate({**picture, "thought": True}, picture)))
    telemetry = Telemetry()
    with telemetry.attached():
        perform(fake.play(Scenario("pictures", (step,), ())), how)
    (span,) = telemetry.rounds
    (message,) = json.loads(str((span.attributes or {})[OUTPUT]))
    assert [part.get("thought") for part in message["parts"]] == [True, None]
