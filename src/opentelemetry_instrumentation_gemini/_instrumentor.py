"""The composition root: settings, telemetry and hooks put together."""

from collections.abc import Callable, Collection
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from opentelemetry.instrumentation.instrumentor import (  # type: ignore[attr-defined]
    BaseInstrumentor,
)

from ._adk import give_back_to_adk, take_over_from_adk
from ._clients import add_client, any_client, finder, remove_client
from ._declarative import UNKNOWN, Configuration, turned_off
from ._guard import attempt, warn_once
from ._patching.install import Installation, OpenFor, install, uninstall
from ._patching.shims import Open
from ._patching.table import HOOKS, Hook
from ._reading.clients import Marks, marks_of
from ._settings import load_settings, sdk_disabled

if TYPE_CHECKING:
    from ._emit.telemetry import Telemetry

# Only opentelemetry-instrument passes these; which one depends on its version.
_LOADER_ARGUMENTS = {"skip_dep_check", "raise_exception_on_conflict"}

T = TypeVar("T")

Make = Callable[[], "Telemetry | None"]

_PROVIDERS = {
    "tracer_provider": "get_tracer",
    "meter_provider": "get_meter",
    "logger_provider": "get_logger",
}
"""Keyword → the method of what it takes."""


class GeminiInstrumentor(BaseInstrumentor):  # type: ignore[misc]
    """Traces the Google Gen AI SDK.

    `instrument()` takes `tracer_provider`, `meter_provider`, `logger_provider` and every field of
    `Settings` as a keyword. It imports nothing of the SDK: the hooks go on when the application
    does, before or after. `uninstrument()` takes them off. `instrument_client()` does the same for
    one client alone, with or without the other.

    Attributes:
        configuration: The settings as a configuration file of OpenTelemetry's has them.
        arguments: The arguments in force, or `None` while nothing but single clients is
            instrumented.
    """

    configuration = Configuration
    arguments: dict[str, Any] | None = None
    _everyone: Make | None = None

    def instrument(self, **kwargs: Any) -> None:
        """Put the hooks on; the class says what *kwargs* are."""
        if kwargs.keys() & _LOADER_ARGUMENTS and (self.arguments is not None or turned_off()):
            # A configuration file has spoken, of which opentelemetry-instrument knows nothing.
            return
        super().instrument(**kwargs)

    def reinstrument(self, **kwargs: Any) -> None:
        """Instrument with other arguments than before, with no moment without hooks."""
        if self.arguments is None:
            self.instrument(**kwargs)
        else:
            self._instrument(**kwargs)

    def instrument_client(self, client: T, **kwargs: Any) -> T:
        """Trace one client: its `aio`, its chats, and whatever else was or will be made from it.

        Args:
            client: A client of google-genai, or a model of google-generativeai; a chat stands for
                the one that it was made from.
            **kwargs: As for `instrument()`. What is absent is as the process is instrumented at
                this moment, if it is, else by environment and default.

        Returns:
            The client. Anything else is given back too, with one warning, and not traced.
        """
        marks = attempt("instrumenting a client", marks_of, client) or ()
        if marks and not sdk_disabled():
            attempt("instrumenting a client", self._add, marks, kwargs)
        elif not marks:
            warn_once(
                f"no client: {type(client).__qualname__}",
                "instrument_client() got a %s and traces nothing of it. It takes a google.genai "
                "Client, its aio, or a GenerativeModel of google-generativeai; instrument() traces "
                "all of them.",
                type(client).__qualname__,
            )
        return client

    def uninstrument_client(self, client: T) -> T:
        """End what `instrument_client()` began, and return the client.

        Its calls are traced on if the process is instrumented.
        """
        attempt("uninstrumenting a client", self._remove, client)
        return client

    def _add(self, marks: Marks, kwargs: dict[str, Any]) -> None:
        arguments = {**(self.arguments or {}), **kwargs}
        first = not any_client()
        add_client(marks, arguments, _maker(arguments))
        if first:
            self._attach()

    def _remove(self, client: Any) -> None:
        remove_client(marks_of(client))
        if not any_client():
            self._attach()

    def instrumentation_dependencies(self) -> Collection[str]:
        """Return nothing: either of two SDKs is enough, and this list would demand both."""
        return ()

    def _instrument(self, **kwargs: Any) -> None:
        self.arguments = dict(kwargs)
        make = _maker(kwargs)
        if sdk_disabled():
            return
        self._everyone = make
        attempt("instrumenting", self._attach)
        attempt("instrumenting", take_over_from_adk)

    def _uninstrument(self, **_kwargs: Any) -> None:
        self.arguments = self._everyone = None
        attempt("uninstrumenting", self._attach)
        attempt("uninstrumenting", give_back_to_adk)

    def _attach(self) -> None:
        """Put the hooks on as they are wanted now, or take them off."""
        if self._everyone is None and not any_client():
            uninstall()
        else:
            install(Installation(HOOKS, _open_for(self._everyone)))


def _maker(arguments: dict[str, Any]) -> Make:
    """Return what makes the telemetry that *arguments* ask for, the first time it is called.

    Where it cannot be made there is none, and one warning instead of one for each hook.
    """
    own = dict(arguments)
    unknown = own.pop(UNKNOWN, None) or {}
    providers = {name: _provider(name, own.pop(name, None)) for name in _PROVIDERS}
    settings = load_settings({**unknown, **own})

    @cache
    def make() -> "Telemetry | None":
        from ._emit.telemetry import make_telemetry  # noqa: PLC0415 - not before the SDK is there

        return attempt("preparing telemetry", partial(make_telemetry, settings, **providers))

    return make


def _provider(name: str, given: Any) -> Any:
    method = _PROVIDERS[name]
    usable = attempt(f"looking at {name}", hasattr, given, method)
    if given is None or (usable and not isinstance(given, type)):
        return given
    warn_once(
        f"setting {name}",
        "%s is %s, so the global one is used. Give a provider, which has %s().",
        name,
        f"the class {given.__qualname__}"
        if isinstance(given, type)
        else f"a {type(given).__name__}",
        method,
    )
    return None


def _open_for(make: Make | None) -> OpenFor:
    def open_for(hook: Hook, name: str) -> Open:
        from ._opening import opener  # noqa: PLC0415 - not before the SDK is there

        everyone = None if make is None else make()
        return opener(finder(hook, everyone), hook, name)

    return open_for
