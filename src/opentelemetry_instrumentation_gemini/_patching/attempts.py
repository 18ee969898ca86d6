"""Where the SDK sends an HTTP request again, or another; none of these hooks makes a span."""

from .hook import Hook, Shape, both

_CLIENT = "google.genai._api_client"
_RETRIES = "google.genai._gaos.utils.retries"
_INTERACTIONS = "google.genai._gaos.google_genai"
_BEFORE = "google.genai._interactions._base_client"

ATTEMPT_HOOKS: tuple[Hook, ...] = (
    Hook(
        _CLIENT, "BaseApiClient", ("_request_once",), Shape.CALL, "attempt", "1.24", essential=False
    ),
    Hook(
        _CLIENT,
        "BaseApiClient",
        ("_async_request_once",),
        Shape.ASYNC_CALL,
        "attempt",
        "1.24",
        essential=False,
    ),
    # Called for each client that is made, and right before a request over a new connection.
    Hook(
        _CLIENT,
        "BaseApiClient",
        ("_ensure_aiohttp_ssl_ctx",),
        Shape.CALL,
        "reconnect",
        "1.32",
        essential=False,
    ),
    Hook(
        _RETRIES, None, ("_get_sleep_interval",), Shape.CALL, "retry_wait", "2.9", essential=False
    ),
    Hook(
        _BEFORE,
        "SyncAPIClient",
        ("_sleep_for_retry",),
        Shape.CALL,
        "retry_sleep",
        "1.55",
        essential=False,
    ),
    Hook(
        _BEFORE,
        "AsyncAPIClient",
        ("_sleep_for_retry",),
        Shape.ASYNC_CALL,
        "retry_sleep",
        "1.55",
        essential=False,
    ),
    *both(
        _INTERACTIONS,
        "GeminiNextGenInteractions",
        "_send_create_once",
        "hop",
        "2.34",
        essential=False,
    ),
)
