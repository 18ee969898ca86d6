"""Whether MLflow holds the tokens that Gemini reported."""

from collections.abc import Mapping

from mlflow_demo.readback import Tokens


def reported_tokens(usage: Mapping[str, int]) -> Tokens:
    """Add up Gemini's usage fields as it bills them: tool prompts are input, thoughts output.

    The total is the sum of the two, since embeddings report none.
    """
    tokens_in = usage.get("promptTokenCount", 0) + usage.get("toolUsePromptTokenCount", 0)
    tokens_out = usage.get("candidatesTokenCount", 0) + usage.get("thoughtsTokenCount", 0)
    return Tokens(tokens_in, tokens_out, tokens_in + tokens_out)


def comparison(reported: Tokens, stored: Tokens) -> str:
    """Say in one line whether MLflow holds what Gemini reported."""
    if reported == stored:
        return f"The totals agree: Gemini reported {_spelt(reported)}."
    return f"THE TOTALS DIFFER: Gemini reported {_spelt(reported)}, MLflow has {_spelt(stored)}."


def _spelt(tokens: Tokens) -> str:
    return f"{tokens.input} + {tokens.output} = {tokens.total} tokens"
