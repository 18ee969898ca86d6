"""Requests that Google would refuse, and those that ask the fake to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fake_gemini.wire import error_body, refusal

if TYPE_CHECKING:
    from fake_gemini.recording import Request
    from fake_gemini.script import Json, Step

KNOWN_MODEL = re.compile(
    r"(gemini-\d(\.\d)?-(pro|flash)|gemini-(pro|flash)-latest|gemini-embedding|gemma-\d"
    r"|text-(multilingual-)?embedding|embedding-001|imagen-\d|veo-\d|\d+$)"
)
BAD_KEY = re.compile(r"(wrong|bad|invalid)", re.IGNORECASE)
GOOGLE_RPC = "type.googleapis.com/google.rpc."


def error_info(reason: str, **metadata: str) -> Json:
    """Builds the detail that says why, for machines."""
    return {
        "@type": f"{GOOGLE_RPC}ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": "generativelanguage.googleapis.com", **metadata},
    }


def unknown_model(request: Request) -> Step:
    """Refuses a model that does not exist."""
    version, method = request.path_params["version"], request.path.rpartition(":")[2]
    message = (
        f"models/{request.model} is not found for API version {version}, or is not supported "
        f"for {method}. Call ListModels to see the models that exist and what they support."
    )
    return refusal(404, error_body(404, message))


def bad_key(_request: Request) -> Step:
    """Refuses an API key."""
    message = "API key not valid. Please pass a valid API key."
    return refusal(400, error_body(400, message, error_info("API_KEY_INVALID")))


def rate_limited(request: Request) -> Step:
    """Refuses for the quota's sake, with the seconds to wait."""
    message = "You exceeded your current quota, please check your plan and billing details."
    quota = error_info("RATE_LIMIT_EXCEEDED", quota_limit_value="10", model=request.model)
    retry = {"@type": f"{GOOGLE_RPC}RetryInfo", "retryDelay": "1s"}
    return refusal(429, error_body(429, message, quota, retry), headers=(("retry-after", "1"),))


def internal(_request: Request) -> Step:
    """Fails inside."""
    return refusal(500, error_body(500, "An internal error has occurred."))


def overloaded(_request: Request) -> Step:
    """Fails for the moment."""
    message = "The model is overloaded. Please try again later."
    return refusal(503, error_body(503, message))


SIMULATED = {
    "simulate 429": rate_limited,
    "simulate 500": internal,
    "simulate 503": overloaded,
}


def refused(request: Request, prompt: str = "") -> Step | None:
    """Returns the refusal that the request earns, if any."""
    if BAD_KEY.search(request.headers.get("x-goog-api-key", "")):
        return bad_key(request)
    if not KNOWN_MODEL.match(request.model):
        return unknown_model(request)
    for words, answer in SIMULATED.items():
        if words in prompt.lower():
            return answer(request)
    return None
