"""Function calls and the rounds that they cause."""

from __future__ import annotations

from fake_gemini.scenarios.toolbox import book_table, get_time, get_weather
from fake_gemini.script import Json, Round, Scenario, Step, Tokens
from fake_gemini.wire import answer, base64_text, call_part, candidate, response, stream, usage


def _calling(prompt: int, candidates: int, *parts: Json | str, thoughts: int | None = None) -> Step:
    return answer(response(candidate(*parts), usage=usage(prompt, candidates, thoughts=thoughts)))


def _saying(prompt: int, candidates: int, first: str, second: str) -> Step:
    whole = usage(prompt, candidates)
    return answer(
        response(candidate(first + second), usage=whole),
        response(candidate(first, finish=None), usage=usage(prompt, candidates // 2)),
        response(candidate(second), usage=whole),
    )


def _round(input_: int, output: int, *calls: str, text: str = "") -> Round:
    return Round(
        tokens=Tokens(input=input_, output=output),
        text=text,
        finish_reasons=("STOP",),
        calls=calls,
    )


ONE_TOOL = Scenario(
    name="one_tool",
    contents="What is the weather in Rome?",
    tools=(get_weather,),
    steps=(
        _calling(40, 12, call_part("get_weather", "call-1", city="Rome")),
        _saying(71, 8, "The sky over Rome ", "is clear."),
    ),
    rounds=(
        _round(40, 12, "get_weather"),
        _round(71, 8, text="The sky over Rome is clear."),
    ),
)

THREE_TOOL_ROUNDS = Scenario(
    name="three_tool_rounds",
    contents="Book a table in Rome at noon if the weather is good.",
    tools=(get_weather, get_time, book_table),
    steps=(
        _calling(90, 11, call_part("get_weather", city="Rome")),
        _calling(120, 10, call_part("get_time", city="Rome")),
        _calling(150, 14, call_part("book_table", city="Rome", guests=2)),
        _saying(190, 9, "Your table in Rome ", "is booked: T-17."),
    ),
    rounds=(
        _round(90, 11, "get_weather"),
        _round(120, 10, "get_time"),
        _round(150, 14, "book_table"),
        _round(190, 9, text="Your table in Rome is booked: T-17."),
    ),
)

_NOTES = base64_text("why both functions are wanted")

PARALLEL_CALLS = Scenario(
    name="parallel_calls",
    contents="Weather and time in Oslo, weather in Rome?",
    tools=(get_weather, get_time),
    steps=(
        _calling(
            66,
            30,
            {**call_part("get_weather", "call-a", city="Oslo"), "thoughtSignature": _NOTES},
            call_part("get_time", "call-b", city="Oslo"),
            call_part("get_weather", "call-c", city="Rome"),
            thoughts=18,
        ),
        _saying(160, 17, "Clear skies in both cities; ", "it is noon in Oslo."),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=66, output=48, reasoning=18),
            finish_reasons=("STOP",),
            calls=("get_weather", "get_time", "get_weather"),
        ),
        _round(160, 17, text="Clear skies in both cities; it is noon in Oslo."),
    ),
)

HALLUCINATED_TOOL = Scenario(
    name="hallucinated_tool",
    contents="What is the weather in Rome?",
    tools=(get_weather,),
    steps=(_calling(40, 12, call_part("get_forecast", "call-1", city="Rome")),),
    rounds=(_round(40, 12, "get_forecast"),),
    raises="KeyError",
)

UNANSWERED_CALL = Scenario(
    name="unanswered_call",
    contents="What is the weather in Rome?",
    config={
        "tools": [{"function_declarations": [{"name": "get_weather", "description": "Weather."}]}]
    },
    steps=(
        _calling(28, 12, "Let me look that up.", call_part("get_weather", "call-1", city="Rome")),
    ),
    rounds=(_round(28, 12, "get_weather", text="Let me look that up."),),
)

STREAMED_ARGUMENTS = Scenario(
    name="streamed_arguments",
    since=(1, 60),
    apis=("vertex",),
    shapes=("stream",),
    model="gemini-3-pro-preview",
    contents="What is the weather in Rome?",
    config={
        "tools": [{"function_declarations": [{"name": "get_weather", "description": "Weather."}]}],
        "tool_config": {"function_calling_config": {"stream_function_call_arguments": True}},
    },
    steps=(
        stream(
            *(
                response(
                    candidate({"functionCall": call}, finish=None),
                    usage={"trafficType": "ON_DEMAND"},
                )
                for call in (
                    {"name": "get_weather", "id": "call-1", "willContinue": True},
                    {
                        "partialArgs": [
                            {"jsonPath": "$.city", "stringValue": "Ro", "willContinue": True}
                        ],
                        "willContinue": True,
                    },
                    {
                        "partialArgs": [{"jsonPath": "$.city", "stringValue": "me"}],
                        "willContinue": True,
                    },
                )
            ),
            response(candidate({"functionCall": {}}), usage=usage(28, 12)),
        ),
    ),
    rounds=(_round(28, 12, "get_weather"),),
)
