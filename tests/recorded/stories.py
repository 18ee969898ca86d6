"""Recordings in which one exchange is about what another made, replayed in their order."""

import inspect
from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Any

from recorded.outcome import Player
from recorded.server import Seen
from recorded.traffic import Exchange, Scenario

RECORDED_HOST = "https://HOST"


class Story:
    """One replay of a recording."""

    def __init__(self, player: Player, scenario: Scenario, *, asynchronous: bool) -> None:
        self._exchanges = iter(scenario.exchanges)
        self._player = player
        self._asynchronous = asynchronous
        self.results: list[Any] = []
        self.seen: list[Seen] = []

    def call(self, method: str, requests: int = 1, *, vertex: bool = False, **asked: Any) -> Any:
        """Make a call that is answered with the next exchanges."""
        found = [next(self._exchanges) for _ in range(requests)]
        if vertex:
            found = [replace(exchange, api="vertex") for exchange in found]
        client, lane = self._player._clients.client_for(found[0])
        lane.play(*(_at_home(exchange, lane.url) for exchange in found))
        if self._asynchronous:
            call = _awaited(attrgetter(method)(client.aio), asked)
            result = self._player._loop.run_until_complete(call)
        else:
            result = attrgetter(method)(client)(**asked)
        assert len(lane.seen) == requests
        self.seen += lane.seen
        self.results.append(result.model_dump() if hasattr(result, "model_dump") else result)
        return result

    def skip(self) -> Exchange:
        """Pass over an exchange that no call of this SDK is answered with, and return it."""
        return next(self._exchanges)


async def _awaited(method: Any, asked: dict[str, Any]) -> Any:
    result = method(**asked)
    return await result if inspect.isawaitable(result) else result


def _at_home(exchange: Exchange, url: str) -> Exchange:
    """Return *exchange* with the addresses in its headers under *url*."""
    headers = [(name, value.replace(RECORDED_HOST, url)) for name, value in exchange.headers]
    return replace(exchange, headers=tuple(headers))


def without_times(results: list[Any]) -> Iterator[Any]:
    """Yield results without what says when they were sent."""
    for result in results:
        if isinstance(result, dict):
            yield {key: value for key, value in result.items() if key != "sdk_http_response"}
        else:
            yield repr(type(result))
