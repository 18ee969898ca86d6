"""What a surface of the SDK is to the harness, and what all of them have in common."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from differential.configs import http_options
from differential.consuming import Drive
from differential.contents import formed
from differential.models import Recipe, model
from differential.program import NO_END
from differential.running import Play
from fake_gemini.script import Step


@dataclass(frozen=True)
class Surface:
    """One method of the SDK, or a few that a program calls one after the other."""

    plays: Recipe
    """Calls, each with the answers that it meets."""
    drive: Drive
    ends: Recipe = st.just(NO_END)  # noqa: RUF009 - strategies are immutable
    """What becomes of the result."""
    share: int = 1
    """How much of the cases it gets, compared with the others."""


model_names = st.sampled_from(
    ("gemini-2.5-flash",) * 16 + ("models/gemini-2.5-pro", "tunedModels/é", "", None, 5)
)
_ONCE = {"retry_options": {"attempts": 1}}
# Without options of its own the SDK may repeat a lost request after seconds.
_TWICE = {"retry_options": {"attempts": 2, "initial_delay": 0.001, "max_delay": 0.002, "jitter": 0}}
options = st.sampled_from((_ONCE, _ONCE, _ONCE, _TWICE))
rarely = st.sampled_from((False, False, False, True))


def config(kind: Any, **of: Recipe) -> Recipe:
    """Returns configs of this class in every form, none included; *of* is for single fields."""
    return st.none() | formed(model(kind, of={"http_options": http_options, **of}, most=2))


@dataclass(frozen=True)
class Method:
    """A method of a client, what it may be asked, and what the service may say to it."""

    path: str
    asked: dict[str, Recipe]
    answers: Recipe
    """Each draws the steps of one call."""
    sometimes: dict[str, Recipe] = field(default_factory=dict)
    """What it may be asked beside, or not."""


@st.composite
def sequences(draw: Any, methods: tuple[Method, ...], vertex: Recipe, faults: Recipe) -> Play:
    """Draws up to three calls of these methods, and the answers to them or what goes wrong."""
    called = draw(st.lists(st.sampled_from(methods), min_size=1, max_size=3))
    turns, steps = [], []
    for method in called:
        asked = {name: draw(recipe) for name, recipe in method.asked.items()}
        turns.append(asked | draw(st.fixed_dictionaries({}, optional=method.sometimes)))
        steps.extend([draw(faults)] if draw(rarely) else draw(method.answers))
    return Play(
        tuple(turns),
        tuple(steps),
        methods=tuple(method.path for method in called),
        vertex=draw(vertex),
        options=draw(options),
    )


def one(steps: Recipe) -> Recipe:
    """Returns a call's single step as its steps."""
    return steps.map(lambda step: (step,))


def with_headers(step: Step, *headers: tuple[str, str]) -> Step:
    """Returns a step with these headers, whatever it says."""
    return Step(
        unary=replace(step.unary, headers=headers), stream=replace(step.stream, headers=headers)
    )
