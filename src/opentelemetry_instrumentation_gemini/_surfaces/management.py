"""Caches, files, stores, tokens, models: the things that a project keeps at the service."""

from collections.abc import Callable
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    Answer,
    Call,
    Endpoint,
    Failure,
    Parameters,
    Request,
    Usage,
    Value,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.endpoint import (
    read_called_endpoint,
    read_resource_endpoint,
)
from opentelemetry_instrumentation_gemini._reading.errors import read_failure, scrub
from opentelemetry_instrumentation_gemini._reading.fields import details_of, enum_text, field, view
from opentelemetry_instrumentation_gemini._reading.interaction_usage import read_interaction_counts
from opentelemetry_instrumentation_gemini._reading.server_events import ServerEvents
from opentelemetry_instrumentation_gemini._reading.usage import to_usage

from . import Reader, Surface, no_content, no_parameters
from .arguments import argument, model_name
from .jobs import SubmissionReader

_RESULT = {
    "state": "resource_state",
    "mime_type": "resource_mime_type",
    "size_bytes": "resource_bytes",
}
"""Field of a result → detail. Times and contents are not told."""


def _managing(operation: str, named: str | None = "name", *, secret: bool = False) -> Surface:
    """Return the surface of an operation whose resource is named by the argument *named*.

    Args:
        operation: The operation's name.
        named: The argument that names the resource, if one does.
        secret: Whether what comes back is one: nothing of it is told then.
    """
    # A page is told of by its operation alone; it has a name, which is not the resource's.
    told = not secret and not operation.startswith("list")

    def reader(_capture: bool) -> Reader:
        return _ResourceReader("name", told=told, made=operation.startswith("create"))

    return _surface(operation, named, read_called_endpoint, reader)


def _importing(operation: str) -> Surface:
    """Return the surface of an operation on a store that goes on when the call is over."""
    return _surface(operation, "file_search_store_name", read_called_endpoint, SubmissionReader)


def _generated(
    operation: str,
    named: str | None = "id",
    identifier: str = "id",
    *,
    told: bool = True,
    secret: bool = False,
) -> Surface:
    """Return the same for the generated clients.

    Args:
        operation: The operation's name.
        named: The argument that names the resource, if one does.
        identifier: The field of the result that does.
        told: Whether the result says anything of the resource itself.
        secret: Whether what is sent is one, which an exception might quote.
    """
    told = told and not operation.startswith("list")

    def reader(_capture: bool) -> Reader:
        return _GeneratedReader(identifier, told=told, made=operation.startswith("create"))

    return _surface(operation, named, _resource_endpoint, reader, _type_only if secret else None)


def _create_agent(call: Call, _stream: bool) -> Request:
    agent = enum_text(call.kwargs.get("id"))
    return Request("create_agent", _resource_endpoint(call), agent=agent)


def _agent_reader(_capture: bool) -> Reader:
    return _GeneratedReader("id", told=True, made=True)


def _surface(
    operation: str,
    named: str | None,
    endpoint: Callable[[Call], Endpoint],
    reader: Callable[[bool], Reader],
    failure: Callable[[BaseException, bool], Failure] | None = None,
) -> Surface:
    def request(call: Call, _stream: bool) -> Request:
        return Request(
            operation=operation,
            endpoint=endpoint(call),
            model=model_name(call.kwargs.get("model")),
            origin=_resource(call, named),
        )

    def parameters(call: Call) -> Parameters:
        resource = _resource(call, named)
        # A file may be named by an address that opens it.
        return Parameters(details={"resource_name": scrub(resource)} if resource else {})

    if failure is None:
        return Surface(request, parameters, no_content, reader)
    return Surface(request, parameters, no_content, reader, failure)


def _resource_endpoint(call: Call) -> Endpoint:
    return read_resource_endpoint(call.instance)


def _resource(call: Call, named: str | None) -> str | None:
    if named is None:
        return None
    # What a whole request says, the generated clients take before all else.
    said = field(view(call.kwargs.get("request")), named)
    # The files of an environment are asked for by either name.
    return enum_text(said or argument(call, named, 0)) or enum_text(call.kwargs.get(f"{named}_id"))


def _type_only(error: BaseException, _content: bool) -> Failure:
    failure = read_failure(error, content=False)
    return Failure(failure.error_type, failure.exception_type)


class _ResourceReader:
    """Reads which resource came back."""

    __slots__ = ("_details", "_identifier", "_made", "_remembered", "_told")

    def __init__(self, identifier: str, *, told: bool, made: bool) -> None:
        self._identifier = identifier
        self._told = told
        self._remembered = made
        self._details: dict[str, Value] = {}
        self._made: tuple[str, ...] = ()

    def add(self, response: Any) -> None:
        if self._told and response is not None:
            self._read(response)

    def _read(self, response: Any) -> None:
        source = view(response)
        self._details = details_of(source, _RESULT)
        name = enum_text(field(source, self._identifier))
        if name is not None:
            self._details["resource_name"] = name
            self._made = (name,) if self._remembered else ()
        cached = view(field(source, "usage_metadata"))
        tokens = None if cached is None else field(cached, "total_token_count")
        if tokens is not None:
            self._details["cache_tokens"] = tokens

    def answer(self, complete: bool) -> Answer:
        return Answer(details=self._details, made=self._made)

    def content(self) -> Content:
        return {}


