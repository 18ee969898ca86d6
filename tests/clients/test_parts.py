"""Whatever can be reached from a client leads back to it, and is traced with it."""

from __future__ import annotations

import asyncio
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from clients.asking import chat_of, names_of, trace
from fake_gemini import HOWS, How, Scenario, client, sdk_version, shape_of
from fake_gemini.scenarios.interactions import OLD, PLAIN
from fake_gemini.scenarios.measuring import EMBED_ONE
from fake_gemini.wire import error_body, refusal
from opentelemetry_instrumentation_gemini._patching.table import HOOKS
from opentelemetry_instrumentation_gemini._reading.clients import client_reader, marks_of
from promises.programs import close

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_gemini import FakeGemini
    from interactions.watching import Watched

SIMPLE = PLAIN if sdk_version() >= PLAIN.since else OLD
PASSING = ("attempt", "call_ids", "hop", "reconnect", "retry_", "session_")
"""Surfaces whose hooks only look at what goes on inside a call that is traced."""
REFUSED = refusal(403, error_body(403, "Not yours."))
CALLS = {
    "batches.cancel": {"name": "batches/b"},
    "caches.delete": {"name": "cachedContents/c"},
    "files.delete": {"name": "files/f"},
    "models.count_tokens": {"model": "gemini-2.5-flash", "contents": "Why?"},
    "models.embed_content": {"model": "gemini-embedding-001", "contents": "Why?"},
    "tunings.cancel": {"name": "tunedModels/t"},
}


def owners() -> dict[str, type]:
    """Returns the classes of this SDK whose calls are traced for a client."""
    found = {}
    for hook in HOOKS:
        if client_reader(hook.owner) is None or hook.surface.startswith(PASSING):
            continue
        if not hook.module.startswith("google.genai."):
            continue
        try:
            kind = getattr(import_module(hook.module), hook.owner or "", None)
        except ModuleNotFoundError:
            continue
        if kind is not None:
            found[hook.owner] = kind
    return found


def parts_of(genai: Any) -> Iterator[Any]:
    """Yield what can be reached from a client by its public attributes, and its chats."""
    yield chat_of("call", genai)
    yield chat_of("async_call", genai)
    if hasattr(genai.aio, "interactions") and hasattr(genai.aio.interactions, "connect"):
        yield genai.aio.interactions.connect("interactions/i")
    pending, seen = [genai, genai.aio], set()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        names = [name for name in dir(type(one)) if not name.startswith(("_", "with_"))]
        names += [name for name in getattr(one, "__dict__", ()) if not name.startswith("_")]
        members = [getattr(one, name, None) for name in names]
        pending += [member for member in members if _is_part(member)]


def _is_part(member: Any) -> bool:
    return (
        type(member).__module__.startswith("google.genai")
        and hasattr(member, "__dict__")
        and (any(hasattr(member, name) for name in ("_api_client", "sdk_configuration", "_client")))
    )


@pytest.fixture
def two(fake: FakeGemini) -> Iterator[tuple[Any, Any]]:
    """Two clients of which nothing is asked that could succeed."""
    both = tuple(client(fake.play(Scenario("no", (REFUSED,), ()), repeat=True)) for _ in range(2))
    yield both
    for one in both:
        close(one)


def test_every_hooked_class_leads_to_its_client(
    two: tuple[Any, Any], recwarn: pytest.WarningsRecorder
):
    """An instance of each class that is hooked carries a mark of its client, and of no other's."""
    kinds = owners()
    found = set()
    for genai, other in (two, two[::-1]):
        for part in parts_of(genai):
            for owner in (owner for owner, kind in kinds.items() if isinstance(part, kind)):
                found.add(owner)
                mark = client_reader(owner)(part)
                assert any(mark is one for one in marks_of(genai)), owner
                assert not any(mark is one for one in marks_of(other)), owner
    assert kinds.keys() - found == set()


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("early", [True, False], ids=["made before", "made after"])
@pytest.mark.skipif(sdk_version() < SIMPLE.since, reason="this SDK has no interactions")
def test_interactions(how: How, early: bool, fake: FakeGemini, telemetry: Watched):
    """Interactions of the client are traced, and those of another are not."""
    ours, other = (client(fake.play(SIMPLE)) for _ in range(2))
    made = [(one.interactions, one.aio.interactions) for one in (ours, other) if early]
    trace(ours, telemetry)
    assert len(made) == 2 * early
    for one in (other, ours):
        interact(how, one)
    assert names_of(telemetry) == ["generate_content"]
    close(ours)
    close(other)


def interact(how: How, genai: Any) -> None:
    """Create an interaction, and read it if it streams."""
    asked = {"model": "gemini-2.5-flash", "input": "Why?", "stream": shape_of(how) == "stream"}

    async def interact_async() -> None:
        answer = await genai.aio.interactions.create(**asked)
        if asked["stream"]:
            async for _ in answer:
                pass

    if how.startswith("async"):
        asyncio.run(interact_async())
    else:
        answer = genai.interactions.create(**asked)
        list(answer if asked["stream"] else [])


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("method", CALLS)
def test_other_calls(method: str, asynchronous: bool, two: tuple[Any, Any], telemetry: Watched):
    """So are all its other calls, whatever becomes of them."""
    ours, other = two
    trace(ours, telemetry)
    for one in (other, ours):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            refused(one, method, asynchronous)
    assert len(telemetry.ended) == 1


def refused(genai: Any, method: str, asynchronous: bool) -> None:
    """Call a method that the service refuses."""
    part, _, name = method.partition(".")
    call = getattr(getattr(genai.aio if asynchronous else genai, part), name)

    async def call_async() -> None:
        await call(**CALLS[method])

    with pytest.raises(Exception, match=r"Not yours|only supported in"):
        asyncio.run(call_async()) if asynchronous else call(**CALLS[method])


@pytest.mark.parametrize(("reads", "traced"), [(True, ["get_model"]), (False, [])])
def test_settings_that_choose(
    reads: bool, traced: list[str], two: tuple[Any, Any], telemetry: Watched
):
    """Settings that choose among calls hold for the client that they were said for."""
    ours = trace(two[0], telemetry, trace_reads=reads)
    with pytest.raises(Exception, match="Not yours"):
        ours.models.get(model="gemini-2.5-flash")
    assert names_of(telemetry) == traced


def test_embeddings(fake: FakeGemini, telemetry: Watched):
    """A call that succeeds is told whole."""
    ours = trace(client(fake.play(EMBED_ONE)), telemetry)
    ours.models.embed_content(model="gemini-embedding-001", contents="Why?")
    assert telemetry.the_span().attributes["gcp.gen_ai.embeddings.count"] == 1
    close(ours)
