"""Fields of a config on request, and what no request gets."""

from __future__ import annotations

from typing import Any

import pytest

from fake_gemini import FakeGemini, client
from fake_gemini.scenarios.text import PLAIN_TEXT
from promises.watching import Telemetry

PREFIX = "gcp.gen_ai.operation.config."
SECRET = "open-sesame"
VOICE = {"mime_type": "audio/wav", "voice_sample_audio": b"me, speaking"}
SERVER = {
    "name": "weather",
    "streamable_http_transport": {
        "url": f"https://me:{SECRET}@mcp.example.com/?key={SECRET}",
        "headers": {"Authorization": f"Bearer {SECRET}", "X-Key": SECRET},
    },
}
API = {"api_auth": {"api_key_config": {"api_key_string": SECRET}}, "endpoint": "https://e.example"}


def _ask(genai: Any, config: Any, **settings: Any) -> dict[str, Any]:
    telemetry = Telemetry()
    with telemetry.attached(config_includes="*", **settings):
        genai.models.generate_content(model="gemini-2.5-flash", contents="Why?", config=config)
    (attributes,) = (span.attributes for span in telemetry.rounds)
    assert SECRET not in str([dict(span.attributes) for span in telemetry.ended])
    return {
        name.removeprefix(PREFIX): value
        for name, value in attributes.items()
        if name.startswith(PREFIX)
    }


def test_no_key_of_a_tools_service_is_told(genai: Any):
    """Headers of an MCP server and passwords in its address stay away, content allowed or not."""
    told = _ask(genai, {"tools": [{"mcp_servers": [SERVER]}], "service_tier": "flex"})
    server = "tools[0].mcp_servers[0]."
    assert told == {
        "service_tier": "flex",
        "tools.length": 1,
        "tools[0].mcp_servers.length": 1,
        server + "name": "weather",
        server
        + "streamable_http_transport.url": "https://[REDACTED]@mcp.example.com/?key=[REDACTED]",
    }


def test_no_key_of_a_retrieval_api_is_told(fake: FakeGemini):
    """Of what Vertex AI asks with a key of the program's, the address alone is told."""
    genai = client(fake.play(PLAIN_TEXT), vertex=True)
    told = _ask(genai, {"tools": [{"retrieval": {"external_api": API}}]})
    genai.close()
    assert told == {"tools.length": 1, "tools[0].retrieval.external_api.endpoint": API["endpoint"]}


@pytest.mark.parametrize("mode", ["NO_CONTENT", "SPAN_ONLY"])
@pytest.mark.parametrize("camel", [False, True], ids=["snake", "camel"])
def test_no_recording_of_a_voice_is_told(mode: str, camel: bool, genai: Any):
    """The bytes of a voice to speak with are on no span, however they were given."""
    voice = {"mimeType": "audio/wav", "voiceSampleAudio": "bWUsIHNwZWFraW5n"} if camel else VOICE
    config = {"speech_config": {"voice_config": {"replicated_voice_config": voice}}}
    told = _ask(genai, config, capture_message_content=mode)
    assert list(told.values()) == ["audio/wav"]
