"""One replay server and one set of clients for each test process."""

from collections.abc import Iterator

import pytest

from recorded.driver import Clients
from recorded.outcome import Player
from recorded.server import serve
from recorded.telemetry import Telemetry


@pytest.fixture(scope="session")
def player() -> Iterator[Player]:
    """Replay exchanges against a server of this process's own."""
    with serve() as server:
        player = Player(Clients(server))
        yield player
        player.close()


@pytest.fixture(scope="session")
def telemetry() -> Iterator[Telemetry]:
    """Give the plugin providers that keep everything in memory."""
    telemetry = Telemetry()
    yield telemetry
    telemetry.close()
