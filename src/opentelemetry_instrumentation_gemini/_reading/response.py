"""A `GenerateContentResponse`, whole or in chunks, as one answer."""

from collections.abc import Iterable
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Answer
from opentelemetry_instrumentation_gemini._facts.messages import Content, Message, Part

from .contents import role_of
from .fields import FieldReader
from .findings import Findings
from .finish import CONTENT_FILTER, ERROR, finish_reason
from .parts import read_part
from .streamed_calls import goes_on
from .unparsed import read_body
from .usage import TRAFFIC, Counts, merge_counts, read_counts, to_usage

_RESPONSE = FieldReader(
    "response_id",
    "model_version",
    "usage_metadata",
    "prompt_feedback",
    "candidates",
    "sdk_http_response",
)
_CANDIDATE = FieldReader(
    "index",
    "finish_reason",
    "content",
    "safety_ratings",
    "finish_message",
    "grounding_metadata",
    "citation_metadata",
    "url_context_metadata",
)
_CONTENT = FieldReader("parts", "role")
_PART = FieldReader(
    "text", "thought", "thought_signature", "function_call", "code_execution_result"
)

_SERVICE_TIER_HEADER = "x-gemini-service-tier"
_SERVICE_TIER_HEADER_TITLED = "X-Gemini-Service-Tier"
"""The same where aiohttp sends: it gives headers as the service spells them."""

_OWN_ROLES = (None, "model")

_SEVERAL = 2

_MOST_KEPT = 64
"""Chunks whose counts are kept apart, before they are merged."""


class _Candidate:
    """One candidate as it grows over the chunks."""

    __slots__ = ("_parts", "called_function", "finish_reason", "growing", "more", "role")

    def __init__(self) -> None:
        self.finish_reason: Any = None
        self.called_function = False
        self.role: Any = None
        self._parts: list[Part] = []
        self.growing: str | None = None
        self.more: list[str] = []

    def add_part(self, part: Part, growing: str | None = None) -> None:
        """Add a part; one of text may grow by `more` of its kind, if it carries no signature."""
        if self.more:
            self._finish_text()
        self.growing = growing
        if growing is not None or not goes_on(self._parts, part):
            self._parts.append(part)

    def _finish_text(self) -> None:
        self._parts[-1]["content"] += "".join(self.more)
        self.more.clear()

    def message(self, reason: str) -> Message:
        """Return the candidate as an output message."""
        if self.more:
            self._finish_text()
        return {
            "role": "assistant" if self.role in _OWN_ROLES else role_of(self.role),
            "parts": self._parts,
            "finish_reason": reason,
        }


