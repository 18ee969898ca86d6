"""What the service sends over a socket: the frames of one answer."""

import json
from typing import Any


def live_frames(pieces: int) -> tuple[bytes, ...]:
    """Return the messages of one turn of a Live session, a written answer in so many *pieces*."""
    parts = [{"modelTurn": {"parts": [{"text": _piece(number)}]}} for number in range(pieces)]
    usage = {
        "promptTokenCount": 24,
        "responseTokenCount": 18,
        "totalTokenCount": 42,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 24}],
        "responseTokensDetails": [{"modality": "TEXT", "tokenCount": 18}],
    }
    return _frames(
        *({"serverContent": part} for part in parts),
        {"serverContent": {"generationComplete": True}},
        {"serverContent": {"turnComplete": True}, "usageMetadata": usage},
    )


def answer_frames(pieces: int) -> tuple[bytes, ...]:
    """Return the events of one answer in a live interaction, a step in so many *pieces*."""
    return _frames(
        {"event_type": "step.start", "index": 0, "step": {"type": "model_output"}},
        *(
            {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": text}}
            for text in map(_piece, range(pieces))
        ),
        {"event_type": "step.stop", "index": 0},
    )


def _piece(number: int) -> str:
    return f" and word {number}"


def _frames(*documents: dict[str, Any]) -> tuple[bytes, ...]:
    return tuple(json.dumps(document).encode() for document in documents)
