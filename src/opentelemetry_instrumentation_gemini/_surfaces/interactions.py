"""The Interactions API: answers of models and agents that the service keeps.

Creating one is an inference, or where an agent is named its invocation; fetching one is not, and
bills nothing.
"""

from collections import OrderedDict
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import (
    Answer,
    Call,
    Failure,
    Parameters,
    Request,
)
from opentelemetry_instrumentation_gemini._facts.messages import Content
from opentelemetry_instrumentation_gemini._reading.endpoint import read_resource_endpoint
from opentelemetry_instrumentation_gemini._reading.errors import read_failure
from opentelemetry_instrumentation_gemini._reading.fields import field
from opentelemetry_instrumentation_gemini._reading.interaction_answer import InteractionReader
from opentelemetry_instrumentation_gemini._reading.interaction_request import (
    read_interaction_content,
    read_interaction_parameters,
    request_body,
    text_field,
)

from . import Surface, no_content
from .arguments import argument


def _request(call: Call, _stream: bool) -> Request:
    body = request_body(call)
    endpoint = read_resource_endpoint(call.instance)
    agent = text_field(body, "agent")
    if agent is not None:
        return Request("invoke_agent", endpoint, agent=agent)
    stream = field(body, "stream") is True
    return Request("generate_content", endpoint, text_field(body, "model"), stream)


def _parameters(call: Call) -> Parameters:
    body = request_body(call)
    parameters = read_interaction_parameters(body)
    if text_field(body, "agent") is None:
        return parameters
    # The conventions give agents fewer parameters than single inferences.
    return parameters._replace(top_k=None, reasoning_level=None)


def _content(call: Call) -> Content:
    return read_interaction_content(request_body(call))


def _partial(error: BaseException) -> Any:
    """Return what was answered, and billed, before a later hop failed."""
    return field(error, "partial_interaction")


def _amend(request: Request, answer: Answer) -> Answer:
    """Return what is told of an *answer*, which need not say itself that an agent gave it."""
    if request.agent is None:
        _remember_model(answer)
        return answer
    # The conventions know these of inferences only.
    usage = answer.usage and answer.usage._replace(reasoning_tokens=None)
    names = {"response_status": "interaction_status"}
    details = {names.get(key, key): value for key, value in answer.details.items()}
    if answer.response_id is not None:
        details["interaction_id"] = answer.response_id
    return answer._replace(response_id=None, model=None, usage=usage, details=details)


_models: OrderedDict[str, str] = OrderedDict()
_MOST_MODELS = 1024


def _remember_model(answer: Answer) -> None:
    for name in answer.made if answer.model else ():
        _models[name] = answer.model or ""
        if len(_models) > _MOST_MODELS:
            _models.popitem(last=False)


def model_of(interaction: str | None) -> str | None:
    """Return the model of an interaction that this process created, if it is remembered."""
    return None if interaction is None else _models.get(interaction)


CREATE = Surface(_request, _parameters, _content, InteractionReader, partial=_partial, amend=_amend)


def _about(operation: str) -> Any:
    def request(call: Call, _stream: bool) -> Request:
        endpoint = read_resource_endpoint(call.instance)
        return Request(operation, endpoint, origin=_interaction_id(call))

    return request


def _interaction_id(call: Call) -> str | None:
    named = argument(call, "id", 0)
    return named if isinstance(named, str) else None


def _named(call: Call) -> Parameters:
    details: dict[str, Any] = {}
    named = _interaction_id(call)
    if named:
        details["requested_response_id"] = named
    cursor = call.kwargs.get("last_event_id")
    if isinstance(cursor, str) and cursor:
        details["stream_cursor"] = cursor
    return Parameters(details=details)


class _FetchReader(InteractionReader):
    """Reads what is fetched; its tokens and searches were billed when it was made."""

    __slots__ = ()

    def finish_reasons(self, complete: bool) -> list[str]:
        # A fetch that breaks off says nothing of the interaction.
        return super().finish_reasons(complete) if self.is_final else []

    def answer(self, complete: bool) -> Answer:
        answer = super().answer(complete)
        # A failed interaction can be fetched very well.
        failure = answer.failure if self.broke_off else None
        details = {key: it for key, it in answer.details.items() if key != "grounding_query_count"}
        return answer._replace(usage=None, failure=failure, details=details, made=())

    def content(self) -> Content:
        content = super().content()
        return {kind: content[kind] for kind in ("output_messages",) if kind in content}


class _StatusReader(InteractionReader):
    """Reads no more than what has become of the interaction."""

    __slots__ = ()

    def answer(self, complete: bool) -> Answer:
        status = super().answer(complete).details.get("response_status")
        return Answer(details={} if status is None else {"response_status": status})

    def content(self) -> Content:
        return {}


FETCH = Surface(_about("fetch_response"), _named, no_content, _FetchReader)
CANCEL = Surface(_about("cancel_interaction"), _named, no_content, _StatusReader)
DELETE = Surface(_about("delete_interaction"), _named, no_content, _StatusReader)


def _token_request(operation: str) -> Any:
    def request(call: Call, _stream: bool) -> Request:
        return Request(operation, read_resource_endpoint(call.instance), origin=_owner(call))

    return request


def _owner(call: Call) -> str | None:
    named = argument(call, "interaction_id", 0)
    return named if isinstance(named, str) else None


def _owned(call: Call) -> Parameters:
    owner = _owner(call)
    return Parameters(details={"requested_response_id": owner} if owner else {})


def _without_text(error: BaseException, _content: bool) -> Failure:
    """Return no more than a type: the text may name the token that was to be deleted."""
    failure = read_failure(error, content=False)
    return Failure(failure.error_type, failure.exception_type)


class _Secret:
    """Reads nothing: what comes back is a token."""

    __slots__ = ()

    def add(self, _response: Any) -> None:
        pass

    def answer(self, complete: bool) -> Answer:
        return Answer()

    def content(self) -> Content:
        return {}


def _secret(_capture: bool) -> _Secret:
    return _Secret()


CREATE_TOKEN = Surface(_token_request("create_auth_token"), _owned, no_content, _secret)
DELETE_TOKEN = Surface(
    _token_request("delete_auth_token"), _owned, no_content, _secret, _without_text
)
