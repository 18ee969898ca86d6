"""The caller's objects, however odd: read without a trace, and never for the worse."""

from __future__ import annotations

import copy
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import client
from fake_gemini.scenarios.text import PLAIN_TEXT
from promises.odd import ODDITIES, Answer, Odd
from promises.programs import MODEL, close
from promises.seeing import Seen, described, listening, no_collections, requests_of
from promises.watching import Telemetry

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_gemini import FakeGemini

OURS = "opentelemetry_instrumentation_gemini"
HOSTILE = "hostile"
"""Rows of this name raise when they are touched, which may cost one line of log."""


def _ask(fake: FakeGemini, odd: Odd, *, stream: bool) -> Seen:
    seen = Seen()
    handle = fake.play(PLAIN_TEXT)
    genai = client(handle)
    Answer.dumped.clear()
    asked = {"model": odd.model, "contents": odd.contents, "config": odd.config}
    with no_collections(), listening(seen.complaints):
        try:
            if stream:
                for chunk in genai.models.generate_content_stream(**asked):
                    seen.chunk(chunk)
            else:
                seen.chunk(genai.models.generate_content(**asked))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is compared
            seen.error = described(error)
    seen.requests = requests_of(handle)
    seen.notes = [odd.reads, list(Answer.dumped)]
    close(genai)
    return seen


@pytest.mark.parametrize("stream", [False, True], ids=["call", "stream"])
@pytest.mark.parametrize("make", ODDITIES.values(), ids=ODDITIES)
def test_odd_objects_reach_the_sdk_as_they_are(
    make: Callable[[], Odd],
    stream: bool,
    request: pytest.FixtureRequest,
    fake: FakeGemini,
    telemetry: Telemetry,
    fresh_process: None,
):
    """Same answer or same exception, same bytes, nothing consumed, dumped or warned of by us."""
    bare = _ask(fake, make(), stream=stream)
    with telemetry.attached():
        traced = _ask(fake, make(), stream=stream)
    ours = [one for one in traced.complaints if one[0].startswith(OURS)]
    traced.complaints = [one for one in traced.complaints if not one[0].startswith(OURS)]
    assert traced == bare
    assert telemetry.open == []
    assert len(ours) <= (1 if HOSTILE in request.node.callspec.id else 0), ours


@pytest.mark.parametrize("make", ODDITIES.values(), ids=ODDITIES)
def test_content_of_odd_objects_is_json(
    make: Callable[[], Odd], fake: FakeGemini, telemetry: Telemetry
):
    """What stands on the span of an odd call is JSON that every exporter can encode."""
    with telemetry.attached():
        _ask(fake, make(), stream=False)
    for span in telemetry.ended:
        for name, value in span.attributes.items():
            if isinstance(value, str):
                value.encode()
            if name.startswith("gen_ai.") and str(value)[:1] in {"[", "{"}:
                json.loads(value, parse_constant=pytest.fail)


def _answer(_method: str, _path: str, asked: Any, _options: Any = None) -> Any:
    """Answers in the place of the SDK's transport, which would take most of the time."""
    from google.genai import types  # noqa: PLC0415

    parts = [{"text": "Air scatters blue light."}]
    if "tools" in asked and len(asked["contents"]) == 1:
        parts = [{"functionCall": {"name": "get_weather", "args": {"city": "Rome"}}}]
    found = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}
    return types.HttpResponse(headers={}, body=json.dumps({"candidates": [found]}))


def get_weather(*, city: str) -> str:
    """Tell the weather in a city."""
    return f"clear over {city}"


@pytest.mark.parametrize(("tools", "times"), [([], 1000), ([get_weather], 100)])
def test_a_config_is_reused_many_times(
    tools: Any, times: int, telemetry: Telemetry, caplog: pytest.LogCaptureFixture
):
    """The last call with one config is like the first, and the config is as it was."""
    from google.genai import types  # noqa: PLC0415

    caplog.set_level(logging.WARNING, OURS)
    genai = client("http://localhost")
    genai._api_client.request = _answer
    config = types.GenerateContentConfig(temperature=0.5, tools=tools or None)
    before = copy.deepcopy(config)
    with telemetry.attached():
        answers = {
            genai.models.generate_content(model=MODEL, contents="Weather?", config=config).text
            for _ in range(times)
        }
    assert answers == {"Air scatters blue light."}
    assert config == before
    assert all(kept is given for kept, given in zip(config.tools or (), tools, strict=True))
    assert len(telemetry.rounds) == times * (2 if tools else 1)
    assert telemetry.open == []
    assert [one for one in caplog.records if one.name.startswith(OURS)] == []
