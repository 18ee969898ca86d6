"""A google-genai of tomorrow: the installed one with its source changed while it is imported.

    python -m matrix.future_sdk CHANGE

makes the same calls without and with the plugin and prints, as JSON, what the caller got each
time, the spans, and every log line of the plugin.
"""

import json
import logging
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.metadata import version
from importlib.util import spec_from_file_location
from typing import Any

VERSION = f"{version('google-genai')}.99"
"""Newer than the installed one, but not by so much that it should have what came since."""

# Puts a new method in the place of each round-trip layer. The SDK calls the old name, which is
# now `_layer…`; that calls the new method by position and with an argument that nobody knows.
NEW_SIGNATURES = """
import inspect

def _future(layer):
    if inspect.iscoroutinefunction(layer):
        async def method(self, model, contents, settings=None, /, *, attempt):
            return await layer(self, model=model, contents=contents, config=settings)
    elif inspect.isasyncgenfunction(layer):
        async def method(self, model, contents, settings=None, /, *, attempt):
            async for chunk in layer(self, model=model, contents=contents, config=settings):
                yield chunk
    elif inspect.isgeneratorfunction(layer):
        def method(self, model, contents, settings=None, /, *, attempt):
            yield from layer(self, model=model, contents=contents, config=settings)
    else:
        def method(self, model, contents, settings=None, /, *, attempt):
            return layer(self, model=model, contents=contents, config=settings)
    return method

def _by_position(name):
    def call(self, *, model, contents, config=None):
        return getattr(self, name)(model, contents, config, attempt=1)
    return call

for _owner in (Models, AsyncModels):
    for _name in [name for name in vars(_owner) if name.startswith("_layer")]:
        _new = _name.replace("_layer", "_generate_content")
        setattr(_owner, _new, _future(vars(_owner)[_name]))
        setattr(_owner, _name, _by_position(_new))
"""

PROPERTIES = """
import functools

def _property(function):
    return property(lambda self: functools.partial(function, self))

for _owner in (Models, AsyncModels):
    for _name in ("count_tokens", "embed_content", "generate_content"):
        setattr(_owner, _name, _property(vars(_owner)[_name]))
"""

ITERATORS = """
class _Chunks:
    def __init__(self, chunks):
        self._chunks = chunks
    def __iter__(self):
        return self
    def __next__(self):
        return next(self._chunks)
    def __aiter__(self):
        return self
    async def __anext__(self):
        if hasattr(self._chunks, "__await__"):
            self._chunks = await self._chunks
        return await self._chunks.__anext__()

def _as_object(function):
    return lambda self, **asked: _Chunks(function(self, **asked))

def _as_awaited_object(function):
    async def method(self, **asked):
        return _Chunks(function(self, **asked))
    return method

for _owner in (Models, AsyncModels):
    for _name in [name for name in vars(_owner) if name.startswith("_generate_content_stream")]:
        _function = vars(_owner)[_name]
        _wrap = _as_awaited_object if inspect.iscoroutinefunction(_function) else _as_object
        setattr(_owner, _name, _wrap(_function))
"""


@dataclass(frozen=True)
class Change:
    """What is different: names in every module of the SDK, and code at the end of `models`."""

    pattern: str = r"(?!)"
    name: str = ""
    more: str = ""
    moved: tuple[str, str] | None = None
    """A module's name of today, and of tomorrow."""


CHANGES = {
    "nothing": Change(),
    "private_layers_renamed": Change(r"\b_generate_content(?=_stream|_with|\b)", "_infer"),
    "public_method_renamed": Change(r"\bcount_tokens(?=\(\s*self\b)", "measure_tokens"),
    "class_renamed": Change(r"\bChat\b", "Talk"),
    "tool_helper_renamed": Change(r"\binvoke_function_from_dict_args\b", "call_user_function"),
    "tool_module_moved": Change(r"\b_extra_utils\b", "_loops", moved=("_extra_utils", "_loops")),
    "adapters_moved": Change(r"\b_adapters\b", "_mcp", moved=("_adapters", "_mcp")),
    "signatures_changed": Change(
        r"\b_generate_content(?=_stream|_with|\b)", "_layer", NEW_SIGNATURES
    ),
    "methods_are_properties": Change(more=PROPERTIES),
    "streams_are_objects": Change(more=f"import inspect\n{ITERATORS}"),
    "fields_renamed": Change(r"\bresponse_id\b", "answer_id"),
}


