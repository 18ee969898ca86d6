"""Answers where no scenario is played: chosen by model name, prompt and declared tools."""

from __future__ import annotations

from fake_gemini.freeplay.generating import generate
from fake_gemini.freeplay.interacting import decide, interact, no_interaction, not_kept
from fake_gemini.freeplay.measuring import (
    batch_embed,
    compute_tokens,
    count_tokens,
    embed,
    get_model,
    predict,
)

__all__ = [
    "batch_embed",
    "compute_tokens",
    "count_tokens",
    "decide",
    "embed",
    "generate",
    "get_model",
    "interact",
    "no_interaction",
    "not_kept",
    "predict",
]
