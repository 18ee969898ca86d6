"""Other products on the same calls, each in an environment of its own.

Their requirements exclude each other, and some exclude the newest SDK, so that each environment
has the newest SDK that its product allows. In the project's folder:

    uv venv .venvs/official
    uv pip install -p .venvs/official . opentelemetry-sdk \
        'google-genai<3' opentelemetry-instrumentation-google-genai
    uv venv .venvs/openinference
    uv pip install -p .venvs/openinference . opentelemetry-sdk google-genai \
        openinference-instrumentation-google-genai
    python -m benchmarks --peers .venvs/official/bin/python .venvs/openinference/bin/python

The plugin is measured in each of them too, beside the product. Since some products read the
request where the SDK sends it, it is the whole call through the transport whose difference is
taken here; it is noisier than the plugin's own figures.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from .bench import Bench
from .measure import INSTRUMENTED, PLAIN, ready
from .rounds import added, interleave
from .scenarios import SCENARIOS, Scenario
from .subjects import GEMINI, installed

_CONTENT_ON = {
    "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "SPAN_ONLY",
    "OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_latest_experimental",
}
_COLUMNS = "{:<26}{:<16}{:>10}{:>10}{:>10}"

Figures = dict[str, dict[str, float]]
"""Product → scenario → added microseconds."""


def compare(scenarios: Sequence[Scenario], pythons: Sequence[str], seconds: float) -> None:
    """Print what the products in the environments of *pythons* add to each call."""
    print(_COLUMNS.format("scenario", "product", "added us", "ours us", "x ours"))
    # None of the others traces a session.
    names = [one.name for one in scenarios if one.floored and not one.session]
    for python in pythons:
        command = [python, "-m", "benchmarks.peers", str(seconds), *names]
        output = subprocess.run(
            command, env={**os.environ, **_CONTENT_ON}, stdout=subprocess.PIPE, check=True
        ).stdout
        figures: Figures = json.loads(output)
        ours = figures.pop(GEMINI)
        for product, costs in figures.items():
            for name, micros in costs.items():
                times = f"{micros / ours[name]:.1f}"
                print(
                    _COLUMNS.format(name, product, f"{micros:.0f}", f"{ours[name]:.0f}", times),
                    flush=True,
                )


def _figures(seconds: float, names: Sequence[str]) -> Figures:
    scenarios = [scenario for scenario in SCENARIOS if scenario.name in names]
    return {
        product: {scenario.name: _added(scenario, product, seconds) for scenario in scenarios}
        for product in installed()
    }


def _added(scenario: Scenario, product: str, seconds: float) -> float:
    with closing(Bench(scenario, product)) as bench:
        variants: dict[str, Any] = {
            PLAIN: bench.call_plain,
            INSTRUMENTED: bench.call_instrumented,
        }
        with bench.instrumented(scenario.providers()):
            samples = interleave(ready(bench), variants, seconds)
    return added(samples, INSTRUMENTED, PLAIN).median


if __name__ == "__main__":
    json.dump(_figures(float(sys.argv[1]), sys.argv[2:]), sys.stdout)