class _GeneratedReader(_ResourceReader):
    """Reads the same of the generated clients, also where a program leaves a response unparsed."""

    __slots__ = ("_body",)

    def __init__(self, identifier: str, *, told: bool, made: bool) -> None:
        super().__init__(identifier, told=told, made=made)
        self._body = ServerEvents()

    def add(self, response: Any) -> None:
        if self._told and response is not None:
            for document in self._body.take(response):
                self._read(document)

    def answer(self, complete: bool) -> Answer:
        for document in self._body.end():
            self._read(document)
        return super().answer(complete)


class _VoiceReader(_GeneratedReader):
    """Reads which voice a model made, and what that costs."""

    __slots__ = ("_usage",)

    def __init__(self, _capture: bool) -> None:
        super().__init__("id", told=True, made=True)
        self._usage: Usage | None = None

    def _read(self, response: Any) -> None:
        super()._read(response)
        usage = field(view(response), "usage")
        self._usage = to_usage(usage and read_interaction_counts(usage))

    def answer(self, complete: bool) -> Answer:
        return super().answer(complete)._replace(usage=self._usage)


def _create_voice(call: Call, _stream: bool) -> Request:
    voice = view(call.kwargs.get("voice"))
    return Request("create_voice", _resource_endpoint(call), enum_text(field(voice, "model")))


CREATE_CACHE = _managing("create_cache", named=None)
UPDATE_CACHE = _managing("update_cache")
DELETE_CACHE = _managing("delete_cache")
GET_CACHE = _managing("get_cache")
UPLOAD_FILE = _managing("upload_file", named=None)
REGISTER_FILES = _managing("register_files", named=None)
DELETE_FILE = _managing("delete_file")
DOWNLOAD_FILE = _managing("download_file", named="file")
GET_FILE = _managing("get_file")
CREATE_STORE = _managing("create_file_search_store", named=None)
DELETE_STORE = _managing("delete_file_search_store")
GET_STORE = _managing("get_file_search_store")
IMPORT_FILE = _importing("import_file")
UPLOAD_TO_STORE = _importing("upload_to_file_search_store")
DOWNLOAD_MEDIA = _managing("download_media", named="media_id")
DELETE_DOCUMENT = _managing("delete_document")
GET_DOCUMENT = _managing("get_document")
CREATE_AUTH_TOKEN = _managing("create_auth_token", named=None, secret=True)
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
CREATE_AGENT = Surface(_create_agent, no_parameters, no_content, _agent_reader)
DELETE_AGENT = _generated("delete_agent")
GET_AGENT = _generated("get_agent")
LIST_AGENTS = _generated("list_agents", named=None)
CREATE_WEBHOOK = _generated("create_webhook", named=None)
UPDATE_WEBHOOK = _generated("update_webhook")
DELETE_WEBHOOK = _generated("delete_webhook")
GET_WEBHOOK = _generated("get_webhook")
LIST_WEBHOOKS = _generated("list_webhooks", named=None)
PING_WEBHOOK = _generated("ping_webhook")
ROTATE_WEBHOOK_SECRET = _generated("rotate_webhook_secret")
CREATE_TRIGGER = _generated("create_trigger", named=None)
UPDATE_TRIGGER = _generated("update_trigger")
DELETE_TRIGGER = _generated("delete_trigger")
GET_TRIGGER = _generated("get_trigger")
LIST_TRIGGERS = _generated("list_triggers", named=None)
RUN_TRIGGER = _generated("run_trigger", "trigger_id", "trigger_id")
LIST_TRIGGER_EXECUTIONS = _generated("list_trigger_executions", "trigger_id")
CREATE_ENVIRONMENT = _generated("create_environment", named=None)
DELETE_ENVIRONMENT = _generated("delete_environment")
GET_ENVIRONMENT = _generated("get_environment")
LIST_ENVIRONMENTS = _generated("list_environments", named=None)
UPLOAD_ENVIRONMENT_FILE = _generated("upload_environment_file", "environment", told=False)
DOWNLOAD_ENVIRONMENT_FILE = _generated("download_environment_file", "environment", told=False)
LIST_ENVIRONMENT_FILES = _generated("list_environment_files", "environment")
CREATE_CREDENTIAL = _generated("create_credential", named=None, secret=True)
UPDATE_CREDENTIAL = _generated("update_credential", secret=True)
DELETE_CREDENTIAL = _generated("delete_credential")
GET_CREDENTIAL = _generated("get_credential")
LIST_CREDENTIALS = _generated("list_credentials", named=None)
CREATE_VOICE = Surface(_create_voice, no_parameters, no_content, _VoiceReader)
DELETE_VOICE = _generated("delete_voice")
GET_VOICE = _generated("get_voice")
LIST_VOICES = _generated("list_voices", named=None)
