"""Cost, calculated by hand from the rates that genai-prices lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fake_gemini.clients import perform
from fake_gemini.script import Scenario
from fake_gemini.wire import answer
from opentelemetry_instrumentation_gemini._emit.cost import make_pricer
from opentelemetry_instrumentation_gemini._facts.calls import Answer, Request, Usage
from promises.watching import Telemetry

if TYPE_CHECKING:
    from fake_gemini import FakeGemini

# US dollars for a million tokens, as read out of genai-prices 0.2.3 on 2026-11-24. Google's own
# page (https://ai.google.dev/gemini-api/docs/pricing) could not be read for these;
# https://deploybase.ai/articles/gemini-api-pricing quotes it, as of March 2026, with the same rates
# for the text of 2.5 Flash and 2.5 Pro, both of its tiers and a tenth of them for what is cached.
#   gemini-2.5-flash  input 0.30 (audio 1.00), cached 0.03 (audio 0.10), output with thoughts 2.50
#   gemini-2.5-pro    input 1.25, above 200,000 tokens 2.50; output 10.00, above 15.00
#   gemini-2.5-flash-image  input 0.30, output text 2.50, output images 30.00
#   gemini-embedding-001  input 0.15
#   gemini-embedding-2  input 0.20 (images 0.45)
#   grounding with Google Search, for 1,000: 35.00 by grounded prompt (2.5), 14.00 by query (3)

GEMINI = "gemini-2.5-flash"


def _cost(model, usage, **details):
    price = make_pricer()
    assert price is not None
    return price(Request("generate_content", model=model), Answer(usage=usage, details=details))


@pytest.mark.parametrize(
    ("model", "usage", "expected"),
    [
        # 1,000 x 0.30 + 500 x 2.50
        (GEMINI, Usage(1000, 500), 0.0003 + 0.00125),
        # Thoughts are part of the 500 output tokens and bill as output.
        (GEMINI, Usage(1000, 500, reasoning_tokens=300), 0.00155),
        # 800 x 0.30 + 200 x 0.03 + 500 x 2.50
        (GEMINI, Usage(1000, 500, cached_tokens=200), 0.00024 + 0.000006 + 0.00125),
        # 600 x 0.30 + 400 x 1.00 + 10 x 2.50
        (
            GEMINI,
            Usage(1000, 10, input_by_modality={"text": 600, "audio": 400}),
            0.00018 + 0.0004 + 0.000025,
        ),
        # 300,000 x 2.50 + 1,000 x 15.00: the whole of a long prompt bills at the higher tier.
        ("gemini-2.5-pro", Usage(300_000, 1000), 0.75 + 0.015),
        # 100,000 x 1.25 + 1,000 x 10.00
        ("gemini-2.5-pro", Usage(100_000, 1000), 0.125 + 0.01),
        # 10 x 0.30 + 86 x 2.50 + 1,290 x 30.00
        (
            "gemini-2.5-flash-image",
            Usage(10, 1376, output_by_modality={"image": 1290}),
            0.000003 + 0.000215 + 0.0387,
        ),
        # 1,000 x 0.15
        ("gemini-embedding-001", Usage(1000), 0.00015),
        # 42 x 0.20 + 258 x 0.45
        ("gemini-embedding-2", Usage(300, None, input_by_modality={"image": 258}), 0.0001245),
    ],
)
def test_cost_follows_from_the_listed_rates(model, usage, expected):
    """Each case is calculated by hand from the rates above."""
    cost = _cost(model, usage)
    assert cost is not None
    assert cost.total == pytest.approx(expected)
    assert cost.total == pytest.approx(cost.input + cost.output)


@pytest.mark.parametrize(
    ("model", "queries", "expected"),
    [(GEMINI, 3, 0.035), ("gemini-3-pro-preview", 3, 0.042)],
)
def test_grounding_is_billed_by_prompt_or_by_query(model, queries, expected):
    """Before Gemini 3 a grounded prompt costs once, from then on each query does."""
    plain = _cost(model, Usage(1000, 100))
    grounded = _cost(model, Usage(1000, 100), grounding_query_count=queries)
    assert plain is not None
    assert grounded is not None
    assert grounded.total - plain.total == pytest.approx(expected)


@pytest.mark.parametrize(
    ("model", "usage", "details"),
    [
        ("my-tuned-model", Usage(10, 10), {}),
        (GEMINI, None, {}),
        (GEMINI, Usage(10, 10), {"service_tier": "priority"}),
        (GEMINI, Usage(10, 10), {"traffic_type": "PROVISIONED_THROUGHPUT"}),
        (GEMINI, Usage(10, 10, cached_tokens=5, input_by_modality={"audio": 5}), {}),
        (GEMINI, Usage(None, 10), {}),
        (GEMINI, Usage(10, 10, cached_tokens=20), {}),
        (GEMINI, Usage(10, 10, input_by_modality={"audio": 20}), {}),
    ],
)
def test_what_has_no_known_price_has_no_cost(model, usage, details):
    """Of an unknown model or tier, or of tokens that do not add up, no cost is known."""
    assert _cost(model, usage, **details) is None


def test_a_batch_costs_half():
    """The batch tier is on the price list: 1,000 x 0.15 + 500 x 1.25."""
    cost = _cost(GEMINI, Usage(1000, 500), service_tier="batch")
    assert cost is not None
    assert cost.total == pytest.approx(0.00015 + 0.000625)


def test_the_model_that_answered_is_the_one_that_bills():
    """A resource prefix is no part of the model's name, and the answer's model wins."""
    price = make_pricer()
    assert price is not None
    request = Request("generate_content", model="gemini-flash-latest")
    cost = price(request, Answer(model="models/gemini-2.5-flash", usage=Usage(1000, 500)))
    assert cost is not None
    assert cost.total == pytest.approx(0.00155)


def test_embeddings_of_pictures_cost_what_pictures_cost(fake: FakeGemini):
    """What the service counts by modality is priced by it, and no attribute of embeddings."""
    details = [{"modality": "TEXT", "tokenCount": 42}, {"modality": "IMAGE", "tokenCount": 258}]
    usage = {"promptTokenCount": 300, "promptTokensDetails": details}
    step = answer({"embedding": {"values": [0.5]}, "usageMetadata": usage})
    scenario = Scenario(
        "picture",
        (step,),
        (),
        operation="embed",
        model="gemini-embedding-2",
        route="embedContent",
    )
    telemetry = Telemetry()
    with telemetry.attached():
        perform(fake.play(scenario), vertex=True)
    (span,) = telemetry.ended
    attributes = span.attributes or {}
    assert attributes["gcp.gen_ai.cost.total"] == pytest.approx(0.0001245)
    assert [name for name in attributes if name.startswith("gen_ai.usage.")] == [
        "gen_ai.usage.input_tokens"
    ]
