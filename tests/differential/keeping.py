"""What a project keeps at the service: caches, files, stores, models, and tokens for others."""

from __future__ import annotations

import io
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from google.genai import types
from hypothesis import strategies as st

from differential import answers, leaves
from differential.contents import whole
from differential.mixing import mixing
from differential.models import Recipe, model
from differential.recipes import Kitchen, Make, on_the_wire, with_kitchen
from differential.running import Play
from differential.surface import Method, Surface, config, one, sequences, with_headers
from fake_gemini.script import Json, Reply, Step

CACHES, FILES = ("cachedContents/1", "cachedContents/2"), ("files/1", "files/2")
STORES = ("fileSearchStores/1", "fileSearchStores/2")
MODELS = ("models/gemini-2.5-flash", "tunedModels/mine")


def _names(names: tuple[str, ...]) -> Recipe:
    return st.sampled_from((*names * 4, "", None))


def _said(body: Json) -> Step:
    return answers.step_of(Reply(body=body))


_garbled = st.sampled_from((b"", b"[]", b"null", b"{}", b'{"name": 3}', b'{"file": 7}'))
faults = st.one_of(
    answers.refusals,
    answers.error_pages,
    answers.cut(),
    _garbled.map(lambda raw: answers.step_of(Reply(raw=raw))),
)
_empty = st.just((_said({}),))


def _resource(kind: Any, names: tuple[str, ...], **of: Recipe) -> Recipe:
    """Returns what the service says of a resource; its name is no content, its texts are."""
    named = {"name": st.sampled_from(names), **of}
    return model(kind, of=named, most=4, text=leaves.clean_texts).map(on_the_wire)


def _one_of(kind: Any, names: tuple[str, ...], **of: Recipe) -> Recipe:
    return one(_resource(kind, names, **of).map(_said))


@st.composite
def _pages(draw: Any, field: str, items: Recipe) -> tuple[Step, ...]:
    """Draws a list on one page or on two."""
    told = [draw(st.lists(items, max_size=3)) for _ in range(draw(st.sampled_from((1, 1, 2))))]
    pages = [{field: page, "nextPageToken": "next"} for page in told]
    del pages[-1]["nextPageToken"]
    return tuple(map(_said, pages))


def _reads(
    path: str, field: str, kind: Any, names: tuple[str, ...], listing: Any, **of: Recipe
) -> tuple[Method, Method]:
    """Returns `get` and `list`."""
    key = "model" if path == "models" else "name"
    return (
        Method(f"{path}.get", {key: _names(names)}, _one_of(kind, names, **of)),
        Method(
            f"{path}.list", {"config": config(listing)}, _pages(field, _resource(kind, names, **of))
        ),
    )


# Caches

_cached = _one_of(
    types.CachedContent,
    CACHES,
    usage_metadata=st.sampled_from((None, 0, 11)).map(
        lambda count: {} if count is None else {"totalTokenCount": count}
    ),
)
_CACHED = (
    *(
        Method(
            "caches.create",
            {
                "model": st.sampled_from(("gemini-2.5-flash", "gemini-2.5-flash", None)),
                "config": config(
                    types.CreateCachedContentConfig,
                    contents=leaves.texts | st.lists(whole, max_size=2),
                    system_instruction=leaves.texts | whole,
                    ttl=st.just("300s"),
                ),
            },
            _cached,
        )
        for _ in range(2)
    ),
    Method(
        "caches.update",
        {
            "name": _names(CACHES),
            "config": config(types.UpdateCachedContentConfig, ttl=st.just("300s")),
        },
        _cached,
    ),
    Method("caches.delete", {"name": _names(CACHES)}, _empty),
    *_reads(
        "caches", "cachedContents", types.CachedContent, CACHES, types.ListCachedContentsConfig
    ),
)

# Files


@with_kitchen
def read_aloud(kitchen: Kitchen, data: bytes) -> io.BytesIO:
    """Returns a file that writes down when it is read, or moved."""

    class Aloud(io.BytesIO):
        def read(self, *size: Any) -> bytes:
            kitchen.log.append(("read", *size))
            return super().read(*size)

        def seek(self, *place: int) -> int:
            kitchen.log.append(("seek", *place))
            return super().seek(*place)

    return Aloud(data)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def on_disk(data: bytes) -> str:
    """Returns the path of a file with this in it, which is the same in each run."""
    path = Path(_folder().name) / "notes.txt"
    path.write_bytes(data)
    return str(path)


