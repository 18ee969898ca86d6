"""Whether the process has providers, which is asked at every call.

While nobody has set one up, the API's getters look into the environment each time, and that is most
of what a call costs then. So the place is looked at where the API keeps a provider. One that the
environment names stands there already: making a tracer and a meter has loaded it.
"""

from collections.abc import Callable
from types import FunctionType

from opentelemetry.metrics import get_meter_provider
from opentelemetry.trace import get_tracer_provider

_STAND_INS = frozenset(
    {
        "NoOpMeterProvider",
        "NoOpTracerProvider",
        "ProxyTracerProvider",
        "_ProxyMeterProvider",
    }
)
"""What stands in for a provider until there is one; these have no public names in common."""


def _asker(name: str, get: Callable[[], object]) -> Callable[[], bool]:
    """Return what tells whether there is no provider.

    Args:
        name: Where the module in which *get* was written keeps it.
        get: The API's own getter, for where it is not kept there.
    """
    kept = get.__globals__ if isinstance(get, FunctionType) else {}
    if name not in kept:
        return lambda: type(get()).__name__ in _STAND_INS

    def is_missing() -> bool:
        provider = kept[name]
        return provider is None or type(provider).__name__ in _STAND_INS

    return is_missing


lacks_tracer_provider = _asker("_TRACER_PROVIDER", get_tracer_provider)
lacks_meter_provider = _asker("_METER_PROVIDER", get_meter_provider)


def attribute_limit(given: object) -> int | None:
    """Return the most characters that a tracer provider leaves of an attribute, if it cuts any.

    Args:
        given: The provider, or `None` for the process's own.
    """
    limits = getattr(get_tracer_provider() if given is None else given, "_span_limits", None)
    most = getattr(limits, "max_span_attribute_length", None)
    return most if isinstance(most, int) else None
