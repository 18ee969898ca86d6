"""The table of what is traced, against the SDK at hand and against what calls really leave."""

import re

import pytest
import sdk_methods

from docs import DOCUMENTS
from opentelemetry_instrumentation_gemini._patching.table import HOOKS
from resources import generated, images, jobs, kept

METHODS = sdk_methods.methods()
BY_PATH = {method.path: method for method in METHODS}
CASES = [
    case
    for case in images.CASES + jobs.CASES + kept.CASES + generated.CASES
    if case.method in BY_PATH
]
AS_TESTED = pytest.mark.skipif(
    not sdk_methods.is_tested(),
    reason=f"docs/coverage.md is about google-genai {sdk_methods.TESTED}, which is not at hand",
)


class Newer:
    """A class of an SDK to come."""

    def invent(self):
        """Do what no SDK does yet."""


def test_every_method_is_traced_or_has_a_reason():
    """A method that a new SDK brings is a gap until it is hooked, or listed in sdk_methods.py."""
    gaps = {method.path for method in sdk_methods.untraced(METHODS)} - {*sdk_methods.REASONS}
    assert gaps == set()
    assert len(METHODS) > 70


def test_a_gap_is_noticed():
    """A method that is neither hooked nor listed is no silent omission."""
    found = [sdk_methods.Method("models.invent", Newer, None)]
    assert sdk_methods.untraced(found) == found
    with pytest.raises(KeyError, match="invent"):
        list(sdk_methods.untraced_rows(found))


def test_half_a_method_is_a_gap():
    """A method is traced only if its asynchronous twin is."""
    method = BY_PATH["models.generate_content"]
    assert method.hooks()
    assert not method._replace(asynchronous=Newer).hooks()


@AS_TESTED
def test_no_reason_is_left_over():
    """What is listed as not traced exists, and is not traced."""
    untraced = {method.path for method in sdk_methods.untraced(METHODS)}
    assert {*sdk_methods.REASONS} == untraced
    assert {*sdk_methods.BENEATH} <= {*BY_PATH}


@AS_TESTED
def test_the_document_lists_every_method():
    """Each method stands in one of the two tables, once."""
    text = DOCUMENTS["docs/coverage.md"]
    rows = re.findall(r"^\| `([\w.]+)`", text, re.MULTILINE)
    assert sorted(rows) == sorted([*BY_PATH, *sdk_methods.PLUMBING])
    assert f"google-genai {sdk_methods.TESTED}" in text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_operation_is_that_of_the_span(case):
    """What the table calls a method's span is what calling it over HTTP leaves."""
    (hook, *_) = BY_PATH[case.method].hooks()
    assert sdk_methods.operation_of(hook) == case.span.partition(" ")[0]
    assert hook.reads is case.reads


@AS_TESTED
def test_every_hook_on_media_jobs_and_resources_is_tried():
    """No hook stands untested: each has a call over HTTP."""
    about = ("images:", "jobs:", "management:")
    wanted = {hook.surface for hook in HOOKS if hook.surface.startswith(about)}
    assert {hook.surface for case in CASES for hook in BY_PATH[case.method].hooks()} == wanted
