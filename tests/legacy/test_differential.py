"""Random programs, without the plugin and with it: nobody can tell the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st

from differential.many import CASES, new_source, plugin_settings, run_many
from legacy.comparing import Case, compare
from legacy.random_plays import SURFACES

if TYPE_CHECKING:
    from legacy.fake import Fake

QUICK, THOROUGH = 500, 5000
"""How many cases over all methods; the variable DIFFERENTIAL_CASES says otherwise."""


def compare_many(fake: Fake, name: str, wanted: int, source: str) -> None:
    """Run a method's share of so many cases."""
    surface = SURFACES[name]
    share = surface.share / sum(each.share for each in SURFACES.values())
    run_many(
        st.builds(Case, surface.plays, plugin_settings),
        lambda case: compare(fake, case),
        int(CASES or wanted) * share,
        f"{source} {name}",
    )


@pytest.mark.parametrize("name", SURFACES)
def test_nobody_can_tell_the_difference(name: str, fake: Fake):
    """Values, errors, frames, objects, bytes on the wire and side effects are those without us."""
    compare_many(fake, name, QUICK, "the same in every run")


@pytest.mark.slow
@pytest.mark.parametrize("name", SURFACES)
def test_nobody_can_tell_the_difference_in_long(name: str, fake: Fake):
    """The same over many more cases, which are others in every run."""
    compare_many(fake, name, THOROUGH, new_source())
