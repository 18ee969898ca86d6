"""A wrapped function that can do what a function can: also be copied and pickled."""

from pkgutil import resolve_name
from typing import Any

import wrapt


def _annotations(wrapper: Any) -> Any:
    return wrapper.__wrapped__.__annotations__


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

    # In the class itself: who asks a class for its annotations, as `create_autospec` does, makes
    # Python put empty ones there, and they would hide those of every hooked function.
    __annotations__ = property(_annotations)  # pyright: ignore[reportAssignmentType]


class Wrapper(
    _Transparent,
    wrapt.FunctionWrapper,  # type: ignore[type-arg]  # pyright: ignore[reportMissingTypeArgument]
):
    """A hooked function; `inspect` cannot tell it from the original."""

    # As above: a base class would not do.
    __annotations__ = property(_annotations)  # pyright: ignore[reportAssignmentType]

    __bound_function_wrapper__ = _BoundWrapper


class MethodWrapper(Wrapper):
    """A hooked method; who takes it off its class passes the instance in front."""

    # As above.
    __annotations__ = property(_annotations)  # pyright: ignore[reportAssignmentType]

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        if not args:
            return self.__wrapped__(**kwargs)
        instance, *others = args
        return self.__get__(instance, type(instance))(*others, **kwargs)