given_files = st.one_of(
    leaves.binaries.map(lambda data: Make(read_aloud, data)),
    leaves.binaries.map(lambda data: Make(on_disk, data)),
    st.sampled_from(("nowhere/to/be/found.txt", None, b"bytes")),
)
_kinds = st.sampled_from(("text/plain", "text/plain", None))
_uploading = config(types.UploadFileConfig, mime_type=_kinds, name=st.just("mine"))
_FILE: dict[str, Recipe] = {
    "mime_type": st.sampled_from(("text/plain", "video/mp4")),
    "uri": st.just("https://example.org/files/1"),
}


def uploaded(path: str, said: Recipe) -> Recipe:
    """Returns the two answers to an upload: where the bytes go, and what became of them."""
    url = f"{{here}}/upload/v1/{path}?upload_id=1&upload_protocol=resumable"
    begun = with_headers(_said({}), ("x-goog-upload-url", url), ("x-goog-upload-status", "active"))
    return said.map(lambda body: (begun, _said(body)))


_file = _resource(types.File, FILES, **_FILE)
_FILED = (
    *(
        Method(
            "files.upload",
            {"file": given_files, "config": _uploading},
            uploaded("files", _file.map(lambda file: {"file": file})),
        )
        for _ in range(2)
    ),
    Method("files.delete", {"name": _names(FILES)}, _empty),
    *_reads("files", "files", types.File, FILES, types.ListFilesConfig, **_FILE),
)

# Stores

_store = _one_of(types.FileSearchStore, STORES)
_imports = st.builds(
    lambda store, done: {"name": f"{store}/operations/import-1", **done},
    st.sampled_from(STORES),
    st.sampled_from(({}, {"done": True}, {"done": True, "error": {"message": "Broken."}})),
)
_STORED = (
    Method(
        "file_search_stores.create", {"config": config(types.CreateFileSearchStoreConfig)}, _store
    ),
    Method(
        "file_search_stores.import_file",
        {
            "file_search_store_name": _names(STORES),
            "file_name": _names(FILES),
            "config": config(types.ImportFileConfig),
        },
        one(_imports.map(_said)),
    ),
    Method(
        "file_search_stores.upload_to_file_search_store",
        {
            "file_search_store_name": st.sampled_from(STORES),
            "file": given_files,
            "config": config(types.UploadToFileSearchStoreConfig, mime_type=_kinds),
        },
        uploaded(f"{STORES[0]}:uploadToFileSearchStore", _imports),
    ),
    Method(
        "file_search_stores.delete",
        {"name": _names(STORES), "config": config(types.DeleteFileSearchStoreConfig)},
        _empty,
    ),
    *_reads(
        "file_search_stores",
        "fileSearchStores",
        types.FileSearchStore,
        STORES,
        types.ListFileSearchStoresConfig,
    ),
)

# Models and tokens

_MODELS = _reads("models", "models", types.Model, MODELS, types.ListModelsConfig)
_TOKENS = (
    Method(
        "auth_tokens.create",
        {"config": config(types.CreateAuthTokenConfig)},
        one(st.just(_said({"name": f"auth_tokens/{leaves.SECRET}"}))),
    ),
)


def finalized(play: Play) -> Play:
    """Returns the play without answers after which an upload waits for seconds."""
    final = ("x-goog-upload-status", "final")
    steps = [step if step.unary.headers else with_headers(step, final) for step in play.steps]
    return Play(**{**vars(play), "steps": tuple(steps)})


def _entries(name: str, methods: tuple[Method, ...]) -> dict[str, Surface]:
    plays = sequences(methods, st.booleans(), faults).map(finalized)
    return {
        name: Surface(plays, mixing(asynchronous=False)),
        f"aio.{name}": Surface(plays, mixing(asynchronous=True)),
    }


KEEPING: dict[str, Surface] = {
    **_entries("caches", _CACHED),
    **_entries("files", _FILED),
    **_entries("file_search_stores", _STORED),
    **_entries("models", _MODELS),
    **_entries("auth_tokens", _TOKENS),
}
