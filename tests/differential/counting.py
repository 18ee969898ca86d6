"""What the service told of tokens, read off the wire without any code of the plugin's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from fake_gemini import Handle
from fake_gemini.recording import Request
from fake_gemini.reported import summed, usage_of
from fake_gemini.script import Json

FREE = ("countTokens", "computeTokens")
_ENDED = ("SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED")


class Tokens(NamedTuple):
    """Tokens that are billed together."""

    input: int
    output: int


def billed(handle: Handle) -> Tokens:
    """Returns what all requests cost."""
    told = list(zip(handle.requests, handle.responses, strict=True))
    ours = [documents for asked, documents in told if _interacts(asked)]
    others = [
        documents
        for asked, documents in told
        if not _interacts(asked) and not asked.path.endswith(FREE)
    ]
    plain = summed(usage_of(documents) for documents in others)
    stepped = summed(_interaction_usage(documents) for documents in ours)
    return Tokens(
        plain.get("promptTokenCount", 0)
        + plain.get("toolUsePromptTokenCount", 0)
        + stepped.get("total_input_tokens", 0)
        + stepped.get("total_tool_use_tokens", 0),
        plain.get("candidatesTokenCount", 0)
        + plain.get("thoughtsTokenCount", 0)
        + stepped.get("total_output_tokens", 0)
        + stepped.get("total_thought_tokens", 0),
    )


def _interacts(asked: Request) -> bool:
    """Whether a request creates what the Interactions API bills; to fetch it bills nothing."""
    billed = ("/interactions", "/decisions", "/voices")
    return asked.method == "POST" and asked.path.endswith(billed)


def _interaction_usage(documents: Iterable[Json]) -> dict[str, int]:
    """Returns one response's usage: of each count the last that was told."""
    found: dict[str, int] = {}
    for document in documents:
        places = (document, document.get("interaction") or {})
        usages = [place.get("usage") for place in places]
        usages.append((document.get("metadata") or {}).get("total_usage"))
        for usage in usages:
            known = (usage or {}).items()
            found.update({name: count for name, count in known if isinstance(count, int)})
    return found


def in_batches(handle: Handle) -> Tokens:
    """Returns the tokens of the answers within batches, each as often as its batch had changed."""
    states: dict[Any, Any] = {}
    total: Counter[str] = Counter()
    for job in _looks(handle, "/batches/"):
        name, state = job.get("name"), job.get("state", "")
        changed = name is None or states.get(name) != state
        states[name] = state
        if changed and state.endswith(_ENDED):
            kept = job.get("output", {}).get("inlinedResponses", {}).get("inlinedResponses", [])
            total.update(summed(usage_of([one["response"]]) for one in kept if "response" in one))
    return Tokens(
        total["promptTokenCount"] + total["toolUsePromptTokenCount"],
        total["candidatesTokenCount"] + total["thoughtsTokenCount"],
    )


def _looks(handle: Handle, path: str) -> Iterator[Json]:
    for asked, documents in zip(handle.requests, handle.responses, strict=True):
        if asked.method == "GET" and path in asked.path:
            for document in documents:
                yield document.get("metadata", document)


def in_caches(handle: Handle) -> list[int]:
    """Returns the sizes of the caches that were made or changed, in order."""
    return [
        document["usageMetadata"]["totalTokenCount"]
        for asked, documents in zip(handle.requests, handle.responses, strict=True)
        if "/cachedContents" in asked.path and asked.method in {"POST", "PATCH"}
        for document in documents
        if document.get("usageMetadata")
    ]


def made(handle: Handle) -> list[str]:
    """Returns the ids of what was made by the generated clients, in order."""
    return [
        document["id"]
        for asked, documents in zip(handle.requests, handle.responses, strict=True)
        if asked.method == "POST" and asked.path.endswith(_COLLECTIONS)
        for document in documents
        if isinstance(document.get("id"), str)
    ]


_COLLECTIONS = ("/agents", "/webhooks", "/triggers", "/environments", "/credentials", "/voices")
