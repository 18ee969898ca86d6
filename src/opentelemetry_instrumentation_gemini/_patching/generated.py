"""The hooked methods of the clients that are generated from the Interactions API's description.

Their modules cost a second to import: they are hooked when the application imports them.
"""

from .hook import Hook, Shape

_NOW = "google.genai._gaos.google_genai"
_TOKENS = "google.genai._gaos.auth_tokens"
_BEFORE = "google.genai._interactions.resources.interactions"

_INTERACTIONS = (
    (_NOW, "GeminiNextGenInteractions", "2.9"),
    (_BEFORE, "InteractionsResource", "1.55"),
)
_METHODS = {
    "create": "interactions:CREATE",
    "get": "interactions:FETCH",
    "cancel": "interactions:CANCEL",
    "delete": "interactions:DELETE",
}


def _both(module: str, owner: str, method: str, surface: str, since: str) -> tuple[Hook, Hook]:
    return (
        Hook(module, owner, (method,), Shape.EITHER, surface, since),
        Hook(module, f"Async{owner}", (method,), Shape.ASYNC_EITHER, surface, since),
    )


GENERATED_HOOKS: tuple[Hook, ...] = (
    *(
        hook
        for module, owner, since in _INTERACTIONS
        for method, surface in _METHODS.items()
        for hook in _both(module, owner, method, surface, since)
    ),
    # What is public warns and names its caller's file, so what it calls is hooked.
    *_both(_TOKENS, "AuthTokens", "create", "interactions:CREATE_TOKEN", "3.5"),
    *_both(_TOKENS, "AuthTokens", "delete", "interactions:DELETE_TOKEN", "3.5"),
    *_both(_NOW, "GeminiNextGenDecisions", "create", "decisions", "3.4"),
)
