"""Links from later spans to the one that made what they are about.

An interaction that runs in the background is asked for again and again, perhaps in other traces:
each of these spans leads back to the one that began it.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock

from opentelemetry.trace import Link, SpanContext

_MOST = 1024
"""Names that are kept; the oldest go first."""

_made: OrderedDict[str, SpanContext] = OrderedDict()
_lock = Lock()


def remember(made: Iterable[str], maker: SpanContext) -> None:
    """Keep in mind which span *made* these, if it is one that can be linked to."""
    if not maker.is_valid:
        return
    with _lock:
        for name in made:
            _made[name] = maker
            _made.move_to_end(name)
        while len(_made) > _MOST:
            _made.popitem(last=False)


def links_to(origin: str) -> Sequence[Link]:
    """Return the link to the span that made *origin*, if this process remembers it."""
    with _lock:
        maker = _made.get(origin)
    return () if maker is None else (Link(maker),)
