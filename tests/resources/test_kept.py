"""Caches that are used, secrets that stay secret, files in pieces, and pages."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import HOWS, How, Scenario, client, perform, sdk_version
from fake_gemini.scenarios.text import PLAIN_TEXT
from fake_gemini.wire import answer, error_body, refusal
from resources.calling import SECRET, WAYS, call, client_of, play, shown, texts_of
from resources.generated import AGENT, SINCE
from resources.generated import CASES as GENERATED
from resources.kept import CACHE, CACHED, CACHES, EMPTY, FILES, OTHERS, RESOURCE, SIZE, upload_to

if TYPE_CHECKING:
    from fake_gemini import FakeGemini
    from interactions.watching import Watched

CREATE = CACHES[0]
SECRET_CASES = tuple(
    case for case in GENERATED if case.method.startswith(("credentials.", "webhooks."))
)
GENERATED_AT_HAND = pytest.mark.skipif(
    sdk_version() < SINCE, reason=f"needs the generated clients of google-genai {SINCE}"
)
TOKEN = next(case for case in OTHERS if case.method == "auth_tokens.create")


@pytest.mark.parametrize("how", HOWS)
def test_a_generation_leads_back_to_its_cache(how: How, fake: FakeGemini, telemetry: Watched):
    """What uses a cache carries its name, and a link to the span that created it."""
    using = Scenario("using", PLAIN_TEXT.steps, PLAIN_TEXT.rounds, config={"cached_content": CACHE})
    with telemetry.attached():
        call(client_of(CREATE, play(fake, CACHED)), False, CREATE.method, **CREATE.asked)  # noqa: FBT003
        assert perform(fake.play(using), how).error is None
    created, used = telemetry.ended
    assert used.name == "generate_content gemini-2.5-flash"
    assert used.attributes["gcp.gen_ai.request.cached_content"] == CACHE
    assert [link.context for link in used.links] == [created.context]


@WAYS
def test_what_becomes_of_a_cache_leads_back_too(
    asynchronous: bool, fake: FakeGemini, telemetry: Watched
):
    """Changing, reading and deleting are linked to the creation, and bill nothing."""
    genai = client_of(CREATE, play(fake, CACHED, CACHED, CACHED, EMPTY))
    with telemetry.attached(trace_reads=True):
        call(genai, asynchronous, CREATE.method, **CREATE.asked)
        call(genai, asynchronous, "caches.update", name=CACHE, config={"ttl": "9s"})
        call(genai, asynchronous, "caches.get", name=CACHE)
        call(genai, asynchronous, "caches.delete", name=CACHE)
    created, *others = telemetry.ended
    assert [span.name for span in others] == ["update_cache", "get_cache", "delete_cache"]
    for span in others:
        assert [link.context for link in span.links] == [created.context]
    assert SECRET not in texts_of(telemetry)


@WAYS
@pytest.mark.parametrize("refused", [False, True], ids=["answered", "refused"])
def test_a_token_appears_nowhere(
    asynchronous: bool, refused: bool, fake: FakeGemini, telemetry: Watched
):
    """Whatever the settings are, a token is in no span, event or link."""
    steps = (refusal(400, error_body(400, "Bad.")),) if refused else TOKEN.steps
    genai = client_of(TOKEN, play(fake, *steps))
    with telemetry.attached(capture_message_content="SPAN_AND_EVENT"):
        if refused:
            with pytest.raises(Exception, match="Bad"):
                call(genai, asynchronous, TOKEN.method, **TOKEN.asked)
        else:
            made = call(genai, asynchronous, TOKEN.method, **TOKEN.asked)
            assert made.name == f"auth_tokens/{SECRET}"
    assert telemetry.the_span().name == "create_auth_token"
    assert SECRET not in texts_of(telemetry)


@pytest.mark.parametrize("case", shown(SECRET_CASES))
def test_secrets_of_the_generated_clients_stay_secret(
    case: Any, fake: FakeGemini, telemetry: Watched
):
    """Credentials and signing secrets are told by no setting, whether they are sent or come."""
    genai = client_of(case, play(fake, *case.steps))
    with telemetry.attached(capture_message_content="SPAN_AND_EVENT", trace_reads=True):
        call(genai, False, case.method, **case.asked)  # noqa: FBT003
    assert telemetry.the_span().name == case.span
    assert SECRET not in texts_of(telemetry)


@GENERATED_AT_HAND
def test_an_error_that_quotes_a_credential_is_not_told(fake: FakeGemini, telemetry: Watched):
    """The SDK's complaint about a credential quotes it; of that no more leaves than its type."""
    genai = client_of(TOKEN, play(fake))
    with (
        telemetry.attached(capture_message_content="SPAN_AND_EVENT"),
        pytest.raises(ValueError, match=SECRET),
    ):
        genai.credentials.create(type="bearer_token", token=SECRET)
    span = telemetry.the_span()
    assert span.attributes["error.type"].endswith("ValidationError")
    assert SECRET not in texts_of(telemetry)


