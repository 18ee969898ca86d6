"""The program that uses live interactions notices nothing, and its tokens appear nowhere."""

from __future__ import annotations

import asyncio
import gc
import inspect
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import FakeGemini, Scenario, client
from fake_gemini.interaction_wire import ID
from fake_gemini.live_interactions import Close, Hear, Say, completed, failed, spoken
from fake_gemini.wire import answer, error_body, refusal
from interactions.watching import Watched
from live_interactions.talking import connect
from promises.seeing import Seen, described, listening

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_gemini.live_interactions import FakeLiveInteractions

TOKEN = "auth_tokens/very-secret-0815"
SCRIPTS = {
    "answer": (Hear(), Say(*spoken("Blue."), completed())),
    "error event": (Hear(), Say(failed("UNAVAILABLE", "No."), completed())),
    "loss": (Hear(), Say(*spoken("Bl")), Close(1011, "secret")),
}


async def talk(context: Any, seen: Seen) -> None:
    async with context as connection:
        seen.note((type(context), type(connection), connection.id))
        seen.note(await connection.send("Sky?"))
        async for event in connection.receive():
            seen.chunk(event)


async def wait(context: Any, seen: Seen) -> None:
    connection = await context
    seen.note(await connection.send("Sky?"))
    with suppress(asyncio.TimeoutError):
        async for event in connection.receive():
            seen.chunk(event)
            await asyncio.wait_for(anext(connection.receive(), None), 0.2)
    seen.note(await connection.detach())
    await connection.send("Too late")


async def twice(context: Any, seen: Seen) -> None:
    async with context as connection:
        await connection.send("Sky?")
        waiting = asyncio.ensure_future(anext(connection.receive()))
        await asyncio.sleep(0)
        try:
            seen.chunk(await anext(connection.receive()))
        finally:
            await asyncio.gather(waiting, return_exceptions=True)


@pytest.mark.parametrize("program", [talk, wait, twice], ids=lambda it: it.__name__)
@pytest.mark.parametrize("script", SCRIPTS)
def test_the_program_sees_no_difference(
    script: str, program: Callable[..., Any], socket: FakeLiveInteractions
):
    """Types, events, exceptions with their frames, and complaints are as without the plugin."""

    def run() -> Seen:
        seen = Seen()
        # What is left of other programs is complained of now, and not in this one's name.
        gc.collect()
        with listening(seen.complaints):
            try:
                asyncio.run(program(connect(socket.play(*SCRIPTS[script])), seen))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
                seen.error = described(error)
        return seen

    run()  # what happens once in a process is over now
    bare = run()
    telemetry = Watched()
    with telemetry.attached():
        traced = run()
    assert traced == bare
    assert telemetry.open == []
    assert "live_interaction" in [span.name for span in telemetry.ended]


def test_connect_stays_the_sdks_own(telemetry: Watched):
    """Nothing is put on what the program calls: what it opens is hooked."""
    from google.genai._gaos.google_genai import AsyncGeminiNextGenInteractions  # noqa: PLC0415

    found = vars(AsyncGeminiNextGenInteractions)["connect"]
    assert inspect.isfunction(found)
    assert not hasattr(found, "__wrapped__")


@pytest.mark.parametrize("what", ["connect('i-1')", "auth_tokens"])
def test_the_one_warning_names_the_programs_file(what: str, socket: FakeLiveInteractions):
    """The SDK warns once in a process, and says where."""
    if what == "auth_tokens":
        with FakeGemini() as fake:
            handle = fake.play(Scenario("token", (answer({"name": TOKEN}),), ()))
            line = "client.interactions.auth_tokens.create('i-1')"
            assert _warned_at(line, handle.url) == "<string>:6"
    else:
        assert _warned_at(f"client.aio.interactions.{what}", socket.play().url) == "<string>:6"


