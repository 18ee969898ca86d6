"""Interactions: answers and agents, steps of every kind, continuation hops, every way to end.

A round's ``finish_reasons`` holds the status of the interaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fake_gemini.interaction_wire import (
    call,
    event,
    events,
    failed,
    interaction,
    modalities,
    old,
    output,
    resource,
    thought,
    usage,
)
from fake_gemini.script import Failure, Json, Reply, Round, Scenario, Step, Tokens
from fake_gemini.wire import base64_text, error_body, refusal

SKY = "Air scatters blue light more than red."
THOUGHT = "Rayleigh scattering is the reason."
SIGNATURE = base64_text("the model's own notes on scattering")
PICTURE = base64_text(b"a blue picture of the sky")
ONE_ATTEMPT = {"retry_options": {"attempts": 1}}
STEPS_SINCE = (2, 0)
HOPS_SINCE = (2, 34)


def _scenario(name: str, *steps: Step, **more: Any) -> Scenario:
    values: dict[str, Any] = {"since": STEPS_SINCE, "operation": "interact", **more}
    return Scenario(name=name, steps=steps, **values)


_PLAIN_USAGE = usage(
    9, 13, thoughts=40, cached=4, tool_use=5, input_tokens_by_modality=modalities(text=9)
)
_PLAIN_STEP = interaction(
    thought(THOUGHT, SIGNATURE),
    output(SKY),
    usage=_PLAIN_USAGE,
    service_tier="standard",
    pieces={1: ["Air scatters ", "blue light ", "more than red."]},
)
_PLAIN_ROUND = Round(
    tokens=Tokens(input=14, output=53, reasoning=40, cached=4, by_modality={"input.text": 9}),
    text=SKY,
    thought=THOUGHT,
    finish_reasons=("completed",),
)
PLAIN = _scenario("interaction", _PLAIN_STEP, rounds=(_PLAIN_ROUND,))
OLD = _scenario("old_interaction", old(_PLAIN_STEP), rounds=(_PLAIN_ROUND,), since=(1, 55))

FUNCTION_CALL = _scenario(
    "interaction_function_call",
    interaction(
        call("look_up", "call-1", city="Rome", days=[1, 2]),
        status="requires_action",
        usage=usage(20, 6),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=20, output=6, reasoning=0, cached=0),
            calls=("look_up",),
            finish_reasons=("requires_action",),
        ),
    ),
    config={
        "tools": [
            {"type": "function", "name": "look_up", "parameters": {"type": "object"}},
            {"type": "google_search"},
            {
                "type": "mcp_server",
                "name": "weather",
                "url": "https://mcp.example.com",
                "headers": {"authorization": "Bearer hunter2"},
            },
        ]
    },
)

_CITED: Json = {
    "type": "text",
    "text": SKY,
    "annotations": [
        {"type": "url_citation", "url": "https://sky.example.com", "start_index": 0, "end_index": 3}
    ],
}
_HOSTED: tuple[Json, ...] = (
    {"type": "google_search_call", "id": "s1", "arguments": {"queries": ["why is the sky blue"]}},
    {"type": "google_search_result", "call_id": "s1", "result": [{"search_suggestions": "<b>"}]},
    {
        "type": "code_execution_call",
        "id": "c1",
        "arguments": {"code": "print(1)", "language": "python"},
    },
    {"type": "code_execution_result", "call_id": "c1", "result": "1\n", "is_error": False},
    {"type": "url_context_call", "id": "u1", "arguments": {"urls": ["https://sky.example.com"]}},
    {
        "type": "url_context_result",
        "call_id": "u1",
        "result": [{"url": "https://sky.example.com", "status": "success"}],
    },
    {
        "type": "mcp_server_tool_call",
        "id": "m1",
        "name": "forecast",
        "server_name": "weather",
        "arguments": {"city": "Rome"},
    },
    {"type": "mcp_server_tool_result", "call_id": "m1", "name": "forecast", "result": "clear"},
)
_SEARCHED = [{"type": "google_search", "count": 2}, {"type": "google_maps", "count": 5}]
HOSTED_TOOLS = _scenario(
    "interaction_hosted_tools",
    interaction(
        *_HOSTED,
        output(_CITED),
        usage=usage(30, 25, tool_use=100, grounding_tool_count=_SEARCHED),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=130, output=25, reasoning=0, cached=0),
            text=SKY,
            finish_reasons=("completed",),
        ),
    ),
)

PICTURES = _scenario(
    "interaction_pictures",
    interaction(
        output("Look:", {"type": "image", "data": PICTURE, "mime_type": "image/png"}),
        usage=usage(10, 260, output_tokens_by_modality=modalities(text=2, image=258)),
    ),
    rounds=(
        Round(
            tokens=Tokens(
                input=10,
                output=260,
                reasoning=0,
                cached=0,
                by_modality={"output.text": 2, "output.image": 258},
            ),
            text="Look:",
            finish_reasons=("completed",),
        ),
    ),
    contents=[
        {"type": "text", "text": "Paint it like this."},
        {"type": "image", "data": PICTURE, "mime_type": "image/png"},
        {"type": "document", "uri": "gs://sky/paper.pdf", "mime_type": "application/pdf"},
    ],
)


def _hop(number: int, said: str, counted: Json, *, last: bool = False) -> Step:
    more: dict[str, Any] = {} if last else {"continuation_token": base64_text(f"token {number}")}
    status = "completed" if last else "requires_continuation"
    return interaction(output(said), status=status, usage=counted, id=f"fake-hop-{number}", **more)


FIRST, SECOND, THIRD = "Once upon a time ", "there was a trace ", "that told the truth."
_HOPS = (
    _hop(1, FIRST, usage(10, 40, input_tokens_by_modality=modalities(text=10))),
    _hop(2, SECOND, usage(50, 30, input_tokens_by_modality=modalities(text=50))),
    _hop(3, THIRD, usage(80, 9, thoughts=5), last=True),
)
THREE_HOPS = _scenario(
    "interaction_three_hops",
    *_HOPS,
    rounds=(
        Round(
            tokens=Tokens(
                input=140, output=84, reasoning=5, cached=0, by_modality={"input.text": 60}
            ),
            text=FIRST + SECOND + THIRD,
            finish_reasons=("completed",),
            hops=3,
        ),
    ),
    since=HOPS_SINCE,
)
LAST_HOP_EMPTY = _scenario(
    "interaction_last_hop_empty",
    _HOPS[0],
    interaction(status="completed", usage=usage(50, 0, thoughts=7), id="fake-hop-2"),
    rounds=(
        Round(
            tokens=Tokens(
                input=60, output=47, reasoning=7, cached=0, by_modality={"input.text": 10}
            ),
            text=FIRST,
            finish_reasons=("completed",),
            hops=2,
        ),
    ),
    since=HOPS_SINCE,
)


def _resumed(hop: Step) -> Step:
    """The same, where the service does not say again that an interaction begins."""
    return replace(hop, stream=replace(hop.stream, chunks=hop.stream.chunks[2:]))


HOPS_RESUMED = replace(
    THREE_HOPS,
    name="interaction_hops_resumed",
    steps=(_HOPS[0], _resumed(_HOPS[1]), _resumed(_HOPS[2])),
)
SECOND_HOP_REFUSED = _scenario(
    "interaction_second_hop_refused",
    _HOPS[0],
    refusal(429, error_body(429, "Quota exceeded.")),
    rounds=(
        Round(
            tokens=Tokens(
                input=10, output=40, reasoning=0, cached=0, by_modality={"input.text": 10}
            ),
            text=FIRST,
            finish_reasons=("requires_continuation",),
            hops=2,
            failure=Failure("ContinuationInterruptedError", 429),
        ),
    ),
    since=HOPS_SINCE,
    http_options=ONE_ATTEMPT,
)


def _ended(status: str, **more: Any) -> Scenario:
    """An interaction that ended before it had said everything."""
    return _scenario(
        f"interaction_{status}",
        interaction(output("Air scatters "), status=status, usage=usage(9, 3), **more),
        rounds=(
            Round(
                tokens=Tokens(input=9, output=3, reasoning=0, cached=0),
                text="Air scatters ",
                finish_reasons=(status,),
            ),
        ),
    )


FAILED = _ended("failed", errors=[{"code": "INTERNAL", "message": "The tool broke down."}])
CANCELLED = _ended("cancelled")
INCOMPLETE = _ended("incomplete")
BUDGET_EXCEEDED = _ended("budget_exceeded")

BACKGROUND = _scenario(
    "interaction_background",
    interaction(status="in_progress"),
    rounds=(Round(finish_reasons=("in_progress",)),),
    config={"background": True},
)
AGENT = _scenario(
    "interaction_agent",
    interaction(
        thought(THOUGHT),
        output(SKY),
        agent="deep-research-preview-04-2026",
        usage=usage(100, 200, thoughts=50),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=100, output=250, cached=0),
            text=SKY,
            thought=THOUGHT,
            finish_reasons=("completed",),
        ),
    ),
    config={"agent": "deep-research-preview-04-2026"},
)

_WHOLE = tuple(events(resource(output(SKY), usage=usage(9, 13)), {0: ["Air ", "scatters ", "…"]}))
_PARTIAL = _WHOLE[:5]


def _broken(name: str, stream: Reply, failure: Failure | None, **more: Any) -> Scenario:
    """A stream that breaks after two pieces of text."""
    return _scenario(
        name,
        Step(unary=Reply(body=error_body(503, "Gone."), status=503), stream=stream),
        rounds=(Round(text="Air scatters ", failure=failure, **more),),
        shapes=("stream",),
        http_options=ONE_ATTEMPT,
    )


ERROR_EVENT = _broken(
    "interaction_error_event",
    Reply(chunks=(*_PARTIAL, failed("UNAVAILABLE", "The model went away."))),
    Failure("UNAVAILABLE"),
)
CUT_STREAM = _broken(
    "interaction_cut_stream",
    Reply(chunks=_WHOLE, cut_after=5),
    Failure("APIConnectionError"),
)
REPORTED_ON_THE_WAY = _broken(
    "interaction_reported_on_the_way",
    Reply(
        chunks=(
            *_PARTIAL[:-1],
            {**_PARTIAL[-1], "metadata": {"total_usage": usage(9, 2, thoughts=30)}},
            failed(None, "The model went away."),
        )
    ),
    Failure("error"),
    tokens=Tokens(input=9, output=32, reasoning=30, cached=0),
)

QUOTA_EXCEEDED = _scenario(
    "interaction_quota_exceeded",
    refusal(429, error_body(429, "Quota exceeded.")),
    rounds=(Round(failure=Failure("RateLimitError", 429)),),
    http_options=ONE_ATTEMPT,
)

RESUMED_EVENTS = (
    event("step.delta", index=0, delta={"type": "text", "text": "more than red."}, event_id="e7"),
    event("step.stop", index=0, event_id="e8"),
    event("interaction.completed", interaction=resource(usage=usage(9, 13)), event_id="e9"),
)
"""What is left of a stream whose beginning was read by somebody else."""

ALL = {
    one.name: one
    for one in (
        PLAIN,
        FUNCTION_CALL,
        HOSTED_TOOLS,
        PICTURES,
        THREE_HOPS,
        LAST_HOP_EMPTY,
        HOPS_RESUMED,
        SECOND_HOP_REFUSED,
        FAILED,
        CANCELLED,
        INCOMPLETE,
        BUDGET_EXCEEDED,
        BACKGROUND,
        AGENT,
        ERROR_EVENT,
        CUT_STREAM,
        REPORTED_ON_THE_WAY,
        QUOTA_EXCEEDED,
    )
}


def replace_config(scenario: Scenario, config: Json) -> Scenario:
    """Returns the scenario, asked with these further arguments."""
    return replace(scenario, config=config)


def with_input(scenario: Scenario, given: Any) -> Scenario:
    """Returns the scenario, asked with this input."""
    return replace(scenario, contents=given)
