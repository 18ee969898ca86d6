"""The composition root: settings, telemetry and hooks put together."""

from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.instrumentor import (  # type: ignore[attr-defined]
    BaseInstrumentor,
)

from ._adk import give_back_to_adk, take_over_from_adk
from ._declarative import UNKNOWN, Configuration, turned_off
from ._guard import attempt
from ._patching.install import Installation, OpenFor, install, uninstall
from ._patching.shims import Open
from ._patching.table import HOOKS, Hook
from ._settings import Settings, load_settings, sdk_disabled

if TYPE_CHECKING:
    from ._emit.telemetry import Telemetry

# Only opentelemetry-instrument passes these; which one depends on its version.
_LOADER_ARGUMENTS = {"skip_dep_check", "raise_exception_on_conflict"}

_PROVIDERS = ("tracer_provider", "meter_provider", "logger_provider")


class GeminiInstrumentor(BaseInstrumentor):  # type: ignore[misc]
    """Traces the Google Gen AI SDK.

    `instrument()` takes `tracer_provider`, `meter_provider`, `logger_provider` and every field of
    `Settings` as a keyword. It imports nothing of the SDK: the hooks go on when the application
    does, before or after. `uninstrument()` takes them off.

    Attributes:
        configuration: The settings as a configuration file of OpenTelemetry's has them.
        arguments: The arguments in force, or `None` while nothing is instrumented.
    """

    configuration = Configuration
    arguments: dict[str, Any] | None = None

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

    def instrumentation_dependencies(self) -> Collection[str]:
        """Return nothing: either of two SDKs is enough, and this list would demand both."""
        return ()

    def _instrument(self, **kwargs: Any) -> None:
        self.arguments = dict(kwargs)
        unknown = kwargs.pop(UNKNOWN, None) or {}
        providers = {name: kwargs.pop(name, None) for name in _PROVIDERS}
        settings = load_settings({**unknown, **kwargs})
        if sdk_disabled():
            return
        attempt("instrumenting", install, Installation(HOOKS, _open_for(settings, providers)))
        attempt("instrumenting", take_over_from_adk)

    def _uninstrument(self, **_kwargs: Any) -> None:
        self.arguments = None
        attempt("uninstrumenting", uninstall)
        attempt("uninstrumenting", give_back_to_adk)


def _open_for(settings: Settings, providers: dict[str, Any]) -> OpenFor:
    @cache
    def telemetry() -> "Telemetry":
        from ._emit.telemetry import make_telemetry  # noqa: PLC0415 - not before the SDK is there

        return make_telemetry(settings, **providers)

    def open_for(hook: Hook, name: str) -> Open:
        from ._opening import opener  # noqa: PLC0415 - not before the SDK is there

        return opener(telemetry(), hook, name)

    return open_for
