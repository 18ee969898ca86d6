"""One question and one answer of google-generativeai, over each transport."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import google.generativeai as genai
import pytest
from google.generativeai import protos

from interactions.watching import INPUT, OUTPUT, parts_of, text_of
from legacy.asking import MODEL, WAYS, answer, connect, hear, run
from legacy.fake import Refusal
from promises.watching import Telemetry

if TYPE_CHECKING:
    from interactions.watching import Watched
    from legacy.fake import Fake

QUOTA = Refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded for requests")
CONTENT = (INPUT, OUTPUT, "gen_ai.system_instructions", "gen_ai.tool.definitions")


def ask(fake: Fake, way: str, *contents: Any, **model: Any) -> Any:
    """Ask a new model."""
    connect(fake, way)
    return run(way, genai.GenerativeModel(MODEL, **model), "generate_content", *contents)


@pytest.mark.parametrize("way", WAYS)
def test_a_call_is_one_span(way: str, fake: Fake, telemetry: Watched):
    """A call is one inference span with all that the call and its answer say."""
    fake.answers = [[answer("Blue, ", "mostly.", cached=3, thoughts=4)]]
    config = {"temperature": 0.5, "top_k": 3, "max_output_tokens": 90, "stop_sequences": ["x"]}
    response = ask(
        fake, way, "Which colour?", system_instruction="Be brief.", generation_config=config
    )
    assert response.text == "Blue, \nmostly."
    span = telemetry.the_span()
    assert (span.name, span.kind.name) == (f"generate_content {MODEL}", "CLIENT")
    assert span.status.status_code.name == "UNSET"
    port = int((fake.rest if way == "rest" else fake.grpc).rpartition(":")[2])
    expected = {
        "gen_ai.operation.name": "generate_content",
        "gen_ai.provider.name": "gcp.gemini",
        "gen_ai.request.model": MODEL,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_k": 3,
        "gen_ai.request.max_tokens": 90,
        "gen_ai.request.stop_sequences": ("x",),
        "gen_ai.response.model": "gemini-1.5-flash-002",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 7,
        "gen_ai.usage.output_tokens": 9,
        "gen_ai.usage.reasoning.output_tokens": 4,
        "gen_ai.usage.cache_read.input_tokens": 3,
        "server.address": "localhost",
        "server.port": port,
        "mlflow.spanType": "LLM",
    }
    assert {name: span.attributes.get(name) for name in expected} == expected
    assert "gen_ai.request.stream" not in span.attributes
    assert json.loads(span.attributes["mlflow.chat.tokenUsage"]) == {
        "input_tokens": 7,
        "output_tokens": 9,
        "total_tokens": 16,
        "cache_read_input_tokens": 3,
    }
    assert text_of(span, name=INPUT) == "Which colour?"
    assert text_of(span) == "Blue, mostly."
    assert json.loads(span.attributes["gen_ai.system_instructions"])[0]["content"] == "Be brief."
    assert telemetry.counts()["gen_ai.client.inference.duration"] == 1


@pytest.mark.parametrize("way", WAYS)
def test_an_error_of_the_service(way: str, fake: Fake, telemetry: Watched):
    """A refusal reaches the caller as the SDK has it, and the span says its status and text."""
    fake.answers = [[QUOTA]]
    heard = hear(ask, fake, way, "Hello")
    assert type(heard.error).__name__ in {"ResourceExhausted", "TooManyRequests"}
    span = telemetry.the_span()
    assert span.status.status_code.name == "ERROR"
    assert span.attributes["error.type"] == "429"
    (event,) = span.events
    assert "Quota exceeded" in event.attributes["exception.message"]
    assert "gen_ai.usage.input_tokens" not in span.attributes


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("given", ["answer", "refusal", "nothing"])
def test_the_caller_sees_no_difference(way: str, given: str, fake: Fake):
    """Results and exceptions are those of the SDK alone."""
    answers = {"answer": [[answer("Yes.")]], "refusal": [[QUOTA]], "nothing": []}[given]
    contents = "" if given == "nothing" else "Hello"
    fake.answers = [*answers]
    bare = hear(ask, fake, way, contents)
    fake.answers = [*answers]
    with Telemetry().attached():
        traced = hear(ask, fake, way, contents)
    assert traced.shown() == bare.shown()
    assert [method for method, _ in fake.seen] == ["GenerateContent"] * 2 * len(answers)


@pytest.mark.parametrize("way", WAYS)
def test_content_is_off_by_default(way: str, fake: Fake):
    """Without permission nothing that was said leaves, and the tokens are there all the same."""
    fake.answers = [[answer("A secret.")]]
    telemetry = Telemetry()
    with telemetry.attached(capture_message_content="NO_CONTENT"):
        ask(fake, way, "My secret?", system_instruction="Secretly.")
    span = telemetry.the_round()
    assert not {*CONTENT} & span.attributes.keys()
    assert "ecret" not in str(dict(span.attributes))
    assert span.attributes["gen_ai.usage.output_tokens"] == 5


def test_every_form_of_contents(fake: Fake, telemetry: Watched):
    """Whatever form a program gives its contents, the span shows what was sent."""
    fake.answers = [[answer("Seen.")]]
    contents = [
        {"role": "user", "parts": ["One", {"text": "two"}, protos.Part(text="three")]},
        protos.Content(role="model", parts=[protos.Part(text="four")]),
        {"role": "user", "parts": [{"inline_data": {"mime_type": "image/png", "data": b"123"}}]},
        {"role": "user", "parts": [protos.Blob(mime_type="audio/wav", data=b"12345")]},
        {"role": "user", "parts": [protos.FileData(mime_type="video/mp4", file_uri="gs://a/b")]},
    ]
    ask(fake, "rest", contents)
    messages = json.loads(telemetry.the_span().attributes[INPUT])
    assert [message["role"] for message in messages] == ["user", "assistant", *["user"] * 3]
    parts = parts_of(telemetry.the_span(), INPUT)
    assert [part.get("content") for part in parts[:4]] == ["One", "two", "three", "four"]
    assert [(part["modality"], part["byte_size"]) for part in parts[4:6]] == [
        ("image", 3),
        ("audio", 5),
    ]
    assert parts[6]["uri"] == "gs://a/b"


@pytest.mark.parametrize(
    ("finish", "word"),
    [("MAX_TOKENS", "length"), ("SAFETY", "content_filter"), ("OTHER", "other")],
)
def test_finish_reasons(finish: str, word: str, fake: Fake, telemetry: Watched):
    """An enum that is a number is told by its word."""
    fake.answers = [[answer("So", finish=finish)]]
    ask(fake, "grpc", "Hello")
    assert telemetry.the_span().attributes["gen_ai.response.finish_reasons"] == (word,)


def test_a_blocked_prompt(fake: Fake, telemetry: Watched):
    """What was blocked is no error, and says why."""
    feedback = protos.GenerateContentResponse.PromptFeedback(
        block_reason="SAFETY",
        safety_ratings=[{"category": "HARM_CATEGORY_HARASSMENT", "blocked": True}],
    )
    fake.answers = [[protos.GenerateContentResponse(prompt_feedback=feedback)]]
    ask(fake, "rest", "Something bad")
    span = telemetry.the_span()
    assert span.attributes["gcp.gen_ai.prompt.block_reason"] == "SAFETY"
    assert span.attributes["gcp.gen_ai.safety.blocked_categories"] == ("HARM_CATEGORY_HARASSMENT",)
    assert span.attributes["gen_ai.response.finish_reasons"] == ("content_filter",)
    assert span.status.status_code.name == "UNSET"


def test_what_the_service_ran(fake: Fake, telemetry: Watched):
    """Where a hosted tool was at work, its prompt and the thoughts cannot be told apart."""
    ran = [
        protos.Part(executable_code={"language": "PYTHON", "code": "1 + 1"}),
        protos.Part(code_execution_result={"outcome": "OUTCOME_OK", "output": "2"}),
    ]
    fake.answers = [[answer(*ran, "Two.", thoughts=40)]]
    ask(fake, "grpc", "One and one?", tools="code_execution")
    span = telemetry.the_span()
    assert span.attributes["gen_ai.usage.output_tokens"] == 5
    assert span.attributes["gcp.gen_ai.code_execution.outcomes"] == ("OUTCOME_OK",)
    assert [part["type"] for part in parts_of(span)] == [
        "server_tool_call",
        "server_tool_call_response",
        "text",
    ]
    definitions = json.loads(span.attributes["gen_ai.tool.definitions"])
    assert definitions == [{"type": "code_execution", "name": "code_execution"}]


def test_a_schema_and_a_cache(fake: Fake, telemetry: Watched):
    """A schema says what is asked for, and a cache is named."""
    fake.answers = [[answer("{}")]]
    connect(fake, "rest")
    model = genai.GenerativeModel(MODEL)
    model._cached_content = "cachedContents/one"
    config = genai.GenerationConfig(response_schema=list[str], temperature=0.25)
    model.generate_content("List", generation_config=config)
    span = telemetry.the_span()
    assert span.attributes["gen_ai.output.type"] == "json"
    assert span.attributes["gen_ai.request.temperature"] == 0.25
    assert span.attributes["gcp.gen_ai.request.cached_content"] == "cachedContents/one"


def test_the_users_span_stays_current(fake: Fake, telemetry: Watched):
    """The inference is a child of the user's span, which is current before and after."""
    from opentelemetry import trace  # noqa: PLC0415

    fake.answers = [[answer("Yes.")], [QUOTA]]
    with telemetry.user.start_as_current_span("mine") as mine:
        for _ in range(2):
            hear(ask, fake, "grpc", "Hello")
            assert trace.get_current_span() is mine
    parents = {span.parent.span_id for span in telemetry.ended}
    assert parents == {mine.get_span_context().span_id}
