"""How the demo judges the numbers."""

from mlflow_demo.readback import Tokens
from mlflow_demo.verdict import comparison, reported_tokens


def test_usage_is_added_up_as_gemini_bills_it():
    """Tool prompts are input, thoughts are output, and the total is their sum."""
    usage = {
        "promptTokenCount": 100,
        "toolUsePromptTokenCount": 20,
        "candidatesTokenCount": 7,
        "thoughtsTokenCount": 3,
        "cachedContentTokenCount": 50,
        "totalTokenCount": 130,
    }
    assert reported_tokens(usage) == Tokens(120, 10, 130)


def test_equal_totals_are_said_to_agree():
    """The comparison shows the numbers it compared."""
    assert comparison(Tokens(4, 2, 6), Tokens(4, 2, 6)).endswith("4 + 2 = 6 tokens.")


def test_different_totals_show_both_sides():
    """A difference cannot be overlooked and shows both sums."""
    text = comparison(Tokens(4, 2, 6), Tokens(4, 1, 5))
    assert "DIFFER" in text
    assert "4 + 2 = 6" in text
    assert "4 + 1 = 5" in text