class Rewritten(SourceFileLoader):
    """Compiles a module from its changed source, past the cache of bytecode."""

    def __init__(self, name: str, path: str, change: Change) -> None:
        super().__init__(name, path)
        self._change = change

    def get_code(self, fullname: str) -> Any:
        """Return the code of the changed source."""
        source = self.get_source(fullname) or ""
        source = re.sub(self._change.pattern, self._change.name, source)
        if fullname == "google.genai.models":
            source += self._change.more
        if fullname == "google.genai.version":
            source += f"\n__version__ = {VERSION!r}\n"
        return compile(source, self.path, "exec", dont_inherit=True)


class Future:
    """Stands in for the finder of files: the SDK's modules go to the loader above."""

    def __init__(self, change: Change) -> None:
        self._change = change

    def __getattr__(self, name: str) -> Any:
        """Leave everything but finding modules, such as packages' metadata, to the original."""
        return getattr(PathFinder, name)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Find a module; those of `google.genai` also under their name of tomorrow."""
        parent, _, last = name.rpartition(".")
        if parent != "google.genai":
            return PathFinder.find_spec(name, path, target)
        today, tomorrow = self._change.moved or ("", "")
        if last == today:
            return None
        found = PathFinder.find_spec(f"{parent}.{today}" if last == tomorrow else name, path)
        if found is None or not str(found.origin).endswith(".py"):
            return found
        origin = str(found.origin)
        return spec_from_file_location(
            name,
            origin,
            loader=Rewritten(name, origin, self._change),
            submodule_search_locations=found.submodule_search_locations,
        )


def use(fake: Any) -> dict[str, Any]:
    """Make one call of each kind and return what came of it."""
    from fake_gemini import HOWS, client, perform  # noqa: PLC0415 - the SDK is imported by calls
    from fake_gemini.scenarios.text import PLAIN_TEXT  # noqa: PLC0415
    from fake_gemini.scenarios.tools import ONE_TOOL  # noqa: PLC0415
    from matrix.asking import MODEL, chat, text_of  # noqa: PLC0415

    def chat_with_tool() -> Any:
        options = {"config": {"tools": list(ONE_TOOL.tools)}}
        return chat(fake.play(ONE_TOOL), "call", [ONE_TOOL.contents], **options)

    def measured(method: str) -> Any:
        answer = getattr(genai.models, method)(model=MODEL, contents="How long?")
        return len(answer.model_dump_json())

    genai = client(fake)
    calls: dict[str, Callable[[], Any]] = {
        how: lambda how=how: text_of(perform(fake.play(PLAIN_TEXT), how).responses) for how in HOWS
    }
    calls["tools in a call"] = lambda: text_of(perform(fake.play(ONE_TOOL)).responses)
    calls["tools in a chat"] = chat_with_tool
    calls["count_tokens"] = lambda: measured("count_tokens")
    calls["embed_content"] = lambda: measured("embed_content")
    return {name: _outcome(call) for name, call in calls.items()}


def _outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - it is compared with that of the other run
        return repr(error)


def report(change: Change) -> dict[str, Any]:
    """Make the calls without and with the plugin."""
    files = sys.meta_path.index(PathFinder)
    sys.meta_path[files] = Future(change)  # type: ignore[call-overload]
    from fake_gemini import FakeGemini  # noqa: PLC0415
    from matrix.watching import Watched, told  # noqa: PLC0415

    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("opentelemetry_instrumentation_gemini").addHandler(handler)
    with FakeGemini() as fake:
        without = use(fake)
        with Watched() as watched:
            traced = use(fake)
            spans = [
                (told(span)["gen_ai.operation.name"], told(span).get("gen_ai.usage.output_tokens"))
                for span in watched.spans
            ]
    return {"without": without, "traced": traced, "spans": spans, "lines": lines}


if __name__ == "__main__":
    json.dump(report(CHANGES[sys.argv[1]]), sys.stdout)
