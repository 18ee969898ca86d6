"""Which fields of a config are recorded, by the variables that users of other plugins know."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from opentelemetry_instrumentation_gemini._facts.calls import Value

from . import names

ConfigFilter = Callable[[Mapping[str, Value]], Iterator[tuple[str, Value]]]
"""Yields the attributes for those of a config's fields that are wanted."""


def make_config_filter(includes: Iterable[str], excludes: Iterable[str]) -> ConfigFilter | None:
    """Return a filter for the given attribute names, or `None` if nothing is included.

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
                yield name, value

    return wanted


def _pattern(wildcards: Iterable[str]) -> re.Pattern[str] | None:
    alternatives = "|".join(re.escape(name).replace(r"\*", ".*") for name in wildcards)
    return re.compile(alternatives, re.DOTALL) if alternatives else None
