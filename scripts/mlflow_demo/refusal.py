"""What is said when Gemini refuses a call: its own words, and what helps."""

import ast
import re

# The last line of the SDK's traceback: `google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {…}`
API_ERROR = re.compile(r"^\S*errors\.\w+Error: ((?P<code>\d{3}) .*)$", re.MULTILINE)
REMEDIES = {
    "400": "Is the key right, and of the Gemini API? New ones: https://aistudio.google.com/apikey",
    "401": "The key is no key of the Gemini API. New ones: https://aistudio.google.com/apikey",
    "403": "The key may not call this API or this model: look at its restrictions and its project.",
    "404": "This key knows no such model. Choose one with GEMINI_MODEL.",
    "429": "The key's quota is used up. Wait, or choose another model with GEMINI_MODEL.",
}


def in_googles_words(error: str) -> str:
    """Return code and message of the SDK's error text, or the text itself if it has none."""
    head, brace, body = error.partition("{")
    try:
        return f"{head.split()[0]} {ast.literal_eval(brace + body)['error']['message']}"
    except (SyntaxError, ValueError, LookupError, TypeError):
        return error


def explained(errors: str, key: str | None) -> str | None:
    """Return what happened and what helps, None where *errors* tell of no refused call.

    Args:
        errors: What the program wrote to stderr.
        key: The variable that holds the key, if the real Gemini was asked.
    """
    *_, found = (None, *API_ERROR.finditer(errors))
    if found is None:
        return None
    lines = [f"Gemini refused the call: {in_googles_words(found[1])}"]
    if found["code"] in REMEDIES:
        lines.append(REMEDIES[found["code"]])
    if key:
        lines.append(f"Without a key the demo runs against a fake Gemini: unset {key}.")
    return "\n".join(lines)
