"""Recorded exchanges between Gemini and its clients, read from the folder beside the repository."""

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "shared" / "traffic" / "exchanges"

_PATH = re.compile(
    r"^/(?P<version>v\d[^/]*)/"
    r"(?:projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)/)?"
    r"(?P<resource>[^:]+)(?::(?P<method>\w+))?$"
)
_USUAL_RESOURCES = ("publishers/google/models/", "models/")
_HOP_HEADERS = {"connection", "content-encoding", "content-length", "transfer-encoding"}


@dataclass(frozen=True)
class Route:
    """The places of a recorded path that decide how the SDK has to be called."""

    version: str
    project: str | None
    location: str | None
    model: str
    method: str


@dataclass(frozen=True)
class Exchange:
    """One recorded request and its answer."""

    api: str
    path: str
    request: Any
    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    answers: tuple[Any, ...] = field(default=(), repr=False)
    verb: str = "POST"

    @cached_property
    def route(self) -> Route:
        """Return what the path says, or an empty route for a path of another kind."""
        found = _PATH.match(self.path)
        if found is None:
            return Route("", None, None, "", "")
        resource = found["resource"]
        for prefix in _USUAL_RESOURCES:
            resource = resource.removeprefix(prefix)
        return Route(
            found["version"], found["project"], found["location"], resource, found["method"] or ""
        )


@dataclass(frozen=True)
class Scenario:
    """The exchanges of one file, in their order."""

    name: str
    exchanges: tuple[Exchange, ...]


def load_scenarios(folder: Path = FOLDER) -> list[Scenario]:
    """Return every recorded scenario, none where the folder is absent."""
    return [
        Scenario(file.stem, tuple(_exchange(raw) for raw in _read(file)["exchanges"]))
        for file in sorted(folder.glob("*.json"))
    ]


def _read(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


def _exchange(raw: dict[str, Any]) -> Exchange:
    raw = _with_events(raw)
    streamed = "response_sse" in raw
    default_type = "text/event-stream" if streamed else "application/json"
    return Exchange(
        api=raw["api"],
        path=raw["path"],
        request=raw.get("request_json"),
        status=raw["status"],
        content_type=raw.get("response_content_type") or default_type,
        body=_body(raw),
        headers=tuple(
            (name, str(value))
            for name, value in (raw.get("response_headers") or {}).items()
            if name.lower() not in _HOP_HEADERS
        ),
        answers=_answers(raw),
        verb=raw.get("method", "POST"),
    )


def _with_events(raw: dict[str, Any]) -> dict[str, Any]:
    """Return *raw* with a stream that was recorded as one array in the form of `alt=sse`."""
    chunks = raw.get("response_json")
    if not (isinstance(chunks, list) and raw["status"] == 200 and "stream" in raw["path"]):
        return raw
    events = "".join(f"data: {json.dumps(chunk)}\r\n\r\n" for chunk in chunks)
    return {"response_sse": events, **raw}


def _body(raw: dict[str, Any]) -> bytes:
    if raw.get("response_sse") is not None:
        return raw["response_sse"].encode("utf-8", "surrogatepass")
    if raw.get("response_text") is not None:
        return raw["response_text"].encode("utf-8", "surrogatepass")
    if "response_json" not in raw:
        return b""
    return json.dumps(raw["response_json"]).encode()


def _answers(raw: dict[str, Any]) -> tuple[Any, ...]:
    """Return the JSON bodies of a successful answer: one, or a stream's chunks."""
    if raw["status"] != 200:
        return ()
    if raw.get("response_sse") is not None:
        return tuple(_events(raw["response_sse"]))
    answer = raw.get("response_json")
    return tuple(answer) if isinstance(answer, list) else (answer,)


def _events(text: str) -> list[Any]:
    """Return the `data:` events of a stream up to the first that is no chunk but an error."""
    chunks = []
    for block in re.split(r"\r?\n\r?\n", text):
        lines = [line[5:].strip() for line in block.splitlines() if line.startswith("data:")]
        if not lines:
            continue
        try:
            chunk = json.loads("\n".join(lines))
        except ValueError:
            break
        if not isinstance(chunk, dict) or "error" in chunk:
            break
        chunks.append(chunk)
    return chunks
