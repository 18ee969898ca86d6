from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import HOWS, perform, sdk_version, seen, shape_of
from fake_gemini.reported import usage_of
from fake_gemini.scenarios import ALL

if TYPE_CHECKING:
    from fake_gemini import FakeGemini, Handle, How, Outcome, Round, Scenario

# Four plays a scenario: each way of calling once, shared out over the APIs that it has.
SHARES = {
    ("gemini", "vertex"): {
        "gemini": ("call", "async_stream"),
        "vertex": ("stream", "async_call"),
    },
    ("gemini",): {"gemini": HOWS},
    ("vertex",): {"vertex": HOWS},
}
PLAYS = [
    pytest.param(scenario, api, how, id=f"{scenario.name}-{api}-{how}")
    for scenario in ALL.values()
    if scenario.since <= sdk_version()
    for api, hows in SHARES[scenario.apis].items()
    for how in hows
    if shape_of(how) in scenario.shapes
]


@pytest.mark.filterwarnings("ignore:.* is not a valid:UserWarning")
@pytest.mark.parametrize(("scenario", "api", "how"), PLAYS)
def test_the_sdk_gets_what_the_scenario_says(
    fake: FakeGemini, scenario: Scenario, api: str, how: How
) -> None:
    """Every scenario, played through the real SDK, ends as its rounds say."""
    handle = fake.play(scenario)
    shape = shape_of(how)
    rounds = scenario.rounds_of(shape)
    outcome = perform(handle, how, vertex=api == "vertex")
    assert_error(outcome, scenario, rounds[-1])
    assert len(handle.requests) == sum(one.hops for one in rounds)
    assert all(asked.path.endswith(f":{scenario.route_of(shape)}") for asked in handle.requests)
    if rounds[-1].failure is None or shape == "stream":
        assert_tokens(handle, rounds)
    if scenario.operation == "generate":
        assert_content(outcome, rounds if shape == "stream" else rounds[-1:])
    elif outcome.error is None:
        assert_measured(outcome.responses[0], rounds[-1])


def assert_error(outcome: Outcome, scenario: Scenario, last: Round) -> None:
    error: Any = outcome.error
    if last.failure is None:
        assert (type(error).__name__ if error else None) == scenario.raises, repr(error)
    elif last.failure.type == "transport":
        assert error is not None
        assert not hasattr(error, "code"), repr(error)
    else:
        assert type(error).__name__ == last.failure.type, repr(error)
        assert error.code == last.failure.code
        assert last.failure.status in {None, error.status}


def assert_tokens(handle: Handle, rounds: tuple[Round, ...]) -> None:
    left = list(handle.responses)
    for one in rounds:
        hops, left = left[: one.hops], left[one.hops :]
        assert seen.tokens_on_the_wire(hops) == one.tokens


def assert_content(outcome: Outcome, rounds: tuple[Round, ...]) -> None:
    responses = outcome.responses
    if not responses:
        assert outcome.error is not None or rounds[-1].text == ""
        return
    assert seen.text(responses) == "".join(one.text for one in rounds)
    assert seen.text(responses, thought=True) == "".join(one.thought for one in rounds)
    assert seen.calls(responses) == tuple(call for one in rounds for call in one.calls)
    assert seen.finish_reasons(responses) == rounds[-1].finish_reasons
    assert seen.block_reason(responses) == rounds[-1].block_reason


def assert_measured(response: Any, last: Round) -> None:
    vectors = tuple(len(one.values) for one in getattr(response, "embeddings", None) or [])
    assert vectors == last.vectors
    infos = getattr(response, "tokens_info", None)
    counted = len(infos[0].tokens) if infos else getattr(response, "total_tokens", None)
    assert counted == last.counted


def test_the_tools_of_a_scenario_run(fake: FakeGemini) -> None:
    """What the SDK sends back to the model are the tools' own results."""
    handle = fake.play(ALL["three_tool_rounds"])
    perform(handle)
    sent = [asked.json["contents"][-1]["parts"][0] for asked in handle.requests[1:]]
    results = [part["functionResponse"]["response"] for part in sent]
    assert results == [
        {"result": {"city": "Rome", "sky": "clear"}},
        {"result": "It is noon in Rome."},
        {"result": {"city": "Rome", "guests": 2, "reference": "T-17"}},
    ]


@pytest.mark.parametrize("scenario", ALL.values(), ids=ALL.keys())
def test_usage_adds_up(scenario: Scenario) -> None:
    """Where a reply tells a total, it is the sum of its parts, cached tokens being in prompt."""
    for step in scenario.steps:
        body = step.unary.body
        for documents in ((body,) if isinstance(body, dict) else (), step.stream.chunks):
            usage = usage_of(documents)
            total = usage.pop("totalTokenCount", None)
            cached = usage.pop("cachedContentTokenCount", 0)
            if total is not None:
                assert sum(usage.values()) == total
                assert cached <= usage["promptTokenCount"]