@pytest.mark.parametrize(
    "address",
    [
        f"https://example.org/v1beta/files/f1?key={SECRET}",
        f"https://me:{SECRET}@example.org/v1beta/files/f1",
        f"https://example.org/v1beta/files/f1?X-Goog-Signature={SECRET}",
    ],
)
def test_an_address_that_opens_a_file_is_told_without_what_opens_it(
    address: str, fake: FakeGemini, telemetry: Watched
):
    """A file may be named by its address; the key, password or signature in it is a secret."""
    genai = client(play(fake, answer({})))
    with telemetry.attached(capture_message_content="NO_CONTENT"):
        genai.files.download(file=address)
    assert "example.org" in telemetry.the_span().attributes["gcp.gen_ai.resource.name"]
    assert SECRET not in texts_of(telemetry)


def test_a_file_in_pieces_is_one_span(fake: FakeGemini, telemetry: Watched):
    """A resumable upload takes several requests and stays one operation."""
    size = 9 * 1024 * 1024
    begun, ended = upload_to("files", {"file": {"name": "files/big", "sizeBytes": str(size)}})
    (name, url), _ = begun.unary.headers
    active = type(begun.unary)(body={}, headers=((name, url), ("x-goog-upload-status", "active")))
    handle = play(fake, begun, type(begun)(active, active), ended)
    genai = client_of(FILES[0], handle)
    with telemetry.attached():
        genai.files.upload(file=io.BytesIO(bytes(size)), config={"mime_type": "video/mp4"})
    start, *pieces = handle.requests
    assert start.headers["x-goog-upload-protocol"] == "resumable"
    assert sum(len(piece.body) for piece in pieces) == size
    assert [piece.headers["x-goog-upload-command"] for piece in pieces] == [
        "upload",
        "upload, finalize",
    ]
    attributes = telemetry.the_span().attributes
    assert (attributes[RESOURCE], attributes[SIZE]) == ("files/big", size)


@WAYS
def test_pages_are_one_list(asynchronous: bool, fake: FakeGemini, telemetry: Watched):
    """Reading on in a list is the SDK's own affair: the list was told of once."""
    pages = [
        answer({"files": [{"name": f"files/{number}"}], **({"nextPageToken": "2"} if more else {})})
        for number, more in ((1, True), (2, False))
    ]
    genai = client(play(fake, *pages), retry_options={"attempts": 1})
    with telemetry.attached(trace_reads=True):
        if asynchronous:

            async def names() -> list[str]:
                return [one.name async for one in await genai.aio.files.list()]

            import asyncio  # noqa: PLC0415

            found = asyncio.run(names())
        else:
            found = [one.name for one in genai.files.list()]
    assert found == ["files/1", "files/2"]
    assert telemetry.the_span().name == "list_files"


@GENERATED_AT_HAND
def test_an_unparsed_answer_is_one_span(fake: FakeGemini, telemetry: Watched):
    """Whoever takes the raw response gets it, and the call is told of."""
    genai = client(play(fake, answer(AGENT)), retry_options={"attempts": 1})
    with telemetry.attached(trace_reads=True):
        raw = genai.agents.with_raw_response.get("sommelier")
    assert json.loads(raw.http_response.content)["id"] == "sommelier"
    assert raw.parse().id == "sommelier"
    span = telemetry.the_span()
    assert (span.name, span.attributes[RESOURCE]) == ("get_agent", "sommelier")


@GENERATED_AT_HAND
def test_a_resource_without_a_client_fails_as_it_does(
    telemetry: Watched, caplog: pytest.LogCaptureFixture
):
    """Whoever makes the SDK's own part of a client without the rest gets the SDK's error."""
    from google.genai._gaos.google_genai import GeminiNextGenEnvironmentFiles  # noqa: PLC0415

    resource: Any = GeminiNextGenEnvironmentFiles(sdk_config=object(), api_client=None)
    with telemetry.attached(), pytest.raises(AttributeError, match="api_client is required"):
        resource.download(environment="env_123", path="src/main.py")
    assert not caplog.records
