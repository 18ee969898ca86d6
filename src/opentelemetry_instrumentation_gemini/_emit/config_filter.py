"""Which fields of a config are recorded, by the variables that users of other plugins know."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from opentelemetry_instrumentation_gemini._facts.calls import Value

from . import names
from .text import clean_text

ConfigFilter = Callable[[Mapping[str, Value]], Iterator[tuple[str, Value]]]
"""Yields the attributes for those of a config's fields that are wanted."""

MOST = 32
"""Attributes that may come of a config, and again of what in it quotes content."""


def make_config_filter(includes: Iterable[str], excludes: Iterable[str]) -> ConfigFilter | None:
    """Return a filter for the given attribute names, or `None` if nothing is included.

    It yields `MOST` attributes and no more: of a span with very many, OpenTelemetry drops the
    oldest, which are those that say what the span is.

    Args:
        includes: Names of `gcp.gen_ai.operation.config.*` attributes; `*` stands for any text.
        excludes: The same, for what is left out again.
    """
    included, excluded = _pattern(includes), _pattern(excludes)
    if included is None:
        return None

    def wanted(fields: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
        for path, value in fields.items():
            name = names.CONFIG_PREFIX + path
            if included.fullmatch(name) and not (excluded and excluded.fullmatch(name)):
                yield clean_text(name), value

    return lambda fields: islice(wanted(fields), MOST)


def _pattern(wildcards: Iterable[str]) -> re.Pattern[str] | None:
    alternatives = "|".join(re.escape(name).replace(r"\*", ".*") for name in wildcards)
    return re.compile(alternatives, re.DOTALL) if alternatives else None
