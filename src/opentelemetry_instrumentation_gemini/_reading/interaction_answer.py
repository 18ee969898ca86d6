"""An interaction, whole or as the events of a stream, as one answer.

An answer that is cut off goes on in further requests, called hops, each an interaction of its own.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Answer, Failure, Value
from opentelemetry_instrumentation_gemini._facts.messages import Content

from .errors import scrub
from .fields import FieldReader, enum_text, field, view
from .finish import ERROR, TOOL_CALL
from .interaction_parts import Item, read_item, role_of_item, to_item
from .interaction_steps import GrowingStep, begin_step
from .interaction_usage import read_interaction_counts, sum_searches, sum_usage
from .server_events import ServerEvents
from .usage import Counts

_EVENT = FieldReader(
    "event_type",
    "interaction",
    "interaction_id",
    "status",
    "usage",
    "metadata",
    "index",
    "step",
    "content",
    "delta",
    "error",
)
_INTERACTION = FieldReader("id", "status", "usage", "model", "service_tier", "continuation_ids")
_NAMES = FieldReader("id", "continuation_ids")
_STATUS = FieldReader("status")
_DELTA = FieldReader("type", "text", "annotations")

_FINISHED = {
    "completed": "stop",
    "requires_action": TOOL_CALL,
    "incomplete": "length",
    "failed": ERROR,
}
_GOES_ON = frozenset({"queued", "in_progress", "idle"})


class _Hop:
    """What one request brought; `name` is its interaction's, where it was told as a whole."""

    __slots__ = ("counts", "ended", "items", "name", "steps")

    def __init__(self, name: Any = None) -> None:
        self.name = name
        self.ended = False
        self.counts: list[Counts] = []
        self.items: list[Item] = []
        self.steps: dict[Any, GrowingStep] = {}

    def said(self) -> list[Item]:
        """Return the steps, from pieces where there were any."""
        return [step.item() for step in self.steps.values()] or self.items


