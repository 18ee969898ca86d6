"""Everything a program can notice of one call, in a form that can be compared."""

import asyncio
import copy
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from recorded.driver import Clients, Driver, Given, Way, call_async, call_sync
from recorded.server import Seen
from recorded.traffic import Exchange


@dataclass
class Outcome:
    """One call, seen from the caller, the wire and the log."""

    arguments: Any
    given: Given
    seen: list[Seen]
    spoiled_arguments: bool
    logged: list[logging.LogRecord] = field(default_factory=list)
    warned: list[warnings.WarningMessage] = field(default_factory=list)

    def reached(self, method: str) -> bool:
        """Return whether a request was sent to *method* of the API; it may have no name."""
        if not self.seen or not method:
            return bool(self.seen)
        return self.seen[0].target.partition("?")[0].endswith(f":{method}")

    @property
    def answers(self) -> list[Any]:
        """Return what the SDK gave, as plain values."""
        return [
            answer.model_dump(warnings=False) if hasattr(answer, "model_dump") else answer
            for answer in self.given.answers
        ]

    @property
    def error(self) -> tuple[type, str] | None:
        """Return type and text of the exception that reached the caller."""
        exception = self.given.exception
        return None if exception is None else (type(exception), str(exception))

    @property
    def log_lines(self) -> list[tuple[str, int, str]]:
        """Return what was logged."""
        return [(record.name, record.levelno, record.getMessage()) for record in self.logged]

    @property
    def warning_lines(self) -> list[tuple[type, str]]:
        """Return what was warned of."""
        return [(warning.category, str(warning.message)) for warning in self.warned]


class Player:
    """Replays exchanges, one after the other, in one thread and one event loop."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        """Close transports and loop."""
        self._loop.run_until_complete(self._clients.close())
        self._loop.close()

    def best(self, exchange: Exchange, driver: Driver, way: Way) -> Outcome:
        """Replay with the fullest arguments that the SDK sends, if it can to the same method."""
        sent = []
        for arguments in driver.arguments(exchange):
            outcome = self.play(exchange, driver, way, arguments)
            if outcome.reached(driver.suffix):
                return outcome
            if outcome.seen:
                sent.append(outcome)
        assert sent, f"the SDK sends nothing for {exchange.path}"
        return sent[0]

    def play(self, exchange: Exchange, driver: Driver, way: Way, arguments: Any) -> Outcome:
        """Replay once."""
        client, lane = self._clients.client_for(exchange)
        lane.play(exchange)
        keywords = arguments.in_form(way.form)
        before = copy.deepcopy(keywords)
        with listening() as (logged, warned):
            if way.asynchronous:
                given = self._loop.run_until_complete(call_async(client, driver, keywords))
            else:
                given = call_sync(client, driver, keywords)
        return Outcome(arguments, given, lane.seen, keywords != before, logged, warned)


class _Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def listening() -> Iterator[tuple[list[logging.LogRecord], list[warnings.WarningMessage]]]:
    """Collect what is logged and warned of in the block."""
    root = logging.getLogger()
    level = root.level
    handler = _Records()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            # A transport library warns once for each client, whichever call makes it.
            warnings.simplefilter("ignore", DeprecationWarning)
            # Servers of other tests close what was left open whenever they come to it.
            warnings.simplefilter("ignore", ResourceWarning)
            yield handler.records, warned
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
