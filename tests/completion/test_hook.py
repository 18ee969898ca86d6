"""A completion hook of the application's own, called with the ecosystem's types."""

from __future__ import annotations

import dataclasses
import sys

import pytest
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from fake_gemini import client
from fake_gemini.scenarios import media, text, tools
from opentelemetry_instrumentation_gemini import GeminiInstrumentor
from opentelemetry_instrumentation_gemini._emit import completion
from promises.watching import Telemetry

types = pytest.importorskip(
    "opentelemetry.util.genai.types", reason="opentelemetry-util-genai is not installed"
)

SECRET = "the secret question"
QUESTION = {"model": "gemini-2.5-flash", "contents": SECRET}


class Hook:
    """Keeps what it is given."""

    def __init__(self):
        self.calls = []

    def on_completion(
        self,
        *,
        inputs,
        outputs,
        system_instruction,
        tool_definitions=None,
        span=None,
        log_record=None,
    ):
        self.calls.append((inputs, outputs, system_instruction, tool_definitions, span, log_record))
        span.set_attribute("seen.by", "hook")
        if log_record is not None:
            log_record.attributes = {**log_record.attributes, "seen.by": "hook"}


class Failing(Hook):
    """Fails with a text that quotes what it was given."""

    def on_completion(self, **given):
        raise ValueError(given["inputs"][0].parts[0].content)


@pytest.fixture(name="hook")
def _hook():
    return Hook()


def _asked(fake, telemetry, scenario, **settings):
    """Play *scenario* and return what the SDK's caller got."""
    genai = client(fake.play(scenario))
    with telemetry.attached(**{"capture_message_content": "NO_CONTENT", **settings}):
        config = {"tools": list(scenario.tools)} if scenario.tools else None
        answer = genai.models.generate_content(
            model="gemini-2.5-flash", contents=scenario.contents, config=config
        )
    genai.close()
    return answer


def test_content_reaches_the_hook_and_nothing_else(fake, telemetry, hook, genai):
    """Without permission for spans and events the hook gets all, and may write on both."""
    settings = {"capture_message_content": "NO_CONTENT", "emit_event": True}
    with telemetry.attached(completion_hook=hook, **settings):
        genai.models.generate_content(**QUESTION, config={"system_instruction": "Be brief."})
    [(inputs, outputs, instruction, definitions, _, record)] = hook.calls
    assert inputs == [types.InputMessage("user", [types.TextPart(SECRET)])]
    assert outputs == [types.OutputMessage("assistant", [types.TextPart(text.SKY)], "stop")]
    assert instruction == [types.TextPart("Be brief.")]
    assert definitions == []
    [span] = telemetry.ended
    [event] = [log.log_record for log in telemetry._logs.get_finished_logs()]
    assert record.attributes["seen.by"] == "hook"
    for attributes in (span.attributes, event.attributes):
        assert attributes["seen.by"] == "hook"
        assert SECRET not in str(attributes)
        assert "gen_ai.input.messages" not in attributes


def test_spans_keep_what_they_may_hold(telemetry, hook, genai):
    """With permission the content is on the span too, as without a hook."""
    with telemetry.attached(completion_hook=hook, capture_message_content="SPAN_ONLY"):
        list(genai.models.generate_content_stream(**QUESTION))
    [span] = telemetry.ended
    assert SECRET in span.attributes["gen_ai.input.messages"]
    [(_, outputs, *_)] = hook.calls
    assert outputs == [types.OutputMessage("assistant", [types.TextPart(text.SKY)], "stop")]


def test_tools(fake, telemetry, hook):
    """Calls, responses and definitions come in their own classes, once for each round."""
    _asked(fake, telemetry, tools.ONE_TOOL, completion_hook=hook)
    rounds = [call for call in hook.calls if call[4].name.startswith("generate_content")]
    assert len(rounds) == 2
    [call] = rounds[0][1][0].parts
    assert call == types.ToolCallRequestPart({"city": "Rome"}, "get_weather", "call-1")
    [definition] = rounds[0][3]
    assert isinstance(definition, types.FunctionToolDefinition)
    assert definition.name == "get_weather"
    response = rounds[1][0][-1].parts[0]
    assert isinstance(response, types.ToolCallResponsePart)
    assert response.response == {"result": {"city": "Rome", "sky": "clear"}}
    assert telemetry.ended
    assert "Rome" not in str([dict(span.attributes) for span in telemetry.ended])


def test_thoughts_media_and_code(fake, telemetry, hook):
    """Thoughts, images and code that the service ran come in their own classes."""
    for scenario in (text.THINKING, media.IMAGE_OUT, media.CODE_EXECUTION):
        _asked(fake, telemetry, scenario, completion_hook=hook)
    made = [part for call in hook.calls for part in call[1][0].parts]
    classes = {type(part) for part in made}
    assert {
        types.ReasoningPart,
        types.BlobPart,
        types.ServerToolCallPart,
        types.ServerToolCallResponsePart,
    } <= classes
    [image] = [part for part in made if isinstance(part, types.BlobPart)]
    assert image.content.startswith(b"\x89PNG")
    assert all(dataclasses.asdict(part) for part in made)


def test_media_above_the_limit(fake, telemetry, hook):
    """The limit for media holds for the hook as well: what is above it has no bytes."""
    _asked(fake, telemetry, media.IMAGE_OUT, completion_hook=hook, max_media_bytes=0)
    parts = [part for call in hook.calls for part in call[1][0].parts]
    [image] = [part for part in parts if isinstance(part, types.BlobPart)]
    assert (image.mime_type, image.content) == ("image/png", b"")


