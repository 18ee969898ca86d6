"""The hooked methods of sessions over a socket."""

from .hook import Hook, Shape

_LIVE = "google.genai.live"
_MUSIC = "google.genai.live_music"

# `send` warns that it will go and names its caller's file, so what it calls is hooked instead.
_LIVE_SENDERS = (
    Hook(_LIVE, "AsyncSession", ("send_client_content",), Shape.ASYNC_CALL, "session_send", "1.5"),
    Hook(_LIVE, "AsyncSession", ("send_realtime_input",), Shape.ASYNC_CALL, "session_send", "1.5"),
    Hook(_LIVE, "AsyncSession", ("send_tool_response",), Shape.ASYNC_CALL, "session_send", "1.5"),
    Hook(
        _LIVE,
        "AsyncSession",
        ("send_context_update",),
        Shape.ASYNC_CALL,
        "session_send",
        "2.34",
        essential=False,
    ),
    Hook(
        _LIVE,
        "AsyncSession",
        ("_parse_client_message",),
        Shape.CALL,
        "session_send",
        "1.0",
        essential=False,
    ),
)

_MUSIC_SENDERS = tuple(
    Hook(_MUSIC, "AsyncMusicSession", (name,), Shape.ASYNC_CALL, "session_send", "1.12")
    for name in ("set_weighted_prompts", "set_music_generation_config", "_send_control_signal")
)

_INTERACTION = "google.genai._interactions_websocket"
_CONNECTION = "InteractionWebSocketConnection"

# `connect` warns and names its caller's file; it opens nothing before it is awaited.
_LIVE_INTERACTIONS = (
    Hook(
        _INTERACTION,
        f"{_CONNECTION}Context",
        ("_open",),
        Shape.ASYNC_CALL,
        "live_interactions",
        "3.5",
    ),
    Hook(_INTERACTION, _CONNECTION, ("_send_payload",), Shape.ASYNC_CALL, "session_send", "3.5"),
    Hook(
        _INTERACTION,
        _CONNECTION,
        ("_fill_pending_events",),
        Shape.ASYNC_CALL,
        "session_receive",
        "3.5",
    ),
    Hook(_INTERACTION, _CONNECTION, ("detach",), Shape.ASYNC_CALL, "session_leave", "3.5"),
)

SESSION_HOOKS: tuple[Hook, ...] = (
    Hook(_LIVE, "AsyncLive", ("connect",), Shape.ASYNC_MANAGER, "live", "1.0"),
    # Whatever arrives passes here, `receive` and `start_stream` alike.
    Hook(_LIVE, "AsyncSession", ("_receive",), Shape.ASYNC_CALL, "session_receive", "1.0"),
    *_LIVE_SENDERS,
    Hook(_LIVE, "AsyncSession", ("close",), Shape.CALL, "session_close", "1.0", essential=False),
    Hook(_MUSIC, "AsyncLiveMusic", ("connect",), Shape.ASYNC_MANAGER, "live_music", "1.12"),
    Hook(_MUSIC, "AsyncMusicSession", ("_receive",), Shape.ASYNC_CALL, "session_receive", "1.12"),
    *_MUSIC_SENDERS,
    Hook(
        _MUSIC,
        "AsyncMusicSession",
        ("close",),
        Shape.CALL,
        "session_close",
        "1.12",
        essential=False,
    ),
    *_LIVE_INTERACTIONS,
)
