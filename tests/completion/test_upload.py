"""The ecosystem's own hook, which uploads content and leaves references."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from base64 import b64decode

import pytest

from completion.storage import PATIENCE, read, slow_storage
from fake_gemini import client
from fake_gemini.scenarios.media import IMAGE_OUT
from fake_gemini.scenarios.text import SKY

fsspec = pytest.importorskip("fsspec", reason="opentelemetry-util-genai[upload] is not installed")
pytest.importorskip(
    "opentelemetry.util.genai", reason="opentelemetry-util-genai[upload] is not installed"
)

SECRET = "the secret question"
QUESTION = {"model": "gemini-2.5-flash", "contents": SECRET}
HOOK = "OTEL_INSTRUMENTATION_GENAI_COMPLETION_HOOK"
BASE = "OTEL_INSTRUMENTATION_GENAI_UPLOAD_BASE_PATH"
REFERENCES = {
    "gen_ai.input.messages_ref",
    "gen_ai.output.messages_ref",
    "gen_ai.system_instructions_ref",
}
PROGRAM = """
import sys
from google import genai
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
from opentelemetry_instrumentation_gemini import GeminiInstrumentor

provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter()))
GeminiInstrumentor().instrument(tracer_provider=provider)
client = genai.Client()
client.models.generate_content(model="gemini-2.5-flash", contents="the secret question")
print(any(name.startswith("opentelemetry.util.genai") for name in sys.modules), file=sys.stderr)
"""


def test_spans_and_events_hold_references(telemetry, genai, monkeypatch, tmp_path):
    """The files hold the conversation, span and event their addresses, and nothing of it."""
    monkeypatch.setenv(HOOK, "upload")
    monkeypatch.setenv(BASE, tmp_path.as_uri())
    with telemetry.attached(capture_message_content="NO_CONTENT", emit_event=True):
        genai.models.generate_content(**QUESTION, config={"system_instruction": "Be brief."})
    [span] = telemetry.ended
    [event] = [log.log_record for log in telemetry._logs.get_finished_logs()]
    for attributes in (span.attributes, event.attributes):
        assert {name for name in attributes if name.endswith("_ref")} == REFERENCES
        assert SECRET not in str(attributes)
    [asked] = read(span.attributes["gen_ai.input.messages_ref"])
    assert (asked["role"], asked["parts"]) == ("user", [{"type": "text", "content": SECRET}])
    [answered] = read(span.attributes["gen_ai.output.messages_ref"])
    assert answered["parts"] == [{"type": "text", "content": SKY}]
    assert read(span.attributes["gen_ai.system_instructions_ref"]) == [
        {"type": "text", "content": "Be brief."}
    ]


def test_media_are_uploaded(fake, telemetry, tmp_path, monkeypatch):
    """An image stands in the file as base64, byte for byte."""
    monkeypatch.setenv(BASE, str(tmp_path))
    genai = client(fake.play(IMAGE_OUT))
    with telemetry.attached(completion_hook="upload", capture_message_content="NO_CONTENT"):
        answer = genai.models.generate_content(**QUESTION)
    genai.close()
    [span] = telemetry.ended
    [message] = read(span.attributes["gen_ai.output.messages_ref"])
    [image] = [part for part in message["parts"] if part["type"] == "blob"]
    [data] = [part.inline_data.data for part in answer.parts if part.inline_data]
    assert b64decode(image["content"]) == data


def test_a_storage_that_hangs(telemetry, genai, monkeypatch):
    """Calls never wait for it: what it cannot take is dropped, and what it took arrives."""
    slow = slow_storage()
    fsspec.register_implementation("slow", slow, clobber=True)
    monkeypatch.setenv(BASE, "slow://prompts")
    with telemetry.attached(completion_hook="upload"):
        began = time.monotonic()
        for _ in range(15):
            assert genai.models.generate_content(**QUESTION).text == SKY
        assert time.monotonic() - began < PATIENCE / 2
    assert len(telemetry.ended) == 15
    assert not [name for name in slow.store if name.endswith("puts.json")]
    slow.gate.set()
    first = telemetry.ended[0].attributes["gen_ai.input.messages_ref"]
    deadline = time.monotonic() + PATIENCE
    while not fsspec.filesystem("slow").exists(first):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    with fsspec.open(first) as file:
        assert json.load(file)[0]["parts"][0]["content"] == SECRET


def test_a_storage_that_cannot_be_written(telemetry, genai, monkeypatch, tmp_path, caplog):
    """One line says why, calls go on, and their content is not read for nothing."""
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(BASE, str(tmp_path / "file"))
    with telemetry.attached(completion_hook="upload", capture_message_content="NO_CONTENT"):
        assert genai.models.generate_content(**QUESTION).text == SKY
    [line] = [record.getMessage() for record in caplog.records]
    assert "The completion hook 'upload' cannot be had" in line
    assert "\n" not in line
    [span] = telemetry.ended
    assert not [name for name in span.attributes if name.endswith("_ref")]


def test_without_a_base_path(telemetry, genai, monkeypatch, tmp_path, caplog):
    """The hook's own warning says what is missing; with it, instrumenting anew is enough."""
    with telemetry.attached(completion_hook="upload"):
        assert genai.models.generate_content(**QUESTION).text == SKY
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith(BASE)
    monkeypatch.setenv(BASE, str(tmp_path))
    with telemetry.attached(completion_hook="upload"):
        genai.models.generate_content(**QUESTION)
    assert read(telemetry.ended[-1].attributes["gen_ai.input.messages_ref"])


@pytest.mark.parametrize("hook", ["upload", None])
def test_a_program_with_variables_alone(hook, fake, tmp_path):
    """The variables are enough, all is uploaded at exit; unset, nothing of util-genai is loaded."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    environ |= {"GEMINI_API_KEY": "any-key-will-do", "GOOGLE_GEMINI_BASE_URL": fake.url}
    if hook:
        environ |= {HOOK: hook, BASE: str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == str(bool(hook))
    found = json.loads(done.stdout)["attributes"].get("gen_ai.input.messages_ref")
    assert bool(found) == bool(hook)
    assert len(list(tmp_path.iterdir())) == (2 if hook else 0)
    assert not hook or read(found)[0]["parts"][0]["content"] == SECRET
