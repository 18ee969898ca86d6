"""What Gemini says beside the answer itself: why it was blocked, its sources."""

from collections.abc import Iterable, Iterator
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Value

from .fields import FieldReader, enum_text, field, view

_RATING = FieldReader("blocked", "category")


class Findings:
    """Collects them over an answer's chunks and candidates, each thing that is told again once.

    `details` may always be told. `content` quotes the prompt or the answer.
    """

    __slots__ = ("_known", "content", "details")

    def __init__(self) -> None:
        self.details: dict[str, Value] = {}
        self.content: dict[str, Any] = {}
        self._known: dict[str, tuple[Any, ...]] = {}

    def add_feedback(self, feedback: Any) -> None:
        """Take what Gemini thinks of the prompt."""
        source = view(feedback)
        self._detail("block_reason", enum_text(source.block_reason))
        self._add_message(field(source, "block_reason_message"))
        self._add_safety(source.safety_ratings)

    def add_service(self, traffic: Any, tier: Any) -> None:
        """Take how the request was served: the class of traffic, the tier."""
        self._detail("traffic_type", enum_text(traffic))
        self._detail("service_tier", enum_text(tier))

    def add_candidate(
        self, safety: Any, message: Any, grounding: Any, citations: Any, url_context: Any
    ) -> None:
        """Take what stands beside a candidate's content."""
        self._add_safety(safety)
        self._add_message(message)
        if grounding is not None:
            self._add_grounding(view(grounding))
        if citations is not None:
            self._add_citations(view(citations))
        if url_context is not None:
            self._add_url_context(view(url_context))

    def add_outcome(self, result: Any) -> None:
        """Take how a piece of code that the service ran came out."""
        outcome = enum_text(field(view(result), "outcome"))
        if outcome is not None:
            before = self.details.get("code_execution_outcomes", ())
            self.details["code_execution_outcomes"] = [*_strings(before), outcome]

    def _add_message(self, message: Any) -> None:
        if message is not None:
            self.content["finish_message"] = message

    def _add_safety(self, ratings: Any) -> None:
        blocked = [
            name
            for blocking, category in map(_RATING, ratings or ())
            if blocking and (name := enum_text(category)) is not None
        ]
        if blocked:
            self.details["blocked_categories"] = self._all("blocked", blocked)

    def _add_grounding(self, grounding: Any) -> None:
        searches = self._all(
            "searches",
            [
                *_strings(field(grounding, "web_search_queries")),
                *_strings(field(grounding, "image_search_queries")),
            ],
        )
        if searches:
            self.details["grounding_query_count"] = len(searches)
        retrievals = self._all("retrievals", _strings(field(grounding, "retrieval_queries")))
        self._list("grounding_queries", [*searches, *retrievals])
        sources = self._all("sources", _sources(field(grounding, "grounding_chunks")))
        self._list("grounding_source_uris", [uri for uri, _ in sources if uri])
        self._list("grounding_source_titles", [title for _, title in sources if title])

    def _add_citations(self, citations: Any) -> None:
        # On the wire the Gemini API spells it otherwise than Vertex AI and the SDK.
        cited = field(citations, "citations") or field(citations, "citation_sources")
        addresses = (enum_text(field(view(entry), "uri")) for entry in cited or ())
        self._list("citation_uris", self._all("cited", filter(None, addresses)))

    def _add_url_context(self, context: Any) -> None:
        entries = map(view, field(context, "url_metadata") or ())
        visits = self._all(
            "visits",
            (
                (
                    enum_text(field(entry, "retrieved_url")),
                    enum_text(field(entry, "url_retrieval_status")),
                )
                for entry in entries
            ),
        )
        self._list("url_context_urls", [address for address, _ in visits if address is not None])
        statuses = [status for _, status in visits if status is not None]
        if statuses:
            self.details["url_context_statuses"] = statuses

    def _all(self, kind: str, found: Iterable[Any]) -> tuple[Any, ...]:
        """Return all that was found of a *kind*: what is said twice in one place counts twice."""
        before = self._known.get(kind, ())
        known = self._known[kind] = (*before, *(one for one in found if one not in before))
        return known

    def _detail(self, name: str, value: str | None) -> None:
        if value is not None:
            self.details[name] = value

    def _list(self, name: str, values: Iterable[str]) -> None:
        texts = tuple(values)
        if texts:
            self.content[name] = texts


def _sources(chunks: Any) -> Iterator[tuple[str | None, str | None]]:
    for chunk in map(view, chunks or ()):
        for kind in ("web", "retrieved_context", "maps", "image"):
            source = field(chunk, kind)
            if source is not None:
                entry = view(source)
                uri = field(entry, "uri") or field(entry, "source_uri")
                yield enum_text(uri), enum_text(field(entry, "title"))


def _strings(values: Any) -> list[str]:
    return [value for value in values or () if isinstance(value, str)]
