"""The table of surfaces.

A new surface joins by one entry: a strategy for its calls with the answers they meet, and what
drives it.
"""

from __future__ import annotations

from differential.deciding import DECIDING
from differential.generating import GENERATING
from differential.interacting import INTERACTING
from differential.keeping import KEEPING
from differential.managing import MANAGING
from differential.picturing import PICTURING
from differential.surface import Surface
from differential.working import WORKING

SURFACES: dict[str, Surface] = {
    **GENERATING,
    **INTERACTING,
    **DECIDING,
    **PICTURING,
    **WORKING,
    **KEEPING,
    **MANAGING,
}
