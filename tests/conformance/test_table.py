"""The project's table says what the published conventions say."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from conformance import table

SHARED = Path(__file__).resolve().parents[3] / "shared"
MODEL = SHARED / "semconv" / "model"
FACTS = SHARED / "facts" / "semconv.md"

# What no Gemini client emits.
NOT_OURS = ("aws.", "gen_ai.server.", "mcp.", "openai.")

pytestmark = pytest.mark.skipif(
    not (SHARED / "semconv" / "resolved.json").exists(),
    reason="needs the published conventions in ../shared/semconv, which are not in the repository",
)


@pytest.fixture(name="published", scope="module")
def _published() -> dict[str, Any]:
    return json.loads((SHARED / "semconv" / "resolved.json").read_text())


def ours(entries: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the table leaves out."""
    return {name: entry for name, entry in entries.items() if not name.startswith(NOT_OURS)}


def levels(entry: dict[str, Any]) -> dict[str, str]:
    """Reduce a published entry to its attributes' levels."""
    return {name: each["level"] for name, each in entry["attributes"].items()}


def test_attributes_are_the_published_ones(published):
    """Every attribute of the registry is in the table with its type, and no other is."""
    wanted = {name: entry["type"] for name, entry in ours(published["attributes"]).items()}
    for section in ("spans", "events", "metrics"):
        for entry in ours(published[section]).values():
            wanted |= {name: each["type"] for name, each in entry["attributes"].items()}

    assert wanted == table.ATTRIBUTES


def test_enumerations_are_the_published_ones(published):
    """Every enumeration has the published members."""
    wanted = {
        name: set(entry["members"])
        for name, entry in ours(published["attributes"]).items()
        if entry["type"] == "enum"
    }

    assert wanted == table.ENUMS
    assert wanted["gen_ai.provider.name"] > table.PROVIDERS


def test_content_attributes_are_those_with_a_schema(published):
    """Exactly the attributes that have a JSON schema are read as content."""
    wanted = {name for name, entry in published["attributes"].items() if "json_schema" in entry}

    assert table.CONTENT.keys() == wanted


def test_spans_are_the_published_ones(published):
    """Every span type has the published kind, levels and sampling attributes."""
    wanted = ours(published["spans"])

    assert table.SPANS.keys() == wanted.keys()
    for name, entry in wanted.items():
        sampled = {key for key, each in entry["attributes"].items() if "sampling_relevant" in each}
        assert table.SPANS[name].kinds[0] == entry["kind"], name
        assert table.SPANS[name].levels == levels(entry), name
        assert table.SPANS[name].sampled == sampled, name


def test_span_names_are_keyed_as_published(published):
    """The attribute after the operation is the one that the published name pattern has."""
    for name, entry in ours(published["spans"]).items():
        keys = set(re.findall(r"\{([a-z_.]+)\}", entry["name"])) - {"gen_ai.operation.name"}

        assert keys == {table.SPANS[name].keyed_by} - {None}, name


def test_every_operation_has_a_span_type(published):
    """Each published operation is classified; beside them only interactions are."""
    published_operations = set(published["attributes"]["gen_ai.operation.name"]["members"])

    assert table.OPERATIONS.keys() - published_operations == {"interactions"}
    assert published_operations <= table.OPERATIONS.keys()
    assert {name for types in table.OPERATIONS.values() for name in types} == table.SPANS.keys()


def test_metrics_are_the_published_ones(published):
    """Every client metric has the published instrument, unit, value type and levels."""
    wanted = {
        name: (entry["instrument"], entry["unit"], entry["value_type"], levels(entry))
        for name, entry in ours(published["metrics"]).items()
    }

    assert {
        name: (entry.instrument, entry.unit, entry.value_type, entry.levels)
        for name, entry in table.METRICS.items()
    } == wanted


def test_buckets_are_the_published_ones():
    """Every histogram has the boundaries of the facts' table of metrics."""
    if not FACTS.exists():
        pytest.skip("needs the facts in ../shared/facts, which are not in the repository")
    rows = re.findall(
        r"^\| `([a-z_.]+)` \| histogram .*? \| (\[[^]]+\]) \|", FACTS.read_text(), re.MULTILINE
    )
    wanted = {name: tuple(json.loads(bounds)) for name, bounds in ours(dict(rows)).items()}

    assert {name: entry.buckets for name, entry in table.METRICS.items() if entry.buckets} == wanted


def test_events_are_the_published_ones(published):
    """Every event has the published levels."""
    assert {name: entry.levels for name, entry in table.EVENTS.items()} == {
        name: levels(entry) for name, entry in published["events"].items()
    }


def test_severities_and_schema_url_are_the_published_ones():
    """Severity numbers and the schema URL stand in the published model files."""
    blocks = (MODEL / "gen-ai" / "events.yaml").read_text().split("  - name: ")[1:]
    numbers = {block.split()[0]: re.search(r"severity number (\d+)", block) for block in blocks}
    severities = {name: int(found[1]) if found else None for name, found in numbers.items()}

    assert {name: entry.severity for name, entry in table.EVENTS.items()} == severities
    assert table.SCHEMA_URL in (MODEL / "manifest.yaml").read_text()
