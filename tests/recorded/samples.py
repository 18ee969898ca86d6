"""Hand-written recordings in the recorded form, for tests that need none of the real ones."""

import json
from pathlib import Path
from typing import Any

from recorded.traffic import Exchange, load_scenarios

ANSWER = {
    "candidates": [
        {
            "content": {
                "role": "model",
                "parts": [
                    {"text": "Let me think.", "thought": True},
                    {"text": "It rains."},
                    {"functionCall": {"name": "umbrella", "args": {"open": True}}},
                ],
            },
            "finishReason": "STOP",
        }
    ],
    "usageMetadata": {
        "promptTokenCount": 20,
        "cachedContentTokenCount": 8,
        "candidatesTokenCount": 5,
        "thoughtsTokenCount": 7,
        "totalTokenCount": 32,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 20}],
    },
    "modelVersion": "gemini-2.5-flash-001",
    "responseId": "answer-1",
}

UNARY: dict[str, Any] = {
    "method": "POST",
    "path": "/v1beta/models/gemini-2.5-flash:generateContent",
    "query": {},
    "api": "gemini",
    "request_json": {
        "contents": [{"role": "user", "parts": [{"text": "Does it rain?"}]}],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "generationConfig": {"temperature": 0.5, "topK": 4, "stopSequences": ["."]},
        "tools": [{"functionDeclarations": [{"name": "umbrella"}]}],
    },
    "status": 200,
    "response_content_type": "application/json; charset=UTF-8",
    "response_json": ANSWER,
    "response_headers": {"x-gemini-service-tier": "standard"},
}

STREAM = {
    **UNARY,
    "path": "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
    "response_content_type": None,
    "response_json": [{"candidates": [{"content": {"parts": [{"text": "It "}]}}]}, ANSWER],
}

REFUSED = {
    **UNARY,
    "status": 429,
    "response_json": {"error": {"code": 429, "message": "slow down", "status": "EXHAUSTED"}},
}

EMBED = {
    **UNARY,
    "path": "/v1beta/models/gemini-embedding-001:batchEmbedContents",
    "request_json": {
        "requests": [
            {"content": {"parts": [{"text": text}]}, "outputDimensionality": 2}
            for text in ("one", "two")
        ]
    },
    "response_json": {
        "embeddings": [{"values": [0.1, 0.2]}, {"values": [0.3, 0.4]}],
        "usageMetadata": {"promptTokenCount": 2},
    },
}

PREDICT = {
    **UNARY,
    "api": "vertex",
    "path": "/v1beta1/projects/p/locations/l/publishers/google/models/text-embedding-005:predict",
    "request_json": {"instances": [{"content": "one", "task_type": "RETRIEVAL_QUERY"}]},
    "response_json": {
        "predictions": [{"embeddings": {"statistics": {"token_count": 3.0}, "values": [0.1]}}],
        "metadata": {"billableCharacterCount": 3},
    },
}

COUNT = {
    **UNARY,
    "path": "/v1beta/models/gemini-2.5-flash:countTokens",
    "request_json": {"contents": [{"role": "user", "parts": [{"text": "How many?"}]}]},
    "response_json": {"totalTokens": 3},
}

_ENDED = {
    "id": "interaction-1",
    "status": "completed",
    "model": "gemini-2.5-flash",
    "usage": {
        "total_input_tokens": 20,
        "total_output_tokens": 5,
        "total_thought_tokens": 7,
        "total_cached_tokens": 8,
        "total_tool_use_tokens": 3,
        "input_tokens_by_modality": [{"modality": "text", "tokens": 20}],
    },
}

INTERACTION = {
    **UNARY,
    "path": "/v1beta/interactions",
    "request_json": {
        "model": "gemini-2.5-flash",
        "input": "Does it rain?",
        "generation_config": {"temperature": 0.5, "thinking_level": "low"},
    },
    "response_json": {
        **_ENDED,
        "steps": [{"type": "model_output", "content": [{"type": "text", "text": "It rains."}]}],
    },
}

INTERACTION_STREAM = {
    **INTERACTION,
    "request_json": {**INTERACTION["request_json"], "stream": True},
    "response_content_type": "text/event-stream",
    "response_sse": "".join(
        f"event: {event['event_type']}\ndata: {json.dumps(event)}\n\n"
        for event in (
            {"event_type": "step.start", "index": 0, "step": {"type": "model_output"}},
            {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "It "}},
            {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "rains."}},
            {"event_type": "interaction.completed", "interaction": _ENDED},
        )
    )
    + "event: done\ndata: [DONE]\n\n",
}

ALL = {
    "unary": UNARY,
    "stream": STREAM,
    "refused": REFUSED,
    "embed": EMBED,
    "predict": PREDICT,
    "count": COUNT,
    "interaction": INTERACTION,
    "interaction_stream": INTERACTION_STREAM,
}


def exchange(raw: dict[str, Any], folder: Path) -> Exchange:
    """Return *raw* as it is read from a file."""
    (folder / "sample.json").write_text(json.dumps({"exchanges": [raw]}), "utf-8")
    return load_scenarios(folder)[0].exchanges[0]
