"""The hooked methods of the clients that are generated from the Interactions API's description.

Their modules cost a second to import: they are hooked when the application imports them.
"""

from collections.abc import Iterator

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

_KEPT = {
    ("Agents", "2.9"): {
        "create": "CREATE_AGENT",
        "delete": "DELETE_AGENT",
        "get": "GET_AGENT",
        "list": "LIST_AGENTS",
    },
    ("Webhooks", "2.9"): {
        "create": "CREATE_WEBHOOK",
        "update": "UPDATE_WEBHOOK",
        "delete": "DELETE_WEBHOOK",
        "ping": "PING_WEBHOOK",
        "rotate_signing_secret": "ROTATE_WEBHOOK_SECRET",
        "get": "GET_WEBHOOK",
        "list": "LIST_WEBHOOKS",
    },
    ("Triggers", "2.20"): {
        "create": "CREATE_TRIGGER",
        "update": "UPDATE_TRIGGER",
        "delete": "DELETE_TRIGGER",
        "run": "RUN_TRIGGER",
        "get": "GET_TRIGGER",
        "list": "LIST_TRIGGERS",
        "list_executions": "LIST_TRIGGER_EXECUTIONS",
    },
    # `create` and its kin only call these.
    ("Environments", "2.20"): {
        "create_environment": "CREATE_ENVIRONMENT",
        "delete_environment": "DELETE_ENVIRONMENT",
        "get_environment": "GET_ENVIRONMENT",
        "list_environments": "LIST_ENVIRONMENTS",
    },
    ("EnvironmentFiles", "2.34"): {"upload": "UPLOAD_ENVIRONMENT_FILE"},
    ("EnvironmentFiles", "2.20"): {
        "download": "DOWNLOAD_ENVIRONMENT_FILE",
        "list": "LIST_ENVIRONMENT_FILES",
    },
    ("Credentials", "2.34"): {
        "create": "CREATE_CREDENTIAL",
        "update": "UPDATE_CREDENTIAL",
        "delete": "DELETE_CREDENTIAL",
        "get": "GET_CREDENTIAL",
        "list": "LIST_CREDENTIALS",
    },
    ("Voices", "2.34"): {
        "create": "CREATE_VOICE",
        "delete": "DELETE_VOICE",
        "get": "GET_VOICE",
        "list": "LIST_VOICES",
    },
}
"""Owner, without the prefix that all have, and first release → method → surface."""


def _both(
    module: str, owner: str, method: str, surface: str, since: str, **traits: bool
) -> tuple[Hook, Hook]:
    names = (method,)
    return (
        Hook(module, owner, names, Shape.EITHER, surface, since, **traits),
        Hook(module, f"Async{owner}", names, Shape.ASYNC_EITHER, surface, since, **traits),
    )


def _kept() -> Iterator[Hook]:
    for (owner, since), methods in _KEPT.items():
        for method, constant in methods.items():
            surface, reads = f"management:{constant}", method.startswith(("get", "list"))
            yield from _both(_NOW, f"GeminiNextGen{owner}", method, surface, since, reads=reads)


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
    *_kept(),
)
