"""Tools for the SDK to call; it reads their annotations, which older SDKs cannot as text."""

import asyncio
from collections.abc import Callable
from typing import Any

from opentelemetry import trace


class Tools:
    """Functions for the SDK to call, which keep what they see."""

    def __init__(self, also: Callable[[], Any] = lambda: None) -> None:
        self.also = also
        self.calls: list[Any] = []
        self.spans: list[Any] = []

    def _called(self, *args: Any, **kwargs: Any) -> None:
        self.calls.append((args, kwargs))
        self.spans.append(trace.get_current_span())
        self.also()

    def plain(self) -> Callable[..., Any]:
        def get_weather(city: str) -> dict[str, str]:
            """Tell the weather in a city."""
            self._called(city)
            return {"city": city, "sky": "clear"}

        return get_weather

    def keyword_only(self) -> Callable[..., Any]:
        def get_weather(*, city: str, unit: str = "C") -> str:
            """Tell the weather in a city."""
            self._called(city=city, unit=unit)
            return "clear"

        return get_weather

    def failing(self) -> Callable[..., Any]:
        def get_weather(city: str) -> str:
            """Tell the weather in a city."""
            self._called(city)
            raise LookupError("no weather today", 7)

        return get_weather

    def interrupted(self) -> Callable[..., Any]:
        def get_weather(city: str) -> str:
            """Tell the weather in a city."""
            self._called(city)
            raise KeyboardInterrupt("pressed")

        return get_weather

    def asynchronous(self) -> Callable[..., Any]:
        async def get_weather(city: str) -> str:
            """Tell the weather in a city."""
            await asyncio.sleep(0)
            self._called(city)
            return "clear"

        return get_weather

    def another_name(self) -> Callable[..., Any]:
        def get_time(city: str) -> str:
            """Tell the time in a city."""
            self._called(city)
            return "noon"

        return get_time
