"""Refusals, retries, errors in the middle of a stream, broken connections."""

from __future__ import annotations

import json
from typing import Any

from fake_gemini.scenarios.text import PLAIN_TEXT, SKY
from fake_gemini.script import (
    JSON_TYPE,
    SSE_TYPE,
    Failure,
    Json,
    Reply,
    Round,
    Scenario,
    Step,
    Tokens,
)
from fake_gemini.wire import STATUS_NAMES, candidate, error_body, refusal, response, usage

RPC = "type.googleapis.com/google.rpc."
QUOTA_INFO: Json = {
    "@type": f"{RPC}ErrorInfo",
    "reason": "RATE_LIMIT_EXCEEDED",
    "domain": "googleapis.com",
    "metadata": {"service": "generativelanguage.googleapis.com", "quota_limit_value": "10"},
}
RETRY_INFO: Json = {"@type": f"{RPC}RetryInfo", "retryDelay": "17s"}
BAD_FIELD: Json = {
    "@type": f"{RPC}BadRequest",
    "fieldViolations": [
        {"field": "generation_config.temperature", "description": "must be between 0 and 2"}
    ],
}
QUOTA_BODY = error_body(429, "Quota exceeded for requests per minute.", QUOTA_INFO, RETRY_INFO)
RETRIES = {"retry_options": {"attempts": 3, "initial_delay": 0.01, "max_delay": 0.02, "jitter": 0}}


def _failed(code: int, *, status: str | None = None, **more: Any) -> Round:
    kind = "ClientError" if code < 500 else "ServerError"
    return Round(failure=Failure(kind, code, status or STATUS_NAMES[code]), **more)


def _refused(name: str, code: int, message: str, *details: Json, **more: Any) -> Scenario:
    body = error_body(code, message, *details)
    return Scenario(name=name, steps=(refusal(code, body),), rounds=(_failed(code),), **more)


QUOTA_EXCEEDED = Scenario(
    name="quota_exceeded",
    steps=(refusal(429, QUOTA_BODY, headers=(("retry-after", "17"),)),),
    rounds=(_failed(429),),
)
RETRIED = Scenario(
    name="retried",
    http_options=RETRIES,
    steps=(refusal(429, QUOTA_BODY), refusal(503, error_body(503, "Busy.")), *PLAIN_TEXT.steps),
    rounds=(
        Round(
            tokens=PLAIN_TEXT.rounds[0].tokens,
            text=SKY,
            finish_reasons=("STOP",),
            hops=3,
        ),
    ),
)
RETRIES_EXHAUSTED = Scenario(
    name="retries_exhausted",
    http_options=RETRIES,
    steps=(refusal(503, error_body(503, "Busy.")),) * 3,
    rounds=(_failed(503, hops=3),),
)
INTERNAL = _refused("internal", 500, "An internal error has occurred.")
OVERLOADED = _refused("overloaded", 503, "The model is overloaded.")
BAD_FIELD_VALUE = _refused("bad_field_value", 400, "Request contains a bad value.", BAD_FIELD)
FORBIDDEN = _refused("forbidden", 403, "Permission denied on resource.")
UNKNOWN_MODEL = _refused("unknown_model", 404, "models/gemini-none is not found.")


def _raw(
    name: str, code: int, status: str | None, raw: bytes, content_type: str, **more: Any
) -> Scenario:
    reply = Reply(raw=raw, status=code, content_type=content_type)
    kind = "ClientError" if code < 500 else "ServerError"
    return Scenario(
        name=name,
        steps=(Step(unary=reply, stream=reply),),
        rounds=(Round(failure=Failure(kind, code, status)),),
        **more,
    )


BAD_KEY_AS_EVENTS = _raw(
    "bad_key_as_events",
    400,
    None,
    json.dumps(error_body(400, "API key not valid."), indent=2).encode(),
    SSE_TYPE,
)
HTML_PAGE = _raw(
    "html_page",
    404,
    "Not Found",
    b"<!DOCTYPE html>\n<title>Error 404</title>\n<p>Not here.\n",
    "text/html; charset=UTF-8",
)
PLAIN_WORDS = _raw("plain_words", 400, "Bad Request", b"upstream said no", "text/plain")
EMPTY_BODY = _raw("empty_body", 502, "Bad Gateway", b"", "text/plain")
ERROR_IN_A_LIST = _raw(
    "error_in_a_list",
    400,
    "INVALID_ARGUMENT",
    json.dumps([error_body(400, "One of several.")]).encode(),
    JSON_TYPE,
    since=(1, 60),
)
FLAT_ERROR = _raw(
    "flat_error",
    400,
    "FAILED_PRECONDITION",
    b'{"code": 400, "message": "Bill unpaid.", "status": "FAILED_PRECONDITION"}',
    JSON_TYPE,
)
ERROR_AS_TEXT = _raw(
    "error_as_text", 403, None, b'{"error": "forbidden here"}', JSON_TYPE, since=(2, 0)
)

_PARTIAL = (
    response(candidate("Air scatters ", finish=None), usage=usage(6, 3)),
    response(candidate("blue light ", finish=None), usage=usage(6, 6)),
)
_PARTIAL_TOKENS = Tokens(input=6, output=6)
_PARTIAL_TEXT = "Air scatters blue light "
_BROKEN_OFF = error_body(503, "The model went away.")

ERROR_IN_MID_STREAM = Scenario(
    name="error_in_mid_stream",
    since=(1, 60),
    steps=(
        Step(
            unary=Reply(body=_BROKEN_OFF, status=503),
            stream=Reply(chunks=(*_PARTIAL, _BROKEN_OFF)),
        ),
    ),
    rounds=(_failed(503),),
    stream_rounds=(_failed(503, tokens=_PARTIAL_TOKENS, text=_PARTIAL_TEXT),),
)
ERROR_AS_FIRST_CHUNK = Scenario(
    name="error_as_first_chunk",
    since=(1, 60),
    steps=(
        Step(
            unary=Reply(body=_BROKEN_OFF, status=503),
            stream=Reply(chunks=(_BROKEN_OFF,)),
        ),
    ),
    rounds=(_failed(503),),
)
CUT_CONNECTION = Scenario(
    name="cut_connection",
    steps=(
        Step(
            unary=Reply(body=PLAIN_TEXT.steps[0].unary.body, cut_after=40),
            stream=Reply(chunks=PLAIN_TEXT.steps[0].stream.chunks, cut_after=2),
        ),
    ),
    rounds=(Round(failure=Failure("transport")),),
    stream_rounds=(
        Round(
            tokens=Tokens(input=6, output=10),
            text="Air scatters blue light more than red, ",
            failure=Failure("transport"),
        ),
    ),
)
CUT_BEFORE_ANSWER = Scenario(
    name="cut_before_answer",
    since=(2, 30),
    # Without retry options the SDK retries such a loss by itself on aiohttp, after seconds.
    http_options={"retry_options": {"attempts": 1}},
    steps=(Step(unary=Reply(cut_after=0), stream=Reply(cut_after=0)),),
    rounds=(Round(failure=Failure("transport")),),
)
