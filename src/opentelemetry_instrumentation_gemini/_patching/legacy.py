"""The hooked methods of google-generativeai, the SDK before google-genai.

What an application calls is hooked, since one layer below all models share one client.
"""

from .hook import Hook, Shape

_MODELS = "google.generativeai.generative_models"
_EMBEDDING = "google.generativeai.embedding"
_CONTENT_TYPES = "google.generativeai.types.content_types"

_MODEL, _CHAT = "GenerativeModel", "ChatSession"


def _pair(
    owner: str, name: str, surface: str, *, streams: bool = False, essential: bool = True
) -> tuple[Hook, Hook]:
    """Return the hooks of a method and of its async twin, which stands in the same class."""
    plain, asynchronous = Shape.CALL, Shape.ASYNC_CALL
    if streams:
        plain, asynchronous = Shape.EITHER, Shape.ASYNC_EITHER
    return (
        Hook(_MODELS, owner, (name,), plain, surface, "0.3", essential),
        Hook(_MODELS, owner, (f"{name}_async",), asynchronous, surface, "0.3", essential),
    )


LEGACY_HOOKS: tuple[Hook, ...] = (
    *_pair(_MODEL, "generate_content", "legacy:GENERATE", streams=True),
    *_pair(_CHAT, "send_message", "legacy_tools:LOOP"),
    *_pair(_CHAT, "send_message", "conversation", essential=False),
    Hook(
        _CONTENT_TYPES,
        "CallableFunctionDeclaration",
        ("__call__",),
        Shape.CALL,
        "legacy_tools:TOOL",
        "0.4",
    ),
    Hook(_EMBEDDING, None, ("embed_content",), Shape.CALL, "legacy_embed", "0.3"),
    Hook(_EMBEDDING, None, ("embed_content_async",), Shape.ASYNC_CALL, "legacy_embed", "0.4"),
    *_pair(_MODEL, "count_tokens", "legacy:COUNT"),
)
