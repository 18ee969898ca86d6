"""Caches, files, stores, tokens, models: the things that a project keeps at the service."""

from collections.abc import Mapping
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    Answer,
    Call,
    Parameters,
    Request,
    Value,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.endpoint import read_endpoint
from opentelemetry_instrumentation_gemini._reading.fields import enum_text, field, view

from . import Surface, argument, no_content
from .generate_content import model_name

_RESULT = {
    "name": "resource_name",
    "state": "resource_state",
    "mime_type": "resource_mime_type",
    "size_bytes": "resource_bytes",
    "expire_time": None,
}
"""Field of a result → detail. Times and contents are not told."""

_SECRET = frozenset({"create_auth_token"})
"""What returns a secret: nothing of its result is told."""


def _managing(operation: str, named: str | None = "name") -> Surface:
    """Return the surface of an operation whose resource is named by the argument *named*."""

    def request(call: Call, _stream: bool) -> Request:
        resource = _resource(call, named)
        return Request(
            operation=operation,
            endpoint=read_endpoint(call.instance._api_client, view(call.kwargs.get("config"))),  # noqa: SLF001
            model=model_name(call.kwargs.get("model")),
            origin=resource,
        )

    def parameters(call: Call) -> Parameters:
        resource = _resource(call, named)
        return Parameters(details={"resource_name": resource} if resource else {})

    def reader(_capture: bool) -> _ResourceReader:
        return _ResourceReader(told=operation not in _SECRET, made=operation.startswith("create"))

    return Surface(request, parameters, no_content, reader)


def _resource(call: Call, named: str | None) -> str | None:
    return None if named is None else enum_text(argument(call, named, 0))


class _ResourceReader:
    """Reads which resource came back."""

    __slots__ = ("_details", "_made", "_remembered", "_told")

    def __init__(self, *, told: bool, made: bool) -> None:
        self._told = told
        self._remembered = made
        self._details: dict[str, Value] = {}
        self._made: tuple[str, ...] = ()

    def add(self, response: Any) -> None:
        if not self._told or response is None:
            return
        source = view(response)
        self._details = dict(_told(source))
        name = self._details.get("resource_name")
        if self._remembered and isinstance(name, str):
            self._made = (name,)
        cached = view(field(source, "usage_metadata"))
        tokens = None if cached is None else field(cached, "total_token_count")
        if tokens is not None:
            self._details["cache_tokens"] = tokens

    def answer(self, complete: bool) -> Answer:
        return Answer(details=self._details, made=self._made)

    def content(self) -> Content:
        return {}


def _told(source: Any) -> Mapping[str, Value]:
    found: dict[str, Value] = {}
    for name, detail in _RESULT.items():
        value = field(source, name)
        value = value if isinstance(value, int) else enum_text(value)
        if detail is not None and value is not None:
            found[detail] = value
    return found


CREATE_CACHE = _managing("create_cache", named=None)
UPDATE_CACHE = _managing("update_cache")
DELETE_CACHE = _managing("delete_cache")
GET_CACHE = _managing("get_cache")
UPLOAD_FILE = _managing("upload_file", named=None)
REGISTER_FILES = _managing("register_files", named=None)
DELETE_FILE = _managing("delete_file")
DOWNLOAD_FILE = _managing("download_file", named=None)
GET_FILE = _managing("get_file")
CREATE_STORE = _managing("create_file_search_store", named=None)
DELETE_STORE = _managing("delete_file_search_store")
GET_STORE = _managing("get_file_search_store")
IMPORT_FILE = _managing("import_file", named="file_search_store_name")
UPLOAD_TO_STORE = _managing("upload_to_file_search_store", named="file_search_store_name")
DOWNLOAD_MEDIA = _managing("download_media")
DELETE_DOCUMENT = _managing("delete_document")
GET_DOCUMENT = _managing("get_document")
CREATE_AUTH_TOKEN = _managing("create_auth_token", named=None)
CANCEL_BATCH = _managing("cancel_batch")
DELETE_BATCH = _managing("delete_batch")
CANCEL_TUNING = _managing("cancel_tuning")
VALIDATE_REWARD = _managing("validate_reward", named=None)
UPDATE_MODEL = _managing("update_model", named="model")
DELETE_MODEL = _managing("delete_model", named="model")
GET_MODEL = _managing("get_model", named="model")
LIST_MODELS = _managing("list_models", named=None)
LIST_CACHES = _managing("list_caches", named=None)
LIST_FILES = _managing("list_files", named=None)
LIST_BATCHES = _managing("list_batches", named=None)
LIST_TUNINGS = _managing("list_tunings", named=None)
LIST_STORES = _managing("list_file_search_stores", named=None)
LIST_DOCUMENTS = _managing("list_documents", named="parent")
