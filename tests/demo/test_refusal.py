"""What the demo says when Gemini refuses a call."""

import pytest
from mlflow_demo.refusal import explained, in_googles_words

FAILURE = """Traceback (most recent call last):
  File "examples/quickstart.py", line 60, in <module>
    main()
google.genai.errors.ClientError: {code} {status}. {{'error': {{'code': {code}, 'message': \
"The caller's key, 'x', is bad.", 'status': '{status}'}}}}
"""


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
    assert f"{code} The caller's key, 'x', is bad." in text
    assert remedy in text
    assert "unset GOOGLE_API_KEY" in text


def test_last_error_counts():
    """Where an error led to another one, the one that ended the program is explained."""
    errors = FAILURE.format(code=429, status="A") + FAILURE.format(code=403, status="B")
    assert "call: 403" in explained(errors, None)


def test_other_failures_are_not_blamed_on_gemini():
    """A program that failed by itself is left to its own traceback."""
    assert explained("ImportError: No module named google", "GEMINI_API_KEY") is None


def test_unusual_body_is_shown_as_it_is():
    """An error text without Google's structure is shown whole."""
    for error in (
        "502 Bad Gateway. <html>",
        "500 None. {'error': 'text'}",
        "500 None. {cut",
        "",
        "{}",
    ):
        assert in_googles_words(error) == error
