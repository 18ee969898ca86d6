"""The tables of the documents against the package."""

import subprocess
import sys
from collections import Counter

import pytest
import reference
import reference_texts as texts

from conformance.table import ATTRIBUTES, METRICS, RETIRED_METRICS
from docs import DOCUMENTS, ROOT
from opentelemetry_instrumentation_gemini._emit.names import NAMED_MODALITIES

DESCRIBED = {
    name.format(modality): text
    for group in texts.ATTRIBUTES.values()
    for name, text in group.items()
    for modality in NAMED_MODALITIES
}


def test_the_tables_are_current():
    """What the documents say is what the package has: run scripts/reference.py after a change."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "reference.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_table_stands_in_exactly_one_place():
    """No table is written twice or nowhere, and no place waits for a table that does not exist."""
    places = Counter(
        found["name"] for text in DOCUMENTS.values() for found in reference.PLACE.finditer(text)
    )
    assert places == dict.fromkeys(reference.TABLES, 1)


def test_a_table_that_is_out_of_date_is_written_anew():
    """Only what stands between the two marks changes, and writing again changes nothing."""
    document = "Before\n<!-- table events: -->\nOld.\n<!-- end -->\nAfter\n"
    written = reference.filled(document)
    assert written.startswith("Before\n<!-- table events: ")
    assert written.endswith("\n<!-- end -->\nAfter\n")
    assert "Old." not in written
    assert "| `exception` |" in written
    assert reference.filled(written) == written


def test_a_place_for_an_unknown_table_is_refused():
    """A misspelt mark is no silent gap."""
    with pytest.raises(KeyError, match="setings"):
        reference.filled("<!-- table setings: -->\n<!-- end -->\n")


@pytest.mark.parametrize(
    ("named", "described"),
    [
        pytest.param(
            reference.emitted_names(), {*DESCRIBED, *texts.METRICS, *texts.EVENTS}, id="names"
        ),
        pytest.param({one.name for one in reference.instruments()}, {*texts.METRICS}, id="metrics"),
        pytest.param(reference.operations(), {*texts.OPERATIONS}, id="operations"),
        pytest.param({hook.surface for hook in reference.HOOKS}, {*texts.SURFACES}, id="surfaces"),
    ],
)
def test_every_name_has_a_text(named, described):
    """A name without a text, and a text without a name, belong in scripts/reference_texts.py."""
    assert named == described


def test_each_attribute_is_described_once():
    """An attribute stands in one group."""
    described = Counter(name for group in texts.ATTRIBUTES.values() for name in group)
    assert described == dict.fromkeys(described, 1)


def test_the_types_are_those_of_the_conventions():
    """Where the conventions give an attribute a type, the table says the same."""
    same = {"enum": "string", "any": "JSON"}
    common = DESCRIBED.keys() & ATTRIBUTES.keys()
    wanted = {name: same.get(ATTRIBUTES[name], ATTRIBUTES[name]) for name in common}
    assert {name: DESCRIBED[name].type for name in common} == wanted
    assert len(common) > 40


def test_the_metrics_are_those_of_the_conventions():
    """Instrument, unit and buckets in the table are what the conventions ask for."""
    known = {**METRICS, **RETIRED_METRICS}
    for one in reference.instruments():
        metric = known[one.name]
        assert (one.kind, one.unit) == (metric.instrument, metric.unit)
        assert one.boundaries == pytest.approx(metric.buckets)
