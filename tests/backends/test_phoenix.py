"""What a real Phoenix makes of the spans: messages, tools, tokens, cost, sessions, errors."""

from __future__ import annotations

import json
from contextlib import nullcontext
from importlib import import_module

import pytest
from google.genai.errors import ServerError
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from backends.phoenix_server import PYTHON, serving
from fake_gemini import client
from fake_gemini.scenarios import failures, media, text, tools
from opentelemetry_instrumentation_gemini import GeminiInstrumentor, annotate

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON.exists(), reason="Phoenix is not there: make test-backends, or PHOENIX_PYTHON"
    ),
]

MODEL = "gemini-2.5-flash"
NOTHING = nullcontext()


@pytest.fixture(scope="module", name="phoenix")
def _phoenix(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("phoenix")) as server:
        yield server


@pytest.fixture(name="play")
def _play(request, fake, phoenix):
    """What plays scenarios into a project of the test's own, and returns its spans there."""
    project = request.node.name.partition("[")[0]

    def play(*scenarios, protocol="http", spans=None, config=None, expected=NOTHING):
        module = import_module(f"opentelemetry.exporter.otlp.proto.{protocol}.trace_exporter")
        provider = TracerProvider(resource=Resource({"openinference.project.name": project}))
        exporter = module.OTLPSpanExporter(endpoint=phoenix.url(protocol))
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        GeminiInstrumentor().instrument(
            tracer_provider=provider, capture_message_content="SPAN_ONLY"
        )
        try:
            for scenario in scenarios:
                genai = client(fake.play(scenario))
                options = dict(config or {}, tools=list(scenario.tools))
                with expected:
                    genai.models.generate_content(
                        model=MODEL, contents=scenario.contents, config=options
                    )
                genai.close()
        finally:
            GeminiInstrumentor().uninstrument()
            provider.shutdown()
        return phoenix.spans(project, spans or len(scenarios))

    play.project = project
    return play


def _kept(span, prefix):
    """The attributes below a prefix, by the rest of their names."""
    return {
        name.removeprefix(prefix): value
        for name, value in span["attributes"].items()
        if name.startswith(prefix)
    }


@pytest.mark.parametrize("protocol", ["http", "grpc"])
def test_messages(protocol, play):
    """Instruction, question and answer are messages of their roles, by HTTP and gRPC."""
    config = {"system_instruction": "Be brief."}
    span = play(text.PLAIN_TEXT, protocol=protocol, config=config)[-1]
    assert span["span_kind"] == "LLM"
    assert _kept(span, "llm.input_messages.") == {
        "0.message.role": "system",
        "0.message.content": "Be brief.",
        "1.message.role": "user",
        "1.message.content": "Why is the sky blue?",
    }
    assert _kept(span, "llm.output_messages.0.message.") == {
        "role": "assistant",
        "content": text.SKY,
        "finish_reason": "stop",
    }


def test_thoughts_and_images(play):
    """Thoughts are told from text, and an inline image can be shown."""
    thinking, image = play(text.THINKING, media.IMAGE_IN)
    answer = _kept(thinking, "llm.output_messages.0.message.contents.")
    assert answer["0.message_content.type"] == "reasoning"
    assert answer["0.message_content.text"] == text.THOUGHT
    asked = _kept(image, "llm.input_messages.0.message.contents.")
    assert asked["1.message_content.image.image.url"] == f"data:image/png;base64,{media.PNG}"


def test_tools(play):
    """A loop is an agent with rounds and a tool; definitions, calls and responses are shown."""
    spans = play(tools.ONE_TOOL, spans=4)
    kinds = {span["name"]: span["span_kind"] for span in spans}
    assert kinds["invoke_agent"] == "AGENT"
    assert kinds["execute_tool get_weather"] == "TOOL"
    rounds = [span for span in spans if span["span_kind"] == "LLM"]
    schema = json.loads(rounds[0]["attributes"]["llm.tools.0.tool.json_schema"])
    assert schema["function"]["name"] == "get_weather"
    call = _kept(rounds[0], "llm.output_messages.0.message.tool_calls.0.tool_call.")
    assert call["function.name"] == "get_weather"
    assert json.loads(call["function.arguments"]) == {"city": "Rome"}
    response = _kept(rounds[1], "llm.input_messages.2.message.")
    assert response["role"] == "tool"
    assert "clear" in response["content"]
    [tool] = [span for span in spans if span["span_kind"] == "TOOL"]
    assert tool["attributes"]["tool.parameters.city"] == "Rome"
    ids = {span["name"]: span["context"]["span_id"] for span in spans}
    assert {span["parent_id"] for span in spans} == {None, ids["invoke_agent"]}


def test_tokens_cost_and_session(play, phoenix):
    """Each token is counted once, and Phoenix's own cost is ours; one conversation, one session."""
    scenarios = (text.PLAIN_TEXT, text.THINKING, tools.ONE_TOOL, text.CACHED_TOKENS)
    with annotate(conversation_id="conversation-4711", user_id="user-12"):
        spans = play(*scenarios, spans=7)
    counts = [_kept(span, "gen_ai.usage.") for span in spans]
    truth = [
        sum(count.get(f"{side}_tokens", 0) for count in counts) for side in ("input", "output")
    ]
    [session], costs = phoenix.totals(play.project)
    assert (session["sessionId"], session["userId"]) == ("conversation-4711", "user-12")
    assert session["numTraces"] == len(scenarios)
    usage = session["tokenUsage"]
    assert [usage["prompt"], usage["completion"]] == truth == [2177, 109]
    ours = [_kept(span, "gcp.gen_ai.cost.").get("total") for span in spans]
    assert sorted(costs) == pytest.approx(sorted(cost for cost in ours if cost is not None))
    assert session["costSummary"]["total"]["cost"] == pytest.approx(sum(costs))


def test_errors(play):
    """A call that fails is an error with the service's own words, and its exception is shown."""
    [span] = play(failures.OVERLOADED, expected=pytest.raises(ServerError))
    assert span["status_code"] == "ERROR"
    assert "The model is overloaded." in span["status_message"]
    [event] = span["events"]
    assert event["name"] == "exception"
    assert event["attributes"]["exception.type"] == "google.genai.errors.ServerError"
