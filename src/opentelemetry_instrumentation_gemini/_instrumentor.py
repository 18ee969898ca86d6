"""The composition root: settings, telemetry and hooks put together."""

from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.instrumentor import (  # type: ignore[attr-defined]
    BaseInstrumentor,
)

from ._guard import attempt
from ._patching.install import Installation, OpenFor, install, uninstall
from ._patching.shims import Open
from ._patching.table import HOOKS, Hook
from ._settings import Settings, load_settings, sdk_disabled

if TYPE_CHECKING:
    from ._emit.telemetry import Telemetry

_PROVIDERS = ("tracer_provider", "meter_provider", "logger_provider")


class GeminiInstrumentor(BaseInstrumentor):  # type: ignore[misc]
    """Traces the Google Gen AI SDK.

    `instrument()` takes `tracer_provider`, `meter_provider`, `logger_provider` and every field of
    `Settings` as a keyword. It imports nothing of the SDK: the hooks go on when the application
    does, before or after. `uninstrument()` takes them off.
    """

    def instrumentation_dependencies(self) -> Collection[str]:
        """Return nothing: either of two SDKs is enough, and this list would demand both."""
        return ()

    def _instrument(self, **kwargs: Any) -> None:
        providers = {name: kwargs.pop(name, None) for name in _PROVIDERS}
        settings = load_settings(kwargs)
        if sdk_disabled():
            return
        attempt("instrumenting", install, Installation(HOOKS, _open_for(settings, providers)))

    def _uninstrument(self, **_kwargs: Any) -> None:
        attempt("uninstrumenting", uninstall)


def _open_for(settings: Settings, providers: dict[str, Any]) -> OpenFor:
    @cache
    def telemetry() -> "Telemetry":
        from ._emit.telemetry import make_telemetry  # noqa: PLC0415 - not before the SDK is there

        return make_telemetry(settings, **providers)

    def open_for(hook: Hook, name: str) -> Open:
        from ._opening import opener  # noqa: PLC0415 - not before the SDK is there

        return opener(telemetry(), hook, name)

    return open_for