class InteractionReader:
    """Takes an interaction, or a stream's events one by one, and keeps what was said in total.

    Also takes the SDK's unparsed responses, and the bytes of one that the caller reads itself.

    Args:
        capture: Whether the content is read too.

    Attributes:
        broke_off: Whether an event said that something went wrong.
    """

    __slots__ = (
        "_body",
        "_capture",
        "_failure",
        "_hops",
        "_ids",
        "_model",
        "_reasons",
        "_service_tier",
        "_status",
        "_streamed",
        "broke_off",
    )

    def __init__(self, capture: bool) -> None:
        self._capture = capture
        self._body = ServerEvents()
        self._hops: list[_Hop] = []
        self._ids: dict[str, None] = {}
        self._status: str | None = None
        self._model: str | None = None
        self.broke_off = False
        self._service_tier: str | None = None
        self._failure: Failure | None = None
        self._streamed = False
        self._reasons: list[str] = []

    def add(self, response: Any) -> None:
        """Read one result, event or piece of a body; nothing in it is changed or kept."""
        for told in self._body.take(response):
            self._add(told)

    def add_hop(self, interaction: Any) -> None:
        """Read the result of one request, if the SDK will send another to go on from it.

        The SDK merges them into the call's result, but not where the last one brings no steps.
        """
        if _is_cut(interaction):
            self._add_whole(interaction)

    def _add(self, value: Any) -> None:
        kind, interaction, *rest = _EVENT(value)
        if kind is None:
            self._add_whole(value)
            return
        if kind == "UNKNOWN":
            # What this google-genai has no type for, such as the events of an older API.
            self._add(getattr(value, "raw", None))
            return
        self._streamed = True
        if kind in _BEGINS:
            self._hops.append(_Hop())
        if interaction is not None:
            self._add_interaction(interaction)
        self._add_event(kind, *rest)
        if interaction is not None and _is_cut(interaction):
            self._hop().ended = True

    def _add_event(
        self, kind: str, interaction_id: Any, status: Any, usage: Any, metadata: Any, *piece: Any
    ) -> None:
        if interaction_id:
            self._ids[interaction_id] = None
        if status is not None:
            self._status = enum_text(status)
        if metadata is not None:
            seen = view(metadata)
            usage = usage or field(seen, "total_usage") or field(seen, "usage")
        if usage is not None and kind != "step.stop":
            self._hop().counts.append(read_interaction_counts(usage))
        *step, error = piece
        if error is not None or kind == "error":
            self._failure = read_error(error, "error")
            self.broke_off = True
        if self._capture:
            self._add_piece(*step)

    def _add_piece(self, index: Any, step: Any, content: Any, delta: Any) -> None:
        steps = self._hop().steps
        begun = content if step is None else step
        if begun is not None:
            steps[index] = GrowingStep(to_item(begun))
        if delta is None:
            return
        kind, text, annotations = _DELTA(delta)
        if kind == "text" and type(text) is str and not annotations and index in steps:
            steps[index].add_text(text)
            return
        item = to_item(delta)
        if index not in steps:
            steps[index] = begin_step(item)
        steps[index].add(item)

    def _add_whole(self, interaction: Any) -> None:
        named, hops = _NAMES(interaction)
        # A result stands for each hop that it names.
        names = _texts((named, *_listed(hops)))
        self._hops = [hop for hop in self._hops if hop.name not in names]
        self._hops.append(_Hop(named))
        self._status = None
        self._add_interaction(interaction)

    def _add_interaction(self, interaction: Any) -> None:
        named, status, usage, model, tier, hops = _INTERACTION(interaction)
        for name in (*_listed(hops), named):
            if isinstance(name, str) and name:
                self._ids[name] = None
        self._status = enum_text(status) or self._status
        self._model = enum_text(model) or self._model
        self._service_tier = enum_text(tier) or self._service_tier
        if usage is not None:
            self._hop().counts.append(read_interaction_counts(usage))
        if self._status == "failed":
            errors = _listed(field(view(interaction), "errors"))
            self._failure = read_error(next(iter(errors), None), "failed")
        if self._capture:
            seen = view(interaction)
            said = field(seen, "steps") or field(seen, "outputs")
            self._hop().items.extend(map(to_item, _listed(said)))

    def _hop(self) -> _Hop:
        # A stream that is resumed may not say that a hop begins.
        if not self._hops or self._hops[-1].ended:
            self._hops.append(_Hop())
        return self._hops[-1]

    def answer(self, complete: bool) -> Answer:
        """Return what is known; of a stream that broke off the finish reason is `error`."""
        for document in self._body.end():
            self._add(document)
        ids = tuple(self._ids)
        reasons = self._reasons = self.finish_reasons(complete)
        usage = sum_usage(hop.counts for hop in self._hops)
        details = self._details(len(ids))
        named = ids[-1] if ids else None
        return Answer(named, self._model, reasons, usage, details, self._failure, ids)

    def _details(self, hops: int) -> dict[str, Value]:
        details: dict[str, Value] = {}
        if self._status:
            details["response_status"] = self._status
        if self._service_tier:
            details["service_tier"] = self._service_tier
        if hops > 1:
            details["request_count"] = hops
        searches = sum_searches(hop.counts for hop in self._hops)
        if searches:
            details["grounding_query_count"] = searches
        return details

    @property
    def is_final(self) -> bool:
        """Whether the interaction is over, as far as is known."""
        return self._status is not None and self._status not in _GOES_ON

    def finish_reasons(self, complete: bool) -> list[str]:
        """Return why the model stopped; nothing while it goes on elsewhere."""
        if self._status is not None and self.is_final:
            return [_FINISHED.get(self._status) or self._status]
        broke_off = self._streamed or not complete or self._failure is not None
        return [ERROR] if broke_off else []

    def content(self) -> Content:
        """Return what the model said over all hops, as one message, and what else quotes it."""
        said = [item for hop in self._hops for item in hop.said()]
        said = [item for item in said if role_of_item(item, "assistant") != "user"]
        parts = [part for item in said for part in read_item(item)]
        content: dict[str, Any] = {kind: texts for kind, texts in _findings(said) if texts}
        if parts:
            message = {"role": "assistant", "parts": parts}
            if self._reasons:
                message["finish_reason"] = self._reasons[0]
            content["output_messages"] = [message]
        return content


def _is_cut(interaction: Any) -> bool:
    """Whether another request is needed to go on with what *interaction* says."""
    (status,) = _STATUS(interaction)
    return enum_text(status) == "requires_continuation"


def read_error(error: Any, otherwise: str) -> Failure:
    """Return an error that the service reports in an answer; *otherwise* says what it is called."""
    seen = view(error)
    code, message = field(seen, "code"), enum_text(field(seen, "message"))
    name = str(code) if isinstance(code, (str, int)) and code else otherwise
    return Failure(name, name, None if message is None else scrub(message))


def _findings(items: Iterable[Item]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what was searched for and what was cited."""
    items = list(items)
    searches = [_inside(item, "arguments") for item in items if item.get("type") in _SEARCHES]
    yield (
        "grounding_queries",
        _texts(query for s in searches for query in _listed(s.get("queries"))),
    )
    pages = [_inside(item, "arguments") for item in items if item.get("type") == "url_context_call"]
    yield "url_context_urls", _texts(address for p in pages for address in _listed(p.get("urls")))
    contents = [c for item in items for c in _listed(item.get("content")) if isinstance(c, dict)]
    cited = [a for c in contents for a in _listed(c.get("annotations")) if isinstance(a, dict)]
    yield "citation_uris", _texts(annotation.get("url") for annotation in cited)


_SEARCHES = {"google_search_call", "google_maps_call", "retrieval_call"}
_BEGINS = {"interaction.created", "interaction.start"}


def _inside(item: Item, name: str) -> Item:
    value = item.get(name)
    return value if isinstance(value, dict) else {}


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str))


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (list, tuple)) else ()