class ResponseReader:
    """Takes a response, or a stream's chunks one by one, and keeps what was said in total.

    Args:
        capture: Whether the content is read too.
    """

    __slots__ = (
        "_candidates",
        "_capture",
        "_counts",
        "_findings",
        "_headers",
        "_model",
        "_reasons",
        "_response_id",
    )

    def __init__(self, capture: bool) -> None:
        self._capture = capture
        self._candidates: dict[int, _Candidate] = {}
        self._counts: list[Counts] = []
        self._headers: Any = None
        self._response_id: str | None = None
        self._model: str | None = None
        self._findings: Findings | None = None
        self._reasons: list[str] | None = None

    def add(self, response: Any) -> None:
        """Read one response or chunk; nothing in it is changed or kept."""
        getter = _RESPONSE.getters.get(type(response)) or _RESPONSE.of(type(response))
        response_id, model, usage, feedback, candidates, raw = getter(response)
        if response_id:
            self._response_id = response_id
        if model:
            self._model = model
        if usage is not None:
            self._add_usage(usage)
        if feedback is not None:
            self._find().add_feedback(feedback)
        for position, candidate in enumerate(candidates or ()):
            self._add_candidate(position, candidate)
        if raw is not None and (self._headers is None or usage is candidates is None):
            self._add_raw(raw, parsed=usage is not None or candidates is not None)

    def _find(self) -> Findings:
        if self._findings is None:
            self._findings = Findings()
        return self._findings

    def _add_usage(self, usage: Any) -> None:
        getter = read_counts.getters.get(type(usage)) or read_counts.of(type(usage))
        self._counts.append(getter(usage))
        if len(self._counts) > _MOST_KEPT:
            self._counts = [merge_counts(self._counts)]

    def _add_raw(self, raw: Any, *, parsed: bool) -> None:
        if self._headers is None:
            self._headers = raw.get("headers") if isinstance(raw, dict) else raw.headers
        body = None if parsed else read_body(raw)
        if body is not None:
            self._add_body(body)

    def _add_body(self, body: dict[str, Any]) -> None:
        try:
            self.add({**body, "sdk_http_response": None})
        except (AttributeError, TypeError, ValueError):
            # What of it was no answer is not told.
            return

    def _add_candidate(self, position: int, source: Any) -> None:
        getter = _CANDIDATE.getters.get(type(source)) or _CANDIDATE.of(type(source))
        index, reason, content, *beside = getter(source)
        if index is None:
            index = position
        candidate = self._candidates.get(index)
        if candidate is None:
            candidate = self._candidates[index] = _Candidate()
        if reason is not None:
            candidate.finish_reason = reason
        if any(beside):
            self._find().add_candidate(*beside)
        if content is not None:
            getter = _CONTENT.getters.get(type(content)) or _CONTENT.of(type(content))
            parts, role = getter(content)
            if parts:
                candidate.role = role or candidate.role
                self._add_parts(candidate, parts)

    def _add_parts(self, candidate: _Candidate, parts: list[Any]) -> None:
        is_first = True
        for part in parts:
            getter = _PART.getters.get(type(part)) or _PART.of(type(part))
            text, thought, signature, call, outcome = getter(part)
            if call is not None:
                candidate.called_function = True
            elif outcome is not None:
                self._find().add_outcome(outcome)
            if not self._capture:
                continue
            kind = "reasoning" if thought else "text"
            if text is None or signature is not None:
                whole = read_part(part)
                if whole is not None:
                    candidate.add_part(whole)
            elif is_first and candidate.growing == kind:
                # It goes on from the chunk before, and both are one part.
                candidate.more.append(text)
            else:
                candidate.add_part({"type": kind, "content": text}, kind)
            is_first = False

    def answer(self, complete: bool) -> Answer:
        """Return what is known; of a generation that broke off the finish reason is `error`."""
        reasons = self._reasons = self._finish_reasons()
        counts = merge_counts(self._counts) if self._counts else None
        traffic = None if counts is None else counts[TRAFFIC]
        sent = self._headers or {}
        tier = sent.get(_SERVICE_TIER_HEADER) or sent.get(_SERVICE_TIER_HEADER_TITLED)
        if traffic is not None or tier is not None:
            self._find().add_service(traffic, tier)
        return Answer(
            self._response_id,
            self._model,
            reasons if reasons or complete else [ERROR],
            None if counts is None else to_usage(counts),
            {} if self._findings is None else self._findings.details,
        )

    def content(self) -> Content:
        """Return one message for each candidate, and what else quotes the conversation."""
        reasons = self._reasons or self._finish_reasons()
        messages = [
            candidate.message(reason)
            for candidate, reason in zip(self._in_order(), reasons, strict=False)
        ]
        content = {} if self._findings is None else self._findings.content
        return {"output_messages": messages, **content} if messages else content

    def _finish_reasons(self) -> list[str]:
        blocked = self._findings is not None and "block_reason" in self._findings.details
        if blocked and not self._candidates:
            return [CONTENT_FILTER]
        return [
            # A prompt can still be blocked when the answer has begun.
            CONTENT_FILTER
            if blocked and candidate.finish_reason is None
            else finish_reason(candidate.finish_reason, called_function=candidate.called_function)
            for candidate in self._in_order()
        ]

    def _in_order(self) -> Iterable[_Candidate]:
        """Return the candidates by their index: a stream may begin with any of them."""
        candidates = self._candidates
        if len(candidates) < _SEVERAL:
            return candidates.values()
        return [candidates[index] for index in sorted(candidates)]


class UsageReader:
    """Takes of a response, or of a stream's chunks, only what metrics are about."""

    __slots__ = ("_counts", "_model")

    def __init__(self) -> None:
        self._counts: list[Counts] = []
        self._model: str | None = None

    def add(self, response: Any) -> None:
        """Read one response or chunk."""
        getter = _RESPONSE.getters.get(type(response)) or _RESPONSE.of(type(response))
        _, model, usage, _, candidates, raw = getter(response)
        if raw is not None and usage is None and candidates is None:
            _, model, usage, *_ = _RESPONSE(read_body(raw) or {})
        if model:
            self._model = model
        if usage is not None:
            getter = read_counts.getters.get(type(usage)) or read_counts.of(type(usage))
            counts = getter(usage)
            self._counts = [merge_counts([*self._counts, counts]) if self._counts else counts]

    def answer(self, complete: bool) -> Answer:
        """Return model and usage."""
        usage = to_usage(self._counts[0]) if self._counts else None
        return Answer(model=self._model, usage=usage)

    def content(self) -> Content:
        """Return nothing: content is for spans and events."""
        return {}
