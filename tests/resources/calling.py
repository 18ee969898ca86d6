"""Calls of the SDK beside text generation: what is asked, answered, and told of it."""

from __future__ import annotations

import asyncio
import copy
import inspect
import warnings
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pytest

from fake_gemini import Scenario, client, sdk_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fake_gemini import FakeGemini, Handle, Step

WAYS = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
SECRET = "Zinfandel"
"""Stands in whatever is content, or secret."""
HERE = "here"
"""As a value of what a span says: that it is there, whatever it is."""


@dataclass(frozen=True)
class Case:
    """One call, the answers that it meets, and what its one span says."""

    method: str
    asked: Mapping[str, Any]
    steps: tuple[Step, ...]
    span: str
    says: Mapping[str, Any] = field(default_factory=dict)
    vertex: bool = False
    reads: bool = False
    since: tuple[int, int] = (1, 32)
    version: str | None = None
    """Version of the API, where the method is only in that one."""

    @property
    def name(self) -> str:
        """Returns what pytest shows."""
        return f"{self.method}-{'vertex' if self.vertex else 'gemini'}"


def shown(cases: tuple[Case, ...]) -> list[Any]:
    """Returns the cases that the SDK at hand knows, as parameters of a test."""
    known = [case for case in cases if case.since <= sdk_version()]
    return [pytest.param(case, id=case.name) for case in known]


def play(fake: FakeGemini, *steps: Step) -> Handle:
    """Returns an address at which these answers come in order, whatever is asked."""
    return fake.play(Scenario("story", steps, ()))


def client_of(case: Case, handle: Handle) -> Any:
    """Returns a client as the case needs it."""
    options: dict[str, Any] = {"retry_options": {"attempts": 1}}
    if case.version is not None:
        options["api_version"] = case.version
    return client(handle, vertex=case.vertex, **options)


def call(genai: Any, asynchronous: bool, method: str, **asked: Any) -> Any:
    """Call a method by its dotted name on a client, or on its async twin."""
    asked = copy.deepcopy(asked)
    if not asynchronous:
        return attrgetter(method)(genai)(**asked)

    async def ask() -> Any:
        result = attrgetter(method)(genai.aio)(**asked)
        return await result if inspect.isawaitable(result) else result

    return asyncio.run(ask())


def seen(case: Case, asynchronous: bool, fake: FakeGemini, *steps: Step) -> list[Any]:
    """Make the call and return all that its program and the service notice of it."""
    handle = play(fake, *(steps or case.steps))
    genai = client_of(case, handle)
    _warn_again(attrgetter(case.method)(genai.aio if asynchronous else genai))
    result = error = None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            result = call(genai, asynchronous, case.method, **case.asked)
        except Exception as raised:  # noqa: BLE001 - it is compared
            error = raised
    asked = [(one.method, one.path, one.query, one.body) for one in handle.requests]
    warned = [(one.category.__name__, one.filename, one.lineno) for one in caught]
    return [_plain(result), type(error), str(error), asked, warned]


def _warn_again(method: Any) -> None:
    """Have a decorator of the SDK warn anew, which it does once in a process."""
    function = method.__func__
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    if "warning_done" in cells:
        cells["warning_done"].cell_contents = False


def _plain(result: Any) -> Any:
    if hasattr(result, "page"):
        return [type(result), [item.model_dump() for item in result.page]]
    if not hasattr(result, "model_dump"):
        return result
    told = result.model_dump()
    # It says when it was sent.
    told.pop("sdk_http_response", None)
    return told


def texts_of(telemetry: Any) -> str:
    """Returns everything that left the process, as one text."""
    spans = [span.to_json() for span in telemetry.ended]
    return "\n".join([*spans, *(record.to_json() for record in telemetry.logs())])
