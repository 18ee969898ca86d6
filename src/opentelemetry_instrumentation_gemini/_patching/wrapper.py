"""A wrapped function that can do what a function can: also be copied and pickled."""

from pkgutil import resolve_name
from typing import Any

import wrapt


class _Transparent:
    """wrapt's proxies refuse these; a function copies as itself and pickles by its name."""

    __slots__ = ()

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> Any:
        return self

    def __reduce_ex__(self, _protocol: Any) -> Any:
        function: Any = self
        return resolve_name, (f"{function.__module__}:{function.__qualname__}",)


class _BoundWrapper(
    _Transparent,
    wrapt.BoundFunctionWrapper,  # type: ignore[type-arg]  # pyright: ignore[reportMissingTypeArgument]
):
    """The wrapper as it is found on a class or an instance."""


class Wrapper(
    _Transparent,
    wrapt.FunctionWrapper,  # type: ignore[type-arg]  # pyright: ignore[reportMissingTypeArgument]
):
    """A hooked function; `inspect` cannot tell it from the original."""

    __bound_function_wrapper__ = _BoundWrapper