def test_redaction_comes_first(telemetry, hook, genai):
    """The hook sees what `redact` and `content_filter` let through."""
    with telemetry.attached(
        completion_hook=hook,
        redact=lambda said, _where: said.replace(SECRET, "***"),
        content_filter=lambda tree, where: None if "output" in where else tree,
    ):
        genai.models.generate_content(**QUESTION)
    [(inputs, outputs, *_)] = hook.calls
    assert inputs == [types.InputMessage("user", [types.TextPart("***")])]
    assert outputs == []


def test_a_filter_that_fails_lets_nothing_through(telemetry, hook, genai):
    """What a filter could not look at does not reach the hook."""

    def broken(tree, where):
        raise LookupError(where)

    with telemetry.attached(completion_hook=hook, content_filter=broken):
        genai.models.generate_content(**QUESTION)
    assert hook.calls == []
    assert len(telemetry.ended) == 1


def test_a_filter_that_returns_no_messages(telemetry, hook, genai):
    """A list of something else than messages is not handed over; the call and its span stand."""
    with telemetry.attached(
        completion_hook=hook, content_filter=lambda tree, _where: [[SECRET] for _ in tree]
    ):
        assert genai.models.generate_content(**QUESTION).text == text.SKY
    assert hook.calls == []
    assert len(telemetry.ended) == 1


def test_a_hook_that_fails(telemetry, genai, caplog):
    """The call goes on, its span ends, and one line names the hook but no content."""
    with telemetry.attached(completion_hook=Failing()):
        for _ in range(2):
            assert genai.models.generate_content(**QUESTION).text == text.SKY
    assert len(telemetry.ended) == 2
    [line] = [record.getMessage() for record in caplog.records]
    assert "The completion hook Failing failed with ValueError" in line
    assert SECRET not in caplog.text


def test_a_call_that_fails(fake, telemetry, hook):
    """The hook gets what was asked when nothing was answered."""
    genai = client("http://127.0.0.1:9")
    with (
        telemetry.attached(completion_hook=hook),
        pytest.raises(Exception, match="refused"),
    ):
        genai.models.generate_content(**QUESTION)
    [(inputs, outputs, *_)] = hook.calls
    assert inputs[0].parts == [types.TextPart(SECRET)]
    assert [part for message in outputs for part in message.parts] == []
    genai.close()


def test_a_sampler_has_no_say(hook, genai):
    """As the conventions want, the hook is called for spans that are not recorded too."""
    unsampled = Telemetry(sampler=ALWAYS_OFF)
    with unsampled.attached(completion_hook=hook):
        list(genai.models.generate_content_stream(**QUESTION))
    [(inputs, outputs, _, _, span, record)] = hook.calls
    assert inputs[0].parts == [types.TextPart(SECRET)]
    assert outputs[0].parts == [types.TextPart(text.SKY)]
    assert not span.is_recording()
    assert record is None
    assert unsampled.ended == []


def test_without_an_sdk(hook, genai):
    """Nobody needs spans to have a hook."""
    GeminiInstrumentor().instrument(completion_hook=hook)
    try:
        genai.models.generate_content(**QUESTION)
    finally:
        GeminiInstrumentor().uninstrument()
    assert [call[0][0].parts for call in hook.calls] == [[types.TextPart(SECRET)]]


def test_a_tools_error_stays_content(fake, telemetry, hook):
    """What a tool raises is read for nobody, whatever the hook gets."""

    def get_weather(city: str) -> str:
        """Tell the weather."""
        raise LookupError(SECRET)

    genai = client(fake.play(tools.ONE_TOOL))
    with telemetry.attached(completion_hook=hook, capture_message_content="NO_CONTENT"):
        genai.models.generate_content(
            model="gemini-2.5-flash", contents="Weather?", config={"tools": [get_weather]}
        )
    genai.close()
    [tool] = [span for span in telemetry.ended if span.name.startswith("execute_tool")]
    assert tool.attributes["error.type"] == "LookupError"
    assert SECRET not in str([tool.status.description, tool.events[0].attributes])


def test_text_that_cannot_be_encoded(telemetry, hook, genai):
    """Half a surrogate pair, which JSON and hashes refuse, is replaced."""
    with telemetry.attached(completion_hook=hook):
        genai.models.generate_content(
            model="gemini-2.5-flash",
            contents="Why?",
            config={"system_instruction": "Be \ud83d brief."},
        )
    [(_, _, instruction, *_)] = hook.calls
    assert instruction == [types.TextPart("Be ? brief.")]


@pytest.mark.parametrize(
    "missing", ["opentelemetry.util.genai.types", "fsspec"], ids=["util-genai", "fsspec"]
)
def test_without_the_extra(missing, telemetry, genai, monkeypatch, caplog):
    """One line says what to install, and calls go on."""
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setattr(completion, "find_spec", lambda name: None if name == missing else name)
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_COMPLETION_HOOK", "upload")
    with telemetry.attached():
        assert genai.models.generate_content(**QUESTION).text == text.SKY
    [line] = [record.getMessage() for record in caplog.records]
    assert line.endswith('Run: pip install "opentelemetry-instrumentation-gemini[upload]"')


def test_a_name_that_nobody_has(telemetry, genai, caplog):
    """One line names those that are there."""
    with telemetry.attached(completion_hook="no-such-hook"):
        assert genai.models.generate_content(**QUESTION).text == text.SKY
    [line] = [record.getMessage() for record in caplog.records]
    assert "no completion hook called 'no-such-hook'" in line
    assert "upload" in line


def test_something_else_than_a_hook(telemetry, genai, caplog):
    """One line says what a hook is."""
    with telemetry.attached(completion_hook=4711):
        assert genai.models.generate_content(**QUESTION).text == text.SKY
    [line] = [record.getMessage() for record in caplog.records]
    assert "completion_hook is 4711, so it is ignored" in line
