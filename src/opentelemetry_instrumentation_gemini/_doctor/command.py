"""The command line of the doctor."""

import argparse
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from opentelemetry_instrumentation_gemini._guard import forget_reports

from .configured import SECTION as SETTINGS
from .configured import look_at_settings
from .doubles import look_at_neighbours
from .endpoints import look_at_endpoints
from .findings import Finding, as_json, as_text, problem, problems
from .hooks import SECTION as HOOKS
from .hooks import look_at_hooks
from .listening import heard
from .sending import send_test_spans
from .versions import look_at_versions

_PROGRAM = "python -m opentelemetry_instrumentation_gemini"


def main(arguments: Sequence[str]) -> int:
    """Run the command, print what it finds, and return its exit code."""
    parser = argparse.ArgumentParser(prog=_PROGRAM)
    commands = parser.add_subparsers(required=True, metavar="doctor")
    doctor = commands.add_parser(
        "doctor",
        help="say how Gemini calls would be traced here, what is wrong, and the remedy",
    )
    doctor.add_argument("--send", action="store_true", help="send one test span")
    doctor.add_argument("--json", action="store_true", help="write JSON")
    given = parser.parse_args(arguments)
    findings = list(examine(dict(os.environ), send=given.send))
    print(as_json(findings) if given.json else as_text(findings))  # noqa: T201 - its purpose
    return 1 if problems(findings) else 0


def examine(environ: Mapping[str, str], *, send: bool) -> Iterator[Finding]:
    """Yield everything that there is to say of this process.

    Args:
        environ: Its environment.
        send: Whether to send a test span.
    """
    yield from look_at_versions()
    # Each warning is told once: those of settings where the settings are looked at, not again
    # where instrumenting reads them.
    forget_reports()
    yield from _with_warnings(SETTINGS, partial(look_at_settings, environ))
    yield from _with_warnings(HOOKS, look_at_hooks)
    yield from look_at_neighbours(environ)
    yield from look_at_endpoints(environ)
    if send:
        yield from send_test_spans(environ)


def _with_warnings(section: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield what *look* finds, and each warning of the plugin's own as a problem."""
    logger = logging.getLogger("opentelemetry_instrumentation_gemini")
    with heard(logger, logging.WARNING) as said:
        yield from list(look())
    for text in dict.fromkeys(said):
        yield problem(section, text)
