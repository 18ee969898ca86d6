"""Write the tables of docs/ from the package's own tables.

    python scripts/reference.py            write them
    python scripts/reference.py --check    only say which are out of date, and fail if any is

A table stands between `<!-- table NAME: … -->` and `<!-- end -->`.
"""

import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, NamedTuple

import reference_texts as texts
import sdk_methods

from opentelemetry_instrumentation_gemini import _dialects
from opentelemetry_instrumentation_gemini._dialects import mlflow
from opentelemetry_instrumentation_gemini._emit import metrics, names, spans
from opentelemetry_instrumentation_gemini._facts.calls import Request
from opentelemetry_instrumentation_gemini._patching.table import HOOKS
from opentelemetry_instrumentation_gemini._reading import finish
from opentelemetry_instrumentation_gemini._settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PACKAGE = ROOT / "src" / "opentelemetry_instrumentation_gemini"
PYPROJECT = ROOT / "pyproject.toml"
LAYERS = re.DOTALL | re.MULTILINE
DEPTH = len(PACKAGE.parts) + 1
MARK = "<!-- table {}: written by scripts/reference.py -->"
PLACE = re.compile(r"<!-- table (?P<name>[\w-]+): .*?-->\n.*?<!-- end -->", re.DOTALL)

EMITTED = re.compile(
    r"(gen_ai|gcp|mlflow|error|exception|http|server|session|url|user)(\.[A-Za-z_]+)*"
)
"""How every name that leaves the process looks; prefixes and addresses do not."""


class Instrument(NamedTuple):
    """What the package asks of a meter."""

    kind: str
    name: str
    unit: str
    boundaries: tuple[float, ...] = ()


class Listing:
    """Takes a meter's place and keeps what is asked of it."""

    def __init__(self) -> None:
        self.instruments: list[Instrument] = []

    def create_counter(self, name: str, unit: str) -> None:
        """Keep a counter."""
        self.instruments.append(Instrument("counter", name, unit))

    def create_histogram(
        self, name: str, unit: str, *, explicit_bucket_boundaries_advisory: Iterable[float]
    ) -> None:
        """Keep a histogram."""
        boundaries = tuple(explicit_bucket_boundaries_advisory)
        self.instruments.append(Instrument("histogram", name, unit, boundaries))


def instruments() -> list[Instrument]:
    """Return every instrument of the package, in the order of the texts."""
    listing = Listing()
    metrics.Metrics(listing, retired=True)  # type: ignore[arg-type]
    order = list(texts.METRICS)
    return sorted(
        listing.instruments, key=lambda one: order.index(one.name) if one.name in order else -1
    )


def operations() -> set[str]:
    """Return every operation that the package knows."""
    listed = (names.CUSTOM_OPERATIONS, names.INFERENCE_OPERATIONS, names.PLAIN_OPERATIONS)
    return set(mlflow._SPAN_TYPES).union(*listed)  # noqa: SLF001


def emitted_names() -> set[str]:
    """Return every name of an attribute, a metric or an event in the package."""
    dialects = [
        import_module(f"{_dialects.__name__}.{module.name}")
        for module in iter_modules(_dialects.__path__)
    ]
    return {name for module in (names, *dialects) for name in _strings(_public(module))}


def _public(module: ModuleType) -> list[Any]:
    return [value for name, value in vars(module).items() if name.isupper() and name[0] != "_"]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if EMITTED.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _strings(item)


def settings_table() -> str:
    """Return every setting with its variable and default."""
    rows = [
        (
            code(item.name),
            code(item.metadata["variable"]) if item.metadata["variable"] else "none",
            _default(item.default),
            item.metadata["text"],
        )
        for item in fields(Settings)
    ]
    return table(("Keyword", "Environment variable", "Default", "What it does"), rows)


def _default(value: Any) -> str:
    if value is None:
        return "unset"
    if isinstance(value, tuple):
        return ", ".join(map(code, value)) or "nothing"
    return code(str(value).lower() if isinstance(value, bool) else value)


def operations_table() -> str:
    """Return every operation with the kind and the types of its spans."""
    rows = [
        (
            code(operation),
            "INTERNAL" if spans.is_internal(Request(operation)) else "CLIENT",
            mlflow._SPAN_TYPES.get(operation, "none"),  # noqa: SLF001
            text,
        )
        for operation, text in texts.OPERATIONS.items()
    ]
    return table(("Operation", "Span kind", "MLflow type", "What it is"), rows)


def attributes_table(group: str) -> str:
    """Return the attributes of one group."""
    rows = [
        (code(name.replace("{}", "<modality>")), text.type, text.text)
        for name, text in texts.ATTRIBUTES[group].items()
    ]
    return table(("Attribute", "Type", "What it says"), rows)


def metrics_table() -> str:
    """Return every metric with its instrument and unit."""
    rows = [
        (code(one.name), one.kind, code(one.unit), _range(one), texts.METRICS.get(one.name, ""))
        for one in instruments()
    ]
    return table(("Metric", "Instrument", "Unit", "Buckets", "What it measures"), rows)


