"""A `GenerateContentResponse`, whole or in chunks, as one answer."""

import json
from collections.abc import Iterable
from typing import Any

from opentelemetry_instrumentation_gemini._facts.calls import Answer
from opentelemetry_instrumentation_gemini._facts.messages import Content, Message, Part

from .contents import role_of
from .fields import field, view
from .findings import Findings
from .finish import CONTENT_FILTER, ERROR, finish_reason
from .parts import read_part
from .usage import Counts, read_counts, to_usage


class _Candidate:
    """One candidate as it grows over the chunks."""

    __slots__ = ("_texts", "called_function", "finish_reason", "parts", "role")

    def __init__(self) -> None:
        self.finish_reason: Any = None
        self.called_function = False
        self.role: Any = None
        self.parts: list[Part] = []
        self._texts: list[str] = []

    def add(self, parts: Iterable[Any]) -> None:
        """Add a chunk's parts; text that goes on where the last chunk stopped is one part."""
        first = True
        for value in parts:
            part = read_part(value)
            if part is None:
                continue
            if not (first and self._continues(part)):
                self._join_texts()
                self.parts.append(part)
            first = False

    def _continues(self, part: Part) -> bool:
        last = self.parts[-1] if self.parts else None
        if last is None or last["type"] != part["type"]:
            return False
        if part["type"] not in {"text", "reasoning"}:
            return False
        if "thought_signature" in last or "thought_signature" in part:
            return False
        self._texts.append(part["content"])
        return True

    def _join_texts(self) -> None:
        if self._texts:
            self.parts[-1]["content"] += "".join(self._texts)
            self._texts.clear()

    def message(self, reason: str) -> Message:
        """Return the candidate as an output message."""
        self._join_texts()
        return {
            "role": "assistant" if self.role is None else role_of(self.role),
            "parts": self.parts,
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
        "_model",
        "_response_id",
    )

    def __init__(self, capture: bool) -> None:
        self._capture = capture
        self._candidates: dict[int, _Candidate] = {}
        self._counts: Counts | None = None
        self._response_id: str | None = None
        self._model: str | None = None
        self._findings = Findings()

    def add(self, response: Any) -> None:
        """Read one response or chunk; nothing in it is changed or kept."""
        source = unwrap_raw(response)
        if source.response_id is not None:
            self._response_id = source.response_id
        if source.model_version is not None:
            self._model = source.model_version
        if source.usage_metadata is not None:
            self._counts = read_counts(source.usage_metadata, self._counts)
        self._findings.add_response(source)
        for position, candidate in enumerate(source.candidates or ()):
            self._add_candidate(position, view(candidate))

    def answer(self, complete: bool) -> Answer:
        """Return what is known; of a generation that broke off the finish reason is `error`."""
        reasons = self._finish_reasons()
        return Answer(
            response_id=self._response_id,
            model=self._model,
            finish_reasons=reasons if reasons or complete else [ERROR],
            usage=to_usage(self._counts),
            details=self._findings.details,
        )

    def content(self) -> Content:
        """Return one message for each candidate."""
        reasons = self._finish_reasons()
        candidates = self._candidates.values()
        messages = [
            candidate.message(reason)
            for candidate, reason in zip(candidates, reasons, strict=False)
        ]
        content = self._findings.content
        return {"output_messages": messages, **content} if messages else content

    def _finish_reasons(self) -> list[str]:
        if not self._candidates and "block_reason" in self._findings.details:
            return [CONTENT_FILTER]
        return [
            finish_reason(candidate.finish_reason, called_function=candidate.called_function)
            for candidate in self._candidates.values()
        ]

    def _add_candidate(self, position: int, source: Any) -> None:
        index = source.index if source.index is not None else position
        candidate = self._candidates.get(index)
        if candidate is None:
            candidate = self._candidates[index] = _Candidate()
        if source.finish_reason is not None:
            candidate.finish_reason = source.finish_reason
        self._findings.add_candidate(source)
        content: Any = view(source.content)
        if content is None or not content.parts:
            return
        parts = content.parts
        if content.role is not None:
            candidate.role = content.role
        self._look_at_parts(candidate, parts)
        if self._capture:
            candidate.add(parts)

    def _look_at_parts(self, candidate: _Candidate, parts: Iterable[Any]) -> None:
        for part in map(view, parts):
            if part.text is not None:
                continue
            if part.function_call is not None:
                candidate.called_function = True
            elif part.code_execution_result is not None:
                self._findings.add_outcome(part.code_execution_result)


def unwrap_raw(response: Any) -> Any:
    """Return *response*, or the JSON body that stands in for it.

    With `should_return_http_response` the SDK parses nothing and keeps the body as text.
    """
    source = view(response)
    raw = field(source, "sdk_http_response")
    body = None if raw is None else field(view(raw), "body")
    if not body:
        return source
    parsed = json.loads(body)
    return view(parsed if isinstance(parsed, dict) else {})
