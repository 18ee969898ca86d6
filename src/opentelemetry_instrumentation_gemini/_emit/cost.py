"""What an operation costs by Google's list prices, where `genai-prices` is installed.

Thoughts are billed as output, cached tokens at the cached price, other modalities than text at
their own, long prompts at the higher tier, searches for grounding by themselves. Whatever has no
known price has no cost: a missing figure beats a guess.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Answer, Cost, Request, Usage

Pricer = Callable[[Request, Answer], Cost | None]
"""Prices an operation, or says that its price is not known."""

_STANDARD = frozenset({"standard", "on_demand", "on_demand_offpeak"})
_TIERS = {"on_demand_flex": "flex", "on_demand_priority": "priority"}
_BILLED_BY_QUERY = re.compile(r"gemini-(?:[3-9]|\d\d)")
"""From Gemini 3 on each search is billed; before, each grounded prompt."""


def make_pricer() -> Pricer | None:
    """Return what prices operations, or `None` if `genai-prices` is not installed."""
    try:
        from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - an extra
        from genai_prices.types import Usage as Units  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    provider = next(item for item in get_snapshot().providers if item.id == "google")
    find = lru_cache(maxsize=256)(provider.find_model)

    def price(request: Request, answer: Answer) -> Cost | None:
        if answer.usage is None:
            return None
        model_name = (answer.model or request.model or "").rpartition("/")[2]
        model = find(model_name.lower())
        context = _context(answer.details)
        units = _units(answer.usage)
        if model is None or context is None or units is None:
            return None
        if context and not any(dict(v.when) == context for v in model.price_variants or ()):
            return None
        units.update(_searches(model.id, answer.details))
        try:
            priced = model.calc_price(Units(**units), provider, price_context=context or None)
        except ValueError:
            # Parts that are larger than what they are parts of.
            return None
        return Cost(
            float(priced.input_price), float(priced.output_price), float(priced.total_price)
        )

    return price


def _context(details: Mapping[str, Any]) -> dict[str, str] | None:
    """Return what the tier is called in the price list, or `None` for one that it cannot have."""
    tier = str(details.get("service_tier") or details.get("traffic_type") or "standard").lower()
    if tier in _STANDARD:
        return {}
    tier = _TIERS.get(tier, tier)
    if tier == "batch":
        return {"processing": "batch"}
    return {"service_tier": tier} if tier in {"flex", "priority"} else None


def _units(usage: Usage) -> dict[str, int] | None:
    """Return *usage* in the price list's units, or `None` if it does not say enough."""
    if usage.input_tokens is None:
        # There is no call without a prompt, so it was not counted.
        return None
    cached = usage.cached_tokens or 0
    units = {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens or 0,
        "cache_read_tokens": cached,
    }
    for modality in ("audio", "image", "video"):
        count = usage.input_by_modality.get(modality)
        if count:
            if cached and not usage.cached_by_modality:
                return None
            units[f"input_{modality}_tokens"] = count
            if cached:
                of_it = usage.cached_by_modality.get(modality, 0)
                units[f"cache_{modality}_read_tokens"] = of_it
        count = usage.output_by_modality.get(modality)
        if count:
            units[f"output_{modality}_tokens"] = count
    return units


def _searches(model_id: str, details: Mapping[str, Any]) -> dict[str, int]:
    queries = details.get("grounding_query_count")
    if not queries:
        return {}
    return {"web_searches": queries if _BILLED_BY_QUERY.match(model_id) else 1}
