"""What the documents name exists."""

import re
import sys
from dataclasses import fields

import pytest
from opentelemetry import environment_variables as api_variables
from opentelemetry.instrumentation import environment_variables as instrumentation_variables
from opentelemetry.sdk import environment_variables as sdk_variables
from opentelemetry.util.genai import environment_variables as genai_variables

from docs import BLOCKS, DOCUMENTS, PACKAGE, ROOT
from opentelemetry_instrumentation_gemini import Settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
CODE = re.compile(r"`([^`\n]+)`")
PLACE = re.compile(r"(?:src|tests|scripts|docs|examples|benchmarks|\.ci|_[a-z]+)/[\w./]*")
NO_PROSE = re.compile(r"^```.*?^```$|^\|[^\n]*|^<!--[^\n]*", re.DOTALL | re.MULTILINE)
LONGEST = 100


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name):
    """Every relative link names a file that is there, and a heading in it."""
    here = (ROOT / name).parent
    for path, anchor in LINK.findall(DOCUMENTS[name]):
        target = (here / path).resolve() if path else ROOT / name
        assert target.exists(), path
        if anchor:
            assert anchor in _anchors(target.read_text(encoding="utf-8")), anchor


def _anchors(text):
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_named_files_exist(name):
    """Every file and folder that a document names is in the repository or in the package."""
    named = [code for code in CODE.findall(DOCUMENTS[name]) if PLACE.fullmatch(code)]
    missing = [code for code in named if not any((at / code).exists() for at in (ROOT, PACKAGE))]
    assert missing == []


def test_named_variables_exist():
    """Every OTEL_ variable in a document is one of ours or one of OpenTelemetry's."""
    known = {item.metadata["variable"] for item in fields(Settings)}
    for module in (api_variables, instrumentation_variables, sdk_variables, genai_variables):
        known |= {name for name in vars(module) if name.startswith("OTEL_")}
    named = {
        found for text in DOCUMENTS.values() for found in re.findall(r"\bOTEL_\w*[A-Z]\b", text)
    }
    assert named - known == set()
    assert len(named) > 10


def test_named_make_targets_exist():
    """Every `make …` in a document is a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    texts = [code for text in DOCUMENTS.values() for code in CODE.findall(text)]
    texts += [line for block in BLOCKS for line in block.text.splitlines()]
    named = {target for text in texts for target in re.findall(r"^make ([a-z-]+)", text)}
    assert named >= {"demo", "test"}
    assert {target for target in named if f"\n{target}:" not in makefile} == set()


def test_every_dependency_has_its_reason():
    """decisions.md names each package that pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lists = [
        project["build-system"]["requires"],
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    packages = {re.match(r"[\w.-]+", one)[0] for asked in lists for one in asked}
    reasons = DOCUMENTS["docs/decisions.md"]
    assert {package for package in packages if not re.search(rf"\b{package}\b", reasons)} == set()


def test_contributing_is_one_page():
    """Who wants to help reads it to the end."""
    assert len(DOCUMENTS["CONTRIBUTING.md"].splitlines()) <= 80


@pytest.mark.parametrize("name", DOCUMENTS)
def test_lines_can_be_read_in_a_terminal(name):
    """Prose is wrapped; tables, blocks and the list of modules are not prose."""
    prose = NO_PROSE.sub("", DOCUMENTS[name])
    assert [line for line in prose.splitlines() if len(line) > LONGEST] == []
