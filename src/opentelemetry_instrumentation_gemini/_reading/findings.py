"""What Gemini says beside the answer itself: why it was blocked, its sources."""

from collections.abc import Iterable, Iterator
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Value

from .fields import FieldReader, enum_text, field, view

_RATING = FieldReader("blocked", "category")


class Findings:
    """Collects them over the chunks of an answer; of each the last one counts.

    `details` may always be told. `content` quotes the prompt or the answer.
    """

    __slots__ = ("content", "details")

    def __init__(self) -> None:
        self.details: dict[str, Value] = {}
        self.content: dict[str, Any] = {}

    def add_feedback(self, feedback: Any) -> None:
        """Take what Gemini thinks of the prompt."""
        source = view(feedback)
        self._detail("block_reason", enum_text(source.block_reason))
        self._add_safety(source.safety_ratings)

    def add_service(self, traffic: Any, tier: Any) -> None:
        """Take how the request was served: the class of traffic, the tier."""
        self._detail("traffic_type", enum_text(traffic))
        self._detail("service_tier", enum_text(tier))

    def add_candidate(
        self, safety: Any, message: Any, grounding: Any, citations: Any, url_context: Any
    ) -> None:
        """Take what stands beside a candidate's content."""
        if safety:
            self._add_safety(safety)
        if message is not None:
            self.content["finish_message"] = message
        if grounding is not None:
            self._add_grounding(view(grounding))
        if citations is not None:
            self._list("citation_uris", _texts(field(view(citations), "citations"), "uri"))
        if url_context is not None:
            self._add_url_context(view(url_context))

    def add_outcome(self, result: Any) -> None:
        """Take how a piece of code that the service ran came out."""
        outcome = enum_text(field(view(result), "outcome"))
        if outcome is not None:
            before = self.details.get("code_execution_outcomes", ())
            self.details["code_execution_outcomes"] = [*_strings(before), outcome]

    def _add_safety(self, ratings: Any) -> None:
        blocked = [
            name
            for blocking, category in map(_RATING, ratings or ())
            if blocking and (name := enum_text(category)) is not None
        ]
        if blocked:
            self.details["blocked_categories"] = blocked

    def _add_grounding(self, grounding: Any) -> None:
        queries = [
            *_strings(field(grounding, "web_search_queries")),
            *_strings(field(grounding, "image_search_queries")),
        ]
        if queries:
            self.details["grounding_query_count"] = len(queries)
        self._list(
            "grounding_queries", [*queries, *_strings(field(grounding, "retrieval_queries"))]
        )
        sources = list(_sources(field(grounding, "grounding_chunks")))
        self._list("grounding_source_uris", [uri for uri, _ in sources if uri])
        self._list("grounding_source_titles", [title for _, title in sources if title])

    def _add_url_context(self, context: Any) -> None:
        entries = field(context, "url_metadata")
        self._list("url_context_urls", _texts(entries, "retrieved_url"))
        statuses = _texts(entries, "url_retrieval_status")
        if statuses:
            self.details["url_context_statuses"] = statuses

    def _detail(self, name: str, value: str | None) -> None:
        if value is not None:
            self.details[name] = value

    def _list(self, name: str, values: list[str]) -> None:
        if values:
            self.content[name] = tuple(values)


def _sources(chunks: Any) -> Iterator[tuple[str | None, str | None]]:
    for chunk in map(view, chunks or ()):
        for kind in ("web", "retrieved_context", "maps", "image"):
            source = field(chunk, kind)
            if source is not None:
                entry = view(source)
                uri = field(entry, "uri") or field(entry, "source_uri")
                yield enum_text(uri), enum_text(field(entry, "title"))


def _texts(entries: Iterable[Any] | None, name: str) -> list[str]:
    texts = (enum_text(field(view(entry), name)) for entry in entries or ())
    return [text for text in texts if text is not None]


def _strings(values: Any) -> list[str]:
    return [value for value in values or () if isinstance(value, str)]
