"""What the demo says about numbers and failures."""

import pytest
from mlflow_demo.readback import Tokens
from mlflow_demo.verdict import comparison, explained, reported_tokens

FAILURE = """Traceback (most recent call last):
  File "examples/quickstart.py", line 60, in <module>
    main()
google.genai.errors.ClientError: {code} {status}. {{'error': {{'code': {code}, 'message': \
"The caller's key, 'x', is bad.", 'status': '{status}'}}}}
"""


def test_usage_is_added_up_as_gemini_bills_it():
    """Tool prompts are input, thoughts are output, and the total is the reported one."""
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


@pytest.mark.parametrize(
    ("code", "status", "remedy"),
    [
        (400, "INVALID_ARGUMENT", "Is the key right"),
        (401, "UNAUTHENTICATED", "no key of the Gemini API"),
        (403, "PERMISSION_DENIED", "may not call this API"),
        (429, "RESOURCE_EXHAUSTED", "quota"),
    ],
)
def test_refusal_shows_googles_text_and_a_remedy(code, status, remedy):
    """A refused call is explained in Google's words, with what helps and how to do without."""
    text = explained(FAILURE.format(code=code, status=status), "GOOGLE_API_KEY")
    assert f"({code}): The caller's key, 'x', is bad." in text
    assert remedy in text
    assert "unset GOOGLE_API_KEY" in text


def test_last_error_counts():
    """Where an error led to another one, the one that ended the program is explained."""
    errors = FAILURE.format(code=429, status="A") + FAILURE.format(code=403, status="B")
    assert "(403)" in explained(errors, None)


def test_other_failures_are_not_blamed_on_gemini():
    """A program that failed by itself is left to its own traceback."""
    assert "Gemini" not in explained("ImportError: No module named google", "GEMINI_API_KEY")
