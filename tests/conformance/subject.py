"""What a rule looks at, and the rules that spans, metric points and events have in common."""

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import content, table
from .content import shown

_CUSTOM_LIST = "opentelemetry_instrumentation_gemini._emit.names"


@dataclass(frozen=True)
class Options:
    """What a run may do beyond the conventions, because its settings ask for it."""

    allow_ok: bool = False
    """Spans may carry status OK, as they do on their way to MLflow."""
    also: tuple[str, ...] = ()
    """Prefixes of attribute names that the application itself set."""
    retired: bool = False
    """The retired metric names are on."""


@dataclass(frozen=True)
class Subject:
    """One span, metric point or event, with the entry of the table it is held against."""

    where: str
    """How a message names it."""
    kind: str
    """What it is called in the table: a span type, a metric or an event."""
    levels: Mapping[str, str]
    attributes: Mapping[str, Any]
    item: Any
    options: Options = field(default_factory=Options)

    @property
    def operation(self) -> str | None:
        """The operation's name, if there is one."""
        return operation_of(self.attributes)


def operation_of(attributes: Mapping[str, Any]) -> str | None:
    """Read the operation's name; anything but text counts as none."""
    name = attributes.get("gen_ai.operation.name")
    return name if isinstance(name, str) else None


Rule = Callable[[Subject], Iterable[str]]


def apply(rules: Iterable[Rule], subject: Subject) -> list[str]:
    """Run rules; each message names the subject, the rule and, in its text, the attribute."""
    return [f"{subject.where} [{rule.__name__}] {text}" for rule in rules for text in rule(subject)]


def registered_name(name: str) -> str:
    """Reduce a name made from a template to the template's own name."""
    template = "gen_ai.prompt.variable"
    return template if name.startswith(f"{template}.") else name


def custom_operations() -> frozenset[str]:
    """Read the operation names that the package documents beside the enumeration's.

    Returns:
        The names, or nothing where the package has no such list.
    """
    try:
        return frozenset(importlib.import_module(_CUSTOM_LIST).CUSTOM_OPERATIONS)
    except (ImportError, AttributeError):
        return frozenset()


def foreign(scope: Any, names: Iterable[str]) -> bool:
    """Tell whether telemetry is somebody else's and none of the GenAI conventions' business."""
    ours = scope is not None and scope.name == table.SCOPE
    return not ours and not any(name.startswith("gen_ai.") for name in names)


def scope(scope: Any) -> Iterator[str]:
    """Hold an instrumentation scope against the package's name and schema URL."""
    name, url = (scope.name, scope.schema_url) if scope else (None, None)
    if name != table.SCOPE:
        yield f"scope name must be {table.SCOPE}, is {shown(name)}"
    if url != table.SCHEMA_URL:
        yield f"schema URL must be {table.SCHEMA_URL}, is {shown(url)}"


def registered(subject: Subject) -> Iterator[str]:
    """No name outside the registry and the documented namespaces."""
    retired = table.RETIRED_ATTRIBUTES if subject.options.retired else {}
    namespaces = (*table.OTHER_NAMESPACES, *subject.options.also)
    for name in subject.attributes:
        if name.startswith("gen_ai."):
            if registered_name(name) not in table.ATTRIBUTES and name not in retired:
                yield f"{name} is no attribute of the conventions"
        elif not name.startswith(namespaces):
            yield f"{name} is in none of the namespaces {content.joined(namespaces)}"


def listed(subject: Subject) -> Iterator[str]:
    """No registered attribute that this span type or event does not list."""
    beyond = table.BEYOND.get(subject.kind, ())
    for name in subject.attributes:
        known = registered_name(name)
        if known in table.ATTRIBUTES and known not in subject.levels and known not in beyond:
            yield f"{name} is not listed for {subject.kind}"


def required(subject: Subject) -> Iterator[str]:
    """Every required attribute."""
    for name, level in subject.levels.items():
        if level == "required" and subject.attributes.get(name) in (None, ""):
            yield f"{name} is required for {subject.kind}"


_TYPES: dict[str, Callable[[Any], bool]] = {
    "boolean": lambda value: type(value) is bool,
    "double": lambda value: type(value) is float,
    "enum": lambda value: type(value) is str,
    "int": lambda value: type(value) is int,
    "string": lambda value: type(value) is str,
    "string[]": lambda value: (
        isinstance(value, list | tuple) and all(type(each) is str for each in value)
    ),
    "template[string]": lambda value: type(value) is str,
}


def typed(subject: Subject) -> Iterator[str]:
    """Exactly the type of the conventions: a bool is no int, an int is no double."""
    types = {**table.ATTRIBUTES, **table.RETIRED_ATTRIBUTES}
    for name, value in subject.attributes.items():
        wanted = types.get(registered_name(name), "any")
        if wanted != "any" and not _TYPES[wanted](value):
            yield f"{name} must be {wanted}, is {shown(value)}"


def valued(subject: Subject) -> Iterator[str]:
    """Values of the enumerations, and of the attributes that are absent rather than false."""
    enums = {**table.ENUMS, **table.RETIRED_ENUMS, "gen_ai.provider.name": table.PROVIDERS}
    del enums["gen_ai.operation.name"]  # `operation` knows the names beside the enumeration's
    status = enums.pop("gen_ai.response.status")
    for name, value in subject.attributes.items():
        if name in table.ONLY_TRUE and value is not True:
            yield f"{name} must be true or absent, is {shown(value)}"
        elif name in enums and isinstance(value, str) and value not in enums[name]:
            yield f"{name} must be one of {content.joined(enums[name])}, is {shown(value)}"
    told = subject.attributes.get("gen_ai.response.status")
    if isinstance(told, str) and not table.OWN_STATUS.fullmatch(told):
        yield f"gen_ai.response.status must be one of {content.joined(status)}, is {shown(told)}"


def operation(subject: Subject) -> Iterator[str]:
    """An operation of the enumeration, or one of the package's documented list."""
    name = subject.operation
    if name is None or name in table.ENUMS["gen_ai.operation.name"]:
        return
    if name not in custom_operations():
        yield f"gen_ai.operation.name {name!r} is neither in the conventions nor in {_CUSTOM_LIST}"


def port(subject: Subject) -> Iterator[str]:
    """A port wherever there is an address."""
    if "server.address" in subject.attributes and "server.port" not in subject.attributes:
        yield "server.port is required because server.address is set"


COMMON: tuple[Rule, ...] = (registered, listed, required, typed, valued, operation, port)
