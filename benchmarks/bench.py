"""A scenario on its stand: the calls that can be made of it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .providers import Recorder
from .scenarios import Scenario
from .sdk import Functions, Gates, Stand, drive, functions, put
from .sessions import SESSIONS, SessionGates, SessionStand
from .subjects import GEMINI, put_on
from .transport import make_client


class Bench:
    """A scenario on its stand: the calls that can be made, with the subject on the SDK.

    Args:
        scenario: What is measured.
        subject: What is put on the SDK.
    """

    def __init__(self, scenario: Scenario, subject: str = GEMINI) -> None:
        self.scenario = scenario
        self._subject = subject
        self._loop = asyncio.new_event_loop()
        self._gates: Gates
        self._stand: Stand
        if scenario.resource in SESSIONS:
            self._gates = SessionGates(scenario.resource)
            self._stand = SessionStand(self._gates, scenario, self._loop)
        else:
            self._gates = Gates(scenario.resource)
            client = make_client(scenario.replies, streamed=scenario.streamed)
            self._stand = Stand(self._gates, client, asynchronous=scenario.asynchronous)
        self._plain: Functions = {}
        self._hooked: Functions = {}

    @contextmanager
    def instrumented(self, providers: dict[str, Any]) -> Iterator[None]:
        """Have the subject on the SDK, and inside what the scenario's calls stand in."""
        before = functions(self._gates)
        remove = put_on(self._subject, providers, self.scenario.settings)
        if self.scenario.removed:
            remove()
        after = functions(self._gates)
        self._hooked = {key: item for key, item in after.items() if before.get(key) is not item}
        self._plain = {key: before[key] for key in self._hooked if key in before}
        try:
            with self.scenario.around(), self._stand.opened(self._put_on):
                yield
        finally:
            put(self._hooked)
            if not self.scenario.removed:
                remove()

    def _put_on(self, instrumented: bool) -> None:
        put(self._hooked if instrumented else self._plain)

    def close(self) -> None:
        """Leave the SDK as it was."""
        self._gates.close()
        self._loop.close()

    def call_plain(self) -> None:
        """Make the uninstrumented call through the transport, and prepare to play its answers."""
        put(self._plain)
        self._call(self._stand.plain_whole)
        self._stand.rewind()

    def call_instrumented(self) -> None:
        """Make the instrumented call through the transport."""
        self._call(self._stand.whole)

    def play_plain(self, scenario: Scenario | None = None) -> None:
        """Make the uninstrumented call, or that of *scenario*; its round trips return at once."""
        self._play(self._stand.plain_played, scenario or self.scenario)

    def play_instrumented(self, scenario: Scenario | None = None) -> None:
        """Make the instrumented call, or that of *scenario*; its round trips return at once."""
        self._play(self._stand.played, scenario or self.scenario)

    def record(self) -> Recorder:
        """Return what the subject emits in one call."""
        recorder = Recorder()
        with self.instrumented(recorder.providers()):
            self.make_ready(instrumented=True)
            journal = self._stand.record(self.play_instrumented, recorder.journal)
        recorder.journal[:] = journal
        return recorder

    def make_ready(self, *, instrumented: bool) -> None:
        """Make the uninstrumented call, as life has it; then put on what the next one needs."""
        self.call_plain()
        if instrumented:
            put(self._hooked)

    def _call(self, models: Any) -> None:
        work = self._stand.work(models, self.scenario)
        if self.scenario.asynchronous:
            self._loop.run_until_complete(work)

    def _play(self, models: Any, scenario: Scenario) -> None:
        work = self._stand.work(models, scenario)
        if scenario.asynchronous:
            drive(work)