def _warned_at(line: str, url: str) -> str:
    program = f"""
from opentelemetry_instrumentation_gemini import GeminiInstrumentor
GeminiInstrumentor().instrument()
from google import genai
client = genai.Client(vertexai=False, api_key="k", http_options=dict(base_url={url!r}))
{line}
""".strip()
    program = "import warnings; warnings.simplefilter('always')\n" + program
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    (warned,) = [line for line in done.stderr.splitlines() if "experimental" in line]
    return warned.partition(": UserWarning")[0]


PROGRAM = """
import asyncio, sys
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(ConsoleSpanExporter(
    formatter=lambda span: span.to_json(indent=None) + "\\n")))

from opentelemetry_instrumentation_gemini import GeminiInstrumentor
GeminiInstrumentor().instrument(tracer_provider=provider, capture_message_content="SPAN_ONLY")

from google import genai
client = genai.Client(vertexai=False, api_key="k", http_options={"base_url": sys.argv[1]})

async def main():
    connection = await client.aio.interactions.connect("fake-interaction-1")
    await connection.send("Hi!")
    async for event in connection.receive():
        if event.event_type == "step.delta":
            return connection

loop = asyncio.new_event_loop()
kept = loop.run_until_complete(main())
"""


def test_a_connection_left_open_at_exit_is_exported(socket: FakeLiveInteractions):
    """Session and answer end, as left and not as failed, before the exporter is shut down."""
    handle = socket.play(Hear(), Say(*spoken("I was")[:2]))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM, handle.url],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(lines) == 2
    assert any('"live_interaction"' in line for line in lines)
    assert all("UNSET" in line for line in lines)
    assert any("I was" in line for line in lines)


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("content", ["NO_CONTENT", "SPAN_AND_EVENT"])
def test_a_token_appears_nowhere(content: str, asynchronous: bool):
    """Neither where it is made or deleted, nor in what goes wrong with it."""
    telemetry = Watched()
    gone = refusal(404, error_body(404, f"{TOKEN} is unknown: very-secret-0815."))
    steps = (answer({"name": TOKEN, "expire_time": "2026-01-01T00:00:00Z"}), answer({}), gone, gone)
    with FakeGemini() as fake, telemetry.attached(capture_message_content=content):
        handle = fake.play(Scenario("tokens", steps, ()))
        genai = client(handle, retry_options={"attempts": 1})
        calls = [
            ("create", (ID,)),
            ("delete", (ID, TOKEN)),
            ("delete", (ID, TOKEN)),
            ("create", (ID,)),
        ]
        errors = [_call(genai, asynchronous, method, *args) for method, args in calls]
    assert [error is None for error in errors] == [True, True, False, False]
    names = [span.name for span in telemetry.ended]
    assert names == [f"{method}_auth_token" for method, _ in calls]
    for span in telemetry.ended[:3]:
        assert span.attributes["gen_ai.response.id"] == ID
    assert telemetry.ended[2].attributes["error.type"] == "404"
    told = "".join(span.to_json() for span in telemetry.ended) + str(telemetry.logs())
    assert TOKEN not in told
    assert "very-secret" not in "".join(span.to_json() for span in telemetry.ended[:3])


def _call(genai: Any, asynchronous: bool, method: str, *args: Any) -> Exception | None:
    async def ask() -> None:
        await getattr(genai.aio.interactions.auth_tokens, method)(*args)

    try:
        if asynchronous:
            asyncio.run(ask())
        else:
            getattr(genai.interactions.auth_tokens, method)(*args)
    except Exception as error:  # noqa: BLE001 - it is looked at
        return error
    return None


@pytest.mark.asyncio
async def test_a_token_that_is_the_key_appears_nowhere(
    socket: FakeLiveInteractions, telemetry: Watched
):
    """Who connects with a token in place of a key shows it to the service only."""
    from google.genai import Client  # noqa: PLC0415

    handle = socket.play(status=401)
    genai = Client(vertexai=False, api_key=TOKEN, http_options={"base_url": handle.url})
    with pytest.raises(Exception, match="setup failed"):
        await genai.aio.interactions.connect(ID)
    assert "very-secret" not in "".join(span.to_json() for span in telemetry.ended)
