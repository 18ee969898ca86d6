"""The command; the package's docstring says how it measures."""

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

from .measure import Result, measure
from .peers import compare
from .profiling import print_profile
from .report import finding_row, header, row, scale, write_json
from .resources import Finding, find_growth, find_memory
from .scenarios import SCENARIOS, Scenario
from .startup import find_startup

_JSON = Path(".cache/benchmarks.json")


def main() -> None:
    """Measure what is asked for, print it and write it down."""
    options = _options()
    # The SDK warns once about tool loops; the table is what is to be read here.
    logging.getLogger("google_genai").setLevel(logging.ERROR)
    scenarios = [scenario for scenario in SCENARIOS if options.only in scenario.name]
    if options.peers:
        compare(scenarios, options.peers, options.seconds)
    elif options.profile is not None:
        for scenario in SCENARIOS:
            if options.profile in scenario.name:
                print_profile(scenario)
    else:
        results = _print_calls(scenarios, options.seconds)
        findings = [] if options.only else _print_findings(options.seconds)
        write_json(options.json, results, findings)
        print(f"\nWritten to {options.json}")


def _print_calls(scenarios: Sequence[Scenario], seconds: float) -> list[Result]:
    print(*header(), sep="\n")
    results: list[Result] = []
    for scenario in scenarios:
        results.append(measure(scenario, seconds))
        print(row(results[-1]), flush=True)
    print("", *scale(results), sep="\n")
    return results


def _print_findings(seconds: float) -> list[Finding]:
    print()
    findings = [*find_memory(), *find_growth(seconds), *find_startup()]
    print(*map(finding_row, findings), sep="\n")
    return findings


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description="What tracing costs.")
    parser.add_argument("--only", default="", help="scenarios with this in their names")
    parser.add_argument("--seconds", type=float, default=6, help="for each scenario")
    parser.add_argument("--json", type=Path, default=_JSON, help="where the figures go")
    parser.add_argument("--profile", help="profile the scenarios with this in their names")
    parser.add_argument("--peers", nargs="+", help="Pythons of environments with other products")
    return parser.parse_args()


if __name__ == "__main__":
    main()
