"""A future SDK: what moved is reported once, and everything else goes on."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from matrix.future_sdk import VERSION

TESTS = Path(__file__).resolve().parent.parent
ROUNDS = {"generate_content": 8}
TOOLS = {"execute_tool": 2}
LOOPS = {"invoke_agent": 2}
REST = {"count_tokens": 1, "embeddings": 1}
BILLED = 100
"""Output tokens of four plain answers and of two loops with two rounds each."""
STREAMED = 30

# For each change the spans that remain, and what the plugin says, in the order in which it does.
EXPECTED: dict[str, tuple[dict[str, int], tuple[str, ...]]] = {
    "nothing": ({**ROUNDS, **TOOLS, **LOOPS, **REST}, ()),
    "public_method_renamed": (
        {**ROUNDS, **TOOLS, **LOOPS, "embeddings": 1},
        (".Models.count_tokens", ".AsyncModels.count_tokens"),
    ),
    "tool_helper_renamed": (
        {**ROUNDS, **LOOPS, **REST},
        ("_extra_utils.invoke_function_from_dict_args",),
    ),
    "tool_module_moved": ({**ROUNDS, **LOOPS, **REST}, ("_extra_utils",)),
    "adapters_moved": ({**ROUNDS, **TOOLS, **LOOPS, **REST}, ("_adapters",)),
    "signatures_changed": ({**ROUNDS, **TOOLS, **LOOPS, **REST}, ()),
    "fields_renamed": ({**ROUNDS, **TOOLS, **LOOPS, **REST}, ()),
    "methods_are_properties": ({**ROUNDS, **TOOLS, **LOOPS, **REST}, ()),
}


def played(change: str) -> dict[str, Any]:
    """Run the changed SDK in a process of its own; its user must not notice the plugin."""
    done = subprocess.run(
        [sys.executable, "-m", "matrix.future_sdk", change],
        cwd=TESTS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["traced"] == report["without"]
    assert len(set(report["lines"])) == len(report["lines"])
    return report


def operations(report: dict[str, Any]) -> dict[str, int]:
    """Count the spans by operation."""
    return dict(Counter(operation for operation, _ in report["spans"]))


@pytest.mark.parametrize("change", EXPECTED)
def test_the_rest_goes_on(change: str) -> None:
    """Each missing target is one warning; all other calls are traced and every token counted."""
    spans, said = EXPECTED[change]
    report = played(change)
    assert operations(report) == spans
    assert sum(tokens or 0 for _, tokens in report["spans"]) == BILLED
    assert len(report["lines"]) == len(said), report["lines"]
    for line, target in zip(report["lines"], said, strict=True):
        assert target in line
        assert VERSION in line


def test_a_loop_that_hides_its_rounds_counts_nothing() -> None:
    """On the public methods alone a loop's rounds cannot be told apart: no number, one warning."""
    report = played("private_layers_renamed")
    told = [tokens for operation, tokens in report["spans"] if operation == "generate_content"]
    assert told[:4] == [15, 15, 15, 15]
    assert set(told[4:]) <= {None, 12, 8}
    assert None in told
    assert ["no token counts" in line for line in report["lines"]] == [True]


def test_a_renamed_class_loses_only_its_loop() -> None:
    """Without the hooks on chats a chat's rounds are traced all the same."""
    report = played("class_renamed")
    assert operations(report)["generate_content"] == 8
    assert sum(tokens or 0 for _, tokens in report["spans"]) == BILLED
    assert [line.count(".Chat.send_message") for line in report["lines"]] == [1, 1]


def test_streams_of_another_kind_are_reported() -> None:
    """A stream that is no generator is handed on as it is, and that is said."""
    report = played("streams_are_objects")
    assert operations(report).items() >= {**TOOLS, **LOOPS, **REST}.items()
    assert sum(tokens or 0 for _, tokens in report["spans"]) == BILLED - STREAMED
    assert report["lines"]
    assert all("cannot be followed" in line for line in report["lines"])
