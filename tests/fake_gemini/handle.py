"""One listener's answers and its journal of what was asked and told."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from fake_gemini.recording import Request
from fake_gemini.reported import summed, usage_of
from fake_gemini.script import Json, Scenario, Step
from fake_gemini.wire import error_body, refusal

Answering = Callable[[Request, Callable[[Request], Step]], Step]


@dataclass
class Handle:
    """An address of its own, what is answered there, and what has happened there so far."""

    url: str
    answering: Answering
    scenario: Scenario | None = None
    requests: list[Request] = field(default_factory=list)
    responses: list[list[Json]] = field(default_factory=list)
    """Per request the JSON documents that left whole: a body, or a stream's chunks."""

    @property
    def reported_usage(self) -> dict[str, int]:
        """Returns the tokens told so far: per response the last value of a field, then summed."""
        return summed(usage_of(documents) for documents in self.responses)


def scripted(scenario: Scenario, *, repeat: bool) -> Answering:
    """Answers with the scenario's replies in order; one request too many is a 501."""
    steps: Iterable[Step] = itertools.cycle(scenario.steps) if repeat else scenario.steps
    due = iter(steps)

    def answer(request: Request, _improvise: Callable[[Request], Step]) -> Step:
        step = next(due, None)
        if step is not None:
            return step
        message = (
            f"Scenario {scenario.name!r} has no reply left for {request.method} {request.path}."
        )
        return refusal(501, error_body(501, message))

    return answer
