"""Cases in which the plugin once could be told, or told what it must not; each stays a test."""

from __future__ import annotations

from typing import Any

from google.genai import interactions

from differential import leaves, tools
from differential.program import NO_END, End
from differential.recipes import Later, Make
from differential.running import Case, Play
from fake_gemini.interaction_wire import interaction, output
from fake_gemini.scenarios.text import PLAIN_TEXT
from fake_gemini.scenarios.tools import ONE_TOOL
from fake_gemini.script import Reply, Step
from fake_gemini.wire import answer, call_part, candidate, error_body, refusal, response

MODEL = "gemini-2.5-flash"
CALL, STREAM = "models.generate_content", "models.generate_content_stream"
WEATHER = Make(tools.function, "get_weather", Later(leaves.MARK))
ASKING = Make(tools.asking, "get_weather", Later(leaves.MARK))
FAILING = Make(tools.function, "get_weather", Later(Make(tools.raised, ValueError, leaves.MARK)))
REFUSED = [{"file_uri": leaves.MARK, "mime_type": "video/mp4"}]
ALL = ("*",)


def _nested(depth: int) -> Any:
    tree: Any = leaves.MARK
    for _ in range(depth):
        tree = {"deeper": tree}
    return tree


def _case(
    mode: str,
    config: Any = None,
    *,
    contents: Any = leaves.MARK,
    steps: tuple[Step, ...] = PLAIN_TEXT.steps,
    end: End = NO_END,
    **settings: Any,
) -> Case:
    turn = {"model": MODEL, "contents": contents, "config": config}
    return Case(Play((turn,), steps), end, {"capture_message_content": mode, **settings})


def _stepped(
    mode: str, method: str, step: Step, *, streamed: bool = False, **asked: Any
) -> tuple[str, Case]:
    """Returns a case of the generated clients, with the surface that it belongs to."""
    surface = method.replace("with_raw_response.", "") + ", streamed" * streamed
    turn = {"model": MODEL, "input": leaves.MARK, **asked, **({"stream": True} if streamed else {})}
    play = Play((turn,), (step,), options={"retry_options": {"attempts": 1}}, methods=(method,))
    return surface, Case(play, End(), {"capture_message_content": mode})


_UNCOUNTED = {"id": "1", "status": "completed", "usage": {"total_input_tokens": "many"}}
_DEEP_ANSWER = (answer(response(candidate(call_part("look", **_nested(60))))),)

FOUND: dict[str, tuple[str, Case]] = {
    "an error that quotes, spans only": (CALL, _case("SPAN_ONLY", contents=REFUSED)),
    "an error that quotes, events only": (CALL, _case("EVENT_ONLY", contents=REFUSED)),
    "a tool's error, events only": (
        CALL,
        _case("EVENT_ONLY", {"tools": [FAILING]}, steps=ONE_TOOL.steps),
    ),
    "a loop left after its tool failed in a call of its own": (
        STREAM,
        _case(
            "NO_CONTENT",
            {"tools": [ASKING]},
            steps=(
                answer(response(candidate(call_part("get_weather", city="Rome")))),
                refusal(400, error_body(400, "Not today.")),
            ),
            end=End("close", 1),
        ),
    ),
    "a tool of no type": (
        CALL,
        _case(
            "SPAN_ONLY",
            {
                "tools": [
                    {
                        "function_declarations": [
                            {"name": "look", "parameters": {"type": "TYPE_UNSPECIFIED"}}
                        ]
                    }
                ]
            },
        ),
    ),
    "deep content on events": (CALL, _case("SPAN_AND_EVENT", steps=_DEEP_ANSWER)),
    "deep content at its limit, on events": (
        CALL,
        _case(
            "EVENT_ONLY",
            contents={"parts": [{"function_call": {"name": "look", "args": _nested(75)}}]},
            max_content_bytes=850,
        ),
    ),
    "a number of more than 64 bits": (CALL, _case("NO_CONTENT", {"top_k": 1e300})),
    "labels, events only": (
        CALL,
        _case("EVENT_ONLY", {"labels": {"who": leaves.MARK}}, config_includes=ALL),
    ),
    "labels, spans only": (
        CALL,
        _case("SPAN_ONLY", {"labels": {"who": leaves.MARK}}, config_includes=ALL, emit_event=True),
    ),
    "half a character in a name": (
        CALL,
        _case("SPAN_ONLY", {"response_json_schema": {"\ud800": {"a": 1}}}, config_includes=ALL),
    ),
    "many fields": (
        CALL,
        _case(
            "SPAN_ONLY",
            {"response_json_schema": {str(number): {"a": 1} for number in range(150)}},
            config_includes=ALL,
        ),
    ),
    "thrown into a stream": (STREAM, _case("SPAN_ONLY", {"tools": []}, end=End("throw", 1))),
    "thrown into a loop's stream": (
        STREAM,
        _case("SPAN_ONLY", {"tools": [WEATHER]}, steps=ONE_TOOL.steps, end=End("throw", 1)),
    ),
    "a deprecated setting of the program's own": _stepped(
        "NO_CONTENT",
        "interactions.create",
        interaction(output("Blue.")),
        generation_config=Make(interactions.GenerationConfig, max_output_tokens=7),
    ),
    "a count that is none": _stepped("NO_CONTENT", "interactions.create", answer(_UNCOUNTED)),
    "half a character in a signature": _stepped(
        "SPAN_ONLY",
        "interactions.create",
        interaction(output("Blue.")),
        streamed=True,
        input=[{"type": "thought", "signature": leaves.MARK + "\ud800"}],
    ),
    "an unparsed decision that is no JSON": _stepped(
        "NO_CONTENT",
        "decisions.with_raw_response.create",
        Step(Reply(raw=b"not JSON"), Reply()),
        questions={"blue": {"type": "noul", "instructions": leaves.MARK}},
    ),
}
"""What it was → the surface, and the case."""
