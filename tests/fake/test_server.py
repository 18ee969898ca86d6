from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from fake_gemini import FakeGemini, Handle, client, perform, scenarios

TESTS = Path(__file__).parents[1]
ASKED: dict[str, Any] = {"model": "gemini-2.5-flash", "contents": "Why is the sky blue?"}


def test_handles_do_not_disturb_each_other(fake: FakeGemini) -> None:
    """Scenarios that are played at once each get their own replies and their own journal."""
    names = ["plain_text", "three_tool_rounds", "thinking", "two_candidates"] * 3
    handles = [fake.play(scenarios.ALL[name]) for name in names]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(perform, handles))
    for handle, outcome in zip(handles, outcomes, strict=True):
        assert handle.scenario is not None
        assert outcome.responses[0].text == handle.scenario.rounds[-1].text
        assert len(handle.requests) == len(handle.scenario.steps)


def test_a_handle_keeps_the_bytes_that_were_sent(fake: FakeGemini) -> None:
    """A recorded request holds path, query, headers and the very bytes of the body."""
    handle = fake.play(scenarios.text.PLAIN_TEXT)
    genai = client(handle, headers={"x-mine": "1"})
    list(genai.models.generate_content_stream(**ASKED))
    (request,) = handle.requests
    assert request.method == "POST"
    assert request.path.endswith("/models/gemini-2.5-flash:streamGenerateContent")
    assert request.path.startswith("/v1")
    assert request.query == {"alt": "sse"}
    assert request.headers["x-mine"] == "1"
    assert request.json["contents"][0]["parts"] == [{"text": "Why is the sky blue?"}]
    assert json.loads(request.body) == request.json
    assert request.model == "gemini-2.5-flash"


def test_reported_usage_sums_responses_and_not_chunks(fake: FakeGemini) -> None:
    """Usage is the last value per field within a stream, and the sum over its rounds."""
    handle = fake.play(scenarios.tools.THREE_TOOL_ROUNDS)
    perform(handle, "stream")
    assert handle.reported_usage == {
        "promptTokenCount": 90 + 120 + 150 + 190,
        "candidatesTokenCount": 11 + 10 + 14 + 9,
        "totalTokenCount": 594,
    }


def test_reported_usage_leaves_out_what_never_left(fake: FakeGemini) -> None:
    """Chunks behind a broken connection count for nothing."""
    handle = fake.play(scenarios.failures.CUT_CONNECTION)
    perform(handle, "stream")
    assert handle.reported_usage["candidatesTokenCount"] == 10


def test_reported_usage_leaves_out_what_nobody_waits_for(fake: FakeGemini) -> None:
    """When the reader leaves a stream, the chunks that it does not wait for are not told."""
    step = scenarios.text.PLAIN_TEXT.steps[0]
    slow = replace(step, stream=replace(step.stream, pace=0.3))
    handle = fake.play(replace(scenarios.text.PLAIN_TEXT, steps=(slow,)))
    genai = client(handle)
    stream = genai.models.generate_content_stream(**ASKED)
    next(stream)
    stream.close()
    genai.close()
    time.sleep(0.7)
    assert len(handle.responses[0]) == 1


def test_one_request_too_many_is_told(fake: FakeGemini) -> None:
    """A scenario that has no reply left says so, with a status that nothing retries."""
    handle = fake.play(scenarios.text.PLAIN_TEXT)
    perform(handle)
    assert "'plain_text' has no reply left" in str(perform(handle).error)


def test_a_repeated_scenario_starts_anew(fake: FakeGemini) -> None:
    """With repeat the same handle serves any number of plays."""
    handle = fake.play(scenarios.tools.ONE_TOOL, repeat=True)
    texts = [perform(handle).responses[0].text for _ in range(3)]
    assert texts == ["The sky over Rome is clear."] * 3
    assert handle.reported_usage["totalTokenCount"] == 3 * 131


def test_an_unknown_path_is_a_404(fake: FakeGemini) -> None:
    """What Google does not serve, the fake does not serve either, handle or not."""
    handle = fake.play(scenarios.text.PLAIN_TEXT)
    for url in (fake.url, handle.url, f"{fake.url}/s/none"):
        strayed = client(f"{url}/nowhere")
        with pytest.raises(Exception, match="404 NOT_FOUND"):
            strayed.models.generate_content(**ASKED)
    assert handle.requests == []


def test_chunks_come_at_their_pace(fake: FakeGemini) -> None:
    """A slow stream takes as long as its delay and its pauses."""
    began = time.monotonic()
    assert perform(fake.play(scenarios.text.SLOW_CHUNKS), "stream").error is None
    assert time.monotonic() - began > 0.03 + 2 * 0.06


def test_stopping_breaks_streams_that_are_open() -> None:
    """Leaving the server waits for nobody and leaves no thread."""
    step = scenarios.text.PLAIN_TEXT.steps[0]
    endless = replace(step, stream=replace(step.stream, pace=60))
    with FakeGemini() as fake:
        handle = fake.play(replace(scenarios.text.PLAIN_TEXT, steps=(endless,)))
        genai = client(handle)
        stream = genai.models.generate_content_stream(**ASKED)
        next(stream)
        assert len(handle.responses[0]) == 1
        mine = fake.thread
    assert not mine.is_alive()
    assert mine not in threading.enumerate()
    with pytest.raises(Exception, match="closed"):
        next(stream)


async def _speak(handle: Handle, **options: Any) -> str:
    genai = client(handle, **options)
    answer = await genai.aio.models.generate_content(**ASKED)
    parts = [chunk.text async for chunk in await genai.aio.models.generate_content_stream(**ASKED)]
    await genai.aio.aclose()
    return answer.text + "".join(parts)


@pytest.mark.asyncio
async def test_both_async_transports_are_served(fake: FakeGemini) -> None:
    """The SDK's async side gets the same over its own HTTP client as over aiohttp, if any."""
    httpx = pytest.importorskip("httpx2", reason="SDKs before 3.0 bring httpx")
    options = {"async_client_args": {"transport": httpx.AsyncHTTPTransport()}}
    handle = fake.play(scenarios.text.PLAIN_TEXT, repeat=True)
    assert await _speak(handle) == scenarios.text.SKY * 2
    assert await _speak(handle, **options) == scenarios.text.SKY * 2


@contextmanager
def _started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "fake_gemini", *arguments],
        cwd=TESTS,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_the_command_serves_until_it_is_told_to_stop() -> None:
    """``python -m fake_gemini`` prints its address, serves, tells its usage, ends cleanly."""
    with _started() as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(r"Fake Gemini at (http://127\.0\.0\.1:\d+)\n", line)
        assert found is not None
        genai = client(found[1])
        answer = genai.models.generate_content(**ASKED)
        with urlopen(f"{found[1]}/fake/usage") as response:
            told = json.load(response)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")
    assert told["requests"] == 1
    assert told["reported_usage"]["totalTokenCount"] == answer.usage_metadata.total_token_count


def test_the_command_names_a_port_that_is_taken() -> None:
    """A port in use ends the command at once, with a sentence and a code of its own."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _started("--port", str(port)) as process:
            out, err = process.communicate(timeout=10)
    assert process.returncode == 3
    assert out == ""
    assert err == f"Fake Gemini: port {port} is taken; choose another one with --port.\n"
