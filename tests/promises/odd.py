"""Questions made of odd objects: each row makes them anew, and says what was read of them."""

from __future__ import annotations

import enum
import io
import typing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pydantic
from google.genai import types
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SURROGATE = "half \ud800 of a character"
DEEP = 300


@dataclass
class Odd:
    """What is asked, and what can be counted of it afterwards."""

    contents: Any = "Why is the sky blue?"
    config: Any = None
    model: Any = "gemini-2.5-flash"
    reads: list[Any] = field(default_factory=list)


class Hostile:
    """An object that raises whatever is done with it."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"hands off {name}")

    def __str__(self) -> str:
        raise RuntimeError("no text")

    def __len__(self) -> int:
        raise RuntimeError("no length")

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("no items")


class HostileText(str):
    """Text that raises where its own methods are called."""

    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError("no text")

    def __len__(self) -> int:
        raise RuntimeError("no length")


class HostileDict(dict):  # type: ignore[type-arg]
    """A dict that raises where it is read by its own methods."""

    def get(self, *_key: Any) -> Any:
        raise RuntimeError("no value")

    def __len__(self) -> int:
        raise RuntimeError("no length")


class HostilePart(types.Part):
    """A part that cannot be dumped or printed."""

    def model_dump(self, **_options: Any) -> Any:
        raise RuntimeError("no dump")

    def __str__(self) -> str:
        raise RuntimeError("no text")


class Answer(pydantic.BaseModel):
    """A schema that counts who dumps it."""

    reason: str
    dumped: typing.ClassVar[list[str]] = []

    @pydantic.model_serializer
    def _dump(self) -> dict[str, str]:
        self.dumped.append(self.reason)
        return {"reason": self.reason}


class Mood(enum.Enum):
    """A schema of a few words."""

    CALM = "calm"
    WILD = "wild"


class Callable_:  # noqa: N801 - it stands for something callable without a name
    """A tool without a `__name__`."""

    def __call__(self, city: str) -> str:
        """Tell the weather."""
        return city


def counted(items: list[Any], reads: list[Any]) -> Iterator[Any]:
    """Yields the items and notes each that is taken."""
    for item in items:
        reads.append(item)
        yield item


def _generator() -> Odd:
    odd = Odd()
    odd.contents = counted(["Why is the sky blue?", "In one line."], odd.reads)
    return odd


def _generator_in_list() -> Odd:
    odd = Odd()
    odd.contents = ["Why?", counted(["In one line."], odd.reads)]
    return odd


def _generator_of_parts() -> Odd:
    odd = Odd()
    odd.contents = [{"role": "user", "parts": counted([{"text": "Why?"}], odd.reads)}]
    return odd


def _generator_as_instruction() -> Odd:
    odd = Odd()
    odd.config = {"system_instruction": counted(["Be brief."], odd.reads)}
    return odd


def _generator_of_stops() -> Odd:
    odd = Odd()
    odd.config = {"stop_sequences": counted(["END"], odd.reads)}
    return odd


def _generator_of_tools() -> Odd:
    odd = Odd()
    odd.config = {"tools": counted([len], odd.reads)}
    return odd


def _response(value: Any) -> Odd:
    answered = types.Part.from_function_response(name="look", response={"seen": value})
    return Odd(contents=["Why?", answered])


def _nested(depth: int) -> Any:
    tree: Any = "bottom"
    for _ in range(depth):
        tree = {"down": tree}
    return tree


def _cycle() -> Any:
    tree: dict[str, Any] = {}
    tree["again"] = tree
    return tree


def _image() -> Image.Image:
    return Image.new("RGB", (8, 8), "blue")


def _lazy_image() -> Image.Image:
    """Returns an image of which nothing but the header was read from its file."""
    file = io.BytesIO()
    _image().save(file, "PNG")
    file.seek(0)
    return Image.open(file)


ODDITIES: dict[str, Callable[[], Odd]] = {
    "hostile contents": lambda: Odd(contents=Hostile()),
    "hostile item": lambda: Odd(contents=["Why?", Hostile()]),
    "hostile text": lambda: Odd(contents=HostileText("Why?")),
    "hostile model name": lambda: Odd(model=HostileText("gemini-2.5-flash")),
    "hostile config": lambda: Odd(config=Hostile()),
    "hostile dict": lambda: Odd(contents=HostileDict(text="Why?")),
    "hostile config dict": lambda: Odd(config=HostileDict(temperature=0.5)),
    "hostile part": lambda: Odd(contents=HostilePart(text="Why?")),
    "hostile part in list": lambda: Odd(contents=["Why?", HostilePart(text="Why?")]),
    "hostile value": lambda: _response(Hostile()),
    "hostile instruction": lambda: Odd(config={"system_instruction": Hostile()}),
    "hostile tool": lambda: Odd(config={"tools": [Hostile()]}),
    "surrogate": lambda: Odd(contents=SURROGATE),
    "surrogate in config": lambda: Odd(
        config={"system_instruction": SURROGATE, "stop_sequences": [SURROGATE]}
    ),
    "surrogate in model": lambda: Odd(model=f"gemini-{SURROGATE}"),
    "not a number": lambda: _response(float("nan")),
    "infinity": lambda: Odd(config={"temperature": float("inf")}),
    "deep": lambda: _response(_nested(DEEP)),
    "cycle": lambda: _response(_cycle()),
    "bytes": lambda: _response(b"\xff\x00"),
    "pydantic value": lambda: _response(Answer(reason="scattering")),
    "generator": _generator,
    "generator in list": _generator_in_list,
    "generator of parts": _generator_of_parts,
    "generator as instruction": _generator_as_instruction,
    "generator of stop sequences": _generator_of_stops,
    "generator of tools": _generator_of_tools,
    "iterator": lambda: Odd(contents=iter(["Why?"])),
    "map": lambda: Odd(contents=map(str, ["Why?"])),
    "tuple": lambda: Odd(contents=("Why?", types.Part(text="In one line."))),
    "tuple in list": lambda: Odd(contents=[("Why?", "In one line.")]),
    "set": lambda: Odd(contents={"Why?"}),
    "dict keys": lambda: Odd(contents={"Why?": 1}.keys()),
    "nothing": lambda: Odd(contents=None),
    "empty": lambda: Odd(contents=[]),
    "number": lambda: Odd(contents=7),
    "no config": lambda: Odd(config=None),
    "empty config": lambda: Odd(config={}),
    "config in snake case": lambda: Odd(config={"max_output_tokens": 5, "top_k": 3}),
    "config in camel case": lambda: Odd(config={"maxOutputTokens": 5, "topK": 3}),
    "unknown config": lambda: Odd(config={"unheard_of": True}),
    "wrong config": lambda: Odd(config={"temperature": "hot"}),
    "image": lambda: Odd(contents=["What is this?", _image()]),
    "image alone": lambda: Odd(contents=_image()),
    "lazy image": lambda: Odd(contents=["What is this?", _lazy_image()]),
    "inline bytes": lambda: Odd(
        contents=types.Part.from_bytes(data=b"\x89PNG", mime_type="image/png")
    ),
    "file": lambda: Odd(
        contents=types.File(uri="https://example.com/x.png", mime_type="image/png")
    ),
    "schema class": lambda: Odd(
        config={"response_mime_type": "application/json", "response_schema": Answer}
    ),
    "schema of a list": lambda: Odd(
        config={"response_mime_type": "application/json", "response_schema": list[Answer]}
    ),
    "schema enum": lambda: Odd(
        config={"response_mime_type": "text/x.enum", "response_schema": Mood}
    ),
    "tool without a name": lambda: Odd(config={"tools": [Callable_()]}),
    "instruction as parts": lambda: Odd(
        config=types.GenerateContentConfig(
            system_instruction=[types.Part(text="Be brief."), "Be kind."]
        )
    ),
    "no role": lambda: Odd(contents=types.Content(parts=[types.Part(text="Why?")])),
    "model of a number": lambda: Odd(model=5),
    "no model": lambda: Odd(model=None),
}
