"""What is said at the end: whether the numbers are right, and why a program failed."""

import re
from collections.abc import Mapping

from mlflow_demo.readback import Tokens

# The last line of the SDK's traceback: `google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {…}`
API_ERROR = re.compile(r"^\S*errors\.\w+Error: (?P<code>\d{3}) (?P<answer>.*)$", re.MULTILINE)
GOOGLES_TEXT = re.compile(r"""['"]message['"]: (?P<quote>['"])(?P<text>.*?)(?P=quote)[,}]""")
REMEDIES = {
    "400": "Is the key right, and of the Gemini API? New ones: https://aistudio.google.com/apikey",
    "401": "The key is no key of the Gemini API. New ones: https://aistudio.google.com/apikey",
    "403": "The key may not call this API or this model: look at its restrictions and its project.",
    "404": "This key knows no such model. Choose one with GEMINI_MODEL.",
    "429": "The key's quota is used up. Wait, or choose another model with GEMINI_MODEL.",
}
WITHOUT_KEY = "Without a key the demo runs against a fake Gemini: unset {key}."


def reported_tokens(usage: Mapping[str, int]) -> Tokens:
    """Add up Gemini's usage fields as it bills them: tool prompts are input, thoughts output."""
    return Tokens(
        input=usage.get("promptTokenCount", 0) + usage.get("toolUsePromptTokenCount", 0),
        output=usage.get("candidatesTokenCount", 0) + usage.get("thoughtsTokenCount", 0),
        total=usage.get("totalTokenCount", 0),
    )


def comparison(reported: Tokens, stored: Tokens) -> str:
    """Say in one line whether MLflow holds what Gemini reported."""
    if reported == stored:
        return f"The totals agree: Gemini reported {_spelt(reported)}."
    return f"THE TOTALS DIFFER: Gemini reported {_spelt(reported)}, MLflow has {_spelt(stored)}."


def _spelt(tokens: Tokens) -> str:
    return f"{tokens.input} + {tokens.output} = {tokens.total} tokens"


def explained(errors: str, key: str | None) -> str:
    """Turn what a failed program wrote to stderr into what happened and what helps."""
    *_, found = (None, *API_ERROR.finditer(errors))
    if found is None:
        return "The program failed; its last words stand above."
    text = GOOGLES_TEXT.search(found["answer"])
    said = text["text"] if text else found["answer"]
    lines = [f"Gemini refused the call ({found['code']}): {said}", REMEDIES.get(found["code"], "")]
    if key:
        lines.append(WITHOUT_KEY.format(key=key))
    return "\n".join(line for line in lines if line)