def _range(instrument: Instrument) -> str:
    bounds = instrument.boundaries
    return f"{bounds[0]:,} to {bounds[-1]:,}, {len(bounds)} bounds" if bounds else "none"


def events_table() -> str:
    """Return every event."""
    return table(
        ("Event", "What it is"), [(code(name), text) for name, text in texts.EVENTS.items()]
    )


def finish_reasons_table() -> str:
    """Return the words for Gemini's finish reasons."""
    values = defaultdict(list)
    for value, word in finish._REASONS.items():  # noqa: SLF001
        values[word].append(code(value))
    rows = [(code(word), ", ".join(found)) for word, found in values.items()]
    rows += [
        (code(finish.TOOL_CALL), "`STOP` of a candidate that calls a function"),
        (code(finish.ERROR), "none: the generation broke off, or its reader left"),
        ("the value in lower case", "every other one, also those that are not known yet"),
    ]
    return table(("Recorded", "Gemini's value"), rows)


def hooks_tables() -> str:
    """Return one table of hooked methods for each surface."""
    by_surface = defaultdict(list)
    for hook in HOOKS:
        preferred, *others = (
            ".".join(part for part in (hook.owner, name) if part) for name in hook.names
        )
        names_of = (code(hook.module), code(preferred), ", ".join(map(code, others)) or "none")
        by_surface[hook.surface].append((*names_of, hook.shape.value, hook.since))
    headings = ("Module", "Method", "Where it is absent", "Shape", "Since")
    return "\n\n".join(
        f"### `{surface}`\n\n{texts.SURFACES.get(surface, '')}\n\n{table(headings, rows)}"
        for surface, rows in by_surface.items()
    )


def coverage_table() -> str:
    """Return every method of the SDK that is traced."""
    headings = ("Method", "Span", "Ways", "Stream", "Content", "Usage", "Traced")
    return table(headings, sdk_methods.traced_rows(sdk_methods.methods()))


def untraced_table() -> str:
    """Return every method of the SDK that is not traced, and why."""
    return table(("Method", "Why not"), sdk_methods.untraced_rows(sdk_methods.methods()))


def modules_list() -> str:
    """Return the package's modules with the first line of what each says about itself."""
    paths = sorted(PACKAGE.rglob("*.py"), key=lambda path: (len(path.parts) > DEPTH, path))
    lines = []
    for path in paths:
        relative = path.relative_to(PACKAGE)
        package = relative.name == "__init__.py" and relative.parent.name
        name = f"{package}/" if package else str(relative)
        summary = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")
        lines.append(f"{name:32}{summary[0]}".rstrip())
    return "\n".join(["```text", *lines, "```"])


def layers_list() -> str:
    """Return the layers that import-linter enforces, the highest first."""
    contract = re.search(r"^layers = \[(.*?)\]", PYPROJECT.read_text(encoding="utf-8"), LAYERS)
    found = re.findall(r'"(.*?)"', contract[1]) if contract else []
    return "\n".join(["```text", *found, "```"])


def code(value: Any) -> str:
    """Return *value* as Markdown code."""
    return f"`{value}`"


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    headings = tuple(headings)
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


TABLES: dict[str, Callable[[], str]] = {
    "settings": settings_table,
    "operations": operations_table,
    "metrics": metrics_table,
    "events": events_table,
    "finish-reasons": finish_reasons_table,
    "hooks": hooks_tables,
    "coverage": coverage_table,
    "untraced": untraced_table,
    "modules": modules_list,
    "layers": layers_list,
    **{
        f"attributes-{group}": lambda group=group: attributes_table(group)
        for group in texts.ATTRIBUTES
    },
}


ABOUT_THE_SDK = ("coverage", "untraced")
"""The tables that depend on the SDK at hand; another one than the tested leaves them alone."""


def filled(document: str) -> str:
    """Return *document* with every table in it written anew; an unknown name is a KeyError."""

    def fill(found: re.Match[str]) -> str:
        name = found["name"]
        if name in ABOUT_THE_SDK and not sdk_methods.is_tested():
            return found[0]
        return f"{MARK.format(name)}\n\n{TABLES[name]()}\n\n<!-- end -->"

    return PLACE.sub(fill, document)


def stale_documents() -> dict[Path, str]:
    """Return what has to be written where."""
    documents = {path: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}
    current = {path: filled(document) for path, document in documents.items()}
    return {path: text for path, text in current.items() if text != documents[path]}


def main() -> int:
    """Write the tables, or check them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if out of date")
    check = parser.parse_args().check
    stale = stale_documents()
    for path, text in stale.items():
        print(f"{path.name} {'is out of date' if check else 'written'}")
        if not check:
            path.write_text(text, encoding="utf-8")
    if check and stale:
        print("Run python scripts/reference.py, read what changed, and commit it.")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
