"""Answers with sources: search, read pages, citations, tools that run at Google's."""

from __future__ import annotations

from fake_gemini.scenarios.text import SIGNATURE
from fake_gemini.script import Round, Scenario, Tokens
from fake_gemini.wire import answer, candidate, modalities, response, stream, usage

HEIGHT = "The tower is 330 metres tall."
GROUNDING = {
    "webSearchQueries": ["tower height metres", "tower height history"],
    "searchEntryPoint": {"renderedContent": "<div>tower height</div>"},
    "groundingChunks": [
        {
            "web": {
                "uri": "https://example.org/tower",
                "title": "The tower",
                "domain": "example.org",
            }
        },
        {"web": {"uri": "https://example.net/facts", "title": "Facts"}},
    ],
    "groundingSupports": [
        {
            "segment": {"startIndex": 0, "endIndex": 29, "text": HEIGHT},
            "groundingChunkIndices": [0, 1],
            "confidenceScores": [0.9, 0.6],
        }
    ],
    "retrievalMetadata": {"googleSearchDynamicRetrievalScore": 0.8},
}

SEARCH = Scenario(
    name="search",
    contents="How tall is the tower?",
    config={"tools": [{"google_search": {}}]},
    steps=(
        stream(
            response(candidate("The tower is ", finish=None), usage=usage(8, 4, tool_use=60)),
            response(
                candidate("330 metres tall.", groundingMetadata=GROUNDING),
                usage=usage(
                    8,
                    9,
                    thoughts=33,
                    tool_use=60,
                    promptTokensDetails=modalities(TEXT=8),
                    toolUsePromptTokensDetails=modalities(TEXT=60),
                ),
            ),
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=68, output=42, reasoning=33, by_modality={"input.TEXT": 68}),
            text=HEIGHT,
            finish_reasons=("STOP",),
        ),
    ),
)

URL_CONTEXT = Scenario(
    name="url_context",
    contents="Compare https://example.org/tower with https://example.net/gone",
    config={"tools": [{"url_context": {}}]},
    steps=(
        answer(
            response(
                candidate(
                    HEIGHT,
                    urlContextMetadata={
                        "urlMetadata": [
                            {
                                "retrievedUrl": "https://example.org/tower",
                                "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_SUCCESS",
                            },
                            {
                                "retrievedUrl": "https://example.net/gone",
                                "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_ERROR",
                            },
                        ]
                    },
                    groundingMetadata={"groundingChunks": GROUNDING["groundingChunks"]},
                ),
                usage=usage(17, 9, tool_use=1210),
            )
        ),
    ),
    rounds=(Round(tokens=Tokens(input=1227, output=9), text=HEIGHT, finish_reasons=("STOP",)),),
)

_CITED = {
    "startIndex": 0,
    "endIndex": 29,
    "uri": "https://example.org/tower",
    "title": "The tower",
    "license": "cc-by-4.0",
}


def _cited(field: str) -> Scenario:
    return Scenario(
        name=f"cited_by_{'gemini' if field == 'citationSources' else 'vertex'}",
        apis=("gemini",) if field == "citationSources" else ("vertex",),
        contents="How tall is the tower?",
        steps=(
            answer(
                response(
                    candidate(HEIGHT, citationMetadata={field: [_CITED]}),
                    usage=usage(8, 9),
                )
            ),
        ),
        rounds=(Round(tokens=Tokens(input=8, output=9), text=HEIGHT, finish_reasons=("STOP",)),),
    )


CITED_BY_GEMINI = _cited("citationSources")
CITED_BY_VERTEX = _cited("citations")

SERVER_TOOLS = Scenario(
    name="server_tools",
    model="gemini-3-flash-preview",
    since=(2, 0),
    apis=("gemini",),
    contents="How tall is the tower?",
    config={"tools": [{"google_search": {}}]},
    steps=(
        stream(
            response(
                candidate(
                    {
                        "toolCall": {
                            "id": "search-1",
                            "toolType": "GOOGLE_SEARCH_WEB",
                            "args": {"queries": ["tower height"]},
                        },
                        "thoughtSignature": SIGNATURE,
                    },
                    {
                        "toolResponse": {
                            "id": "search-1",
                            "toolType": "GOOGLE_SEARCH_WEB",
                            "response": {"results": [{"title": "The tower"}]},
                        }
                    },
                    finish=None,
                ),
                usage=usage(8, 12, thoughts=20),
                modelVersion="gemini-3-flash-preview",
            ),
            response(
                candidate(HEIGHT, groundingMetadata=GROUNDING),
                usage=usage(8, 21, thoughts=20),
                modelVersion="gemini-3-flash-preview",
            ),
        ),
    ),
    rounds=(
        Round(
            tokens=Tokens(input=8, output=41, reasoning=20),
            text=HEIGHT,
            finish_reasons=("STOP",),
        ),
    ),
)
