"""The SDK methods that are hooked: those for text here, the others in the modules beside this."""

from .attempts import ATTEMPT_HOOKS
from .generated import GENERATED_HOOKS
from .hook import Hook, Shape
from .legacy import LEGACY_HOOKS
from .resources import RESOURCE_HOOKS
from .sessions import SESSION_HOOKS

__all__ = ["HOOKS", "READ_AHEAD", "RESPONSE_BODY", "STREAM_SOURCES", "Hook", "Shape"]

STREAM_SOURCES = ("generator", "_iterator")
"""Where the SDK's stream objects keep the generator that they draw from; the second up to 2.8."""

READ_AHEAD = "_chunks"
"""Where google-generativeai's responses keep the chunks that were read, at least the first."""

RESPONSE_BODY = "http_response"
"""Where the SDK's unparsed responses keep the HTTP response."""

_MODELS = "google.genai.models"

# One round trip to the model: the continuation layer, which follows a cut answer over several
# requests; below it, on SDKs that have none, the request itself; the public method at worst.
_ROUND_TRIP = ("_generate_content_with_continuation", "_generate_content", "generate_content")
_STREAMED_ROUND_TRIP = (
    "_generate_content_stream_with_continuation",
    "_generate_content_stream",
    "generate_content_stream",
)

# Since 1.66 the public method only sorts the contents by service and model.
_EMBED = ("_embed_content", "embed_content")

_CHATS = "google.genai.chats"
_EXTRA_UTILS = "google.genai._extra_utils"
_ADAPTERS = "google.genai._adapters"

HOOKS: tuple[Hook, ...] = (
    Hook(_MODELS, "Models", _ROUND_TRIP, Shape.CALL, "generate_content", "1.0"),
    Hook(_MODELS, "AsyncModels", _ROUND_TRIP, Shape.ASYNC_CALL, "generate_content", "1.0"),
    Hook(_MODELS, "Models", _STREAMED_ROUND_TRIP, Shape.STREAM, "generate_content", "1.0"),
    Hook(
        _MODELS, "AsyncModels", _STREAMED_ROUND_TRIP, Shape.ASYNC_STREAM, "generate_content", "1.0"
    ),
    # Where the SDK calls tools by itself: in Models always, since 2.18 in Chat as well.
    Hook(_MODELS, "Models", ("generate_content",), Shape.CALL, "tool_loop", "1.0"),
    Hook(_MODELS, "AsyncModels", ("generate_content",), Shape.ASYNC_CALL, "tool_loop", "1.0"),
    Hook(_MODELS, "Models", ("generate_content_stream",), Shape.STREAM, "tool_loop", "1.0"),
    Hook(
        _MODELS, "AsyncModels", ("generate_content_stream",), Shape.ASYNC_STREAM, "tool_loop", "1.0"
    ),
    Hook(_CHATS, "Chat", ("send_message",), Shape.CALL, "tool_loop", "1.0"),
    Hook(_CHATS, "AsyncChat", ("send_message",), Shape.ASYNC_CALL, "tool_loop", "1.0"),
    Hook(_CHATS, "Chat", ("send_message_stream",), Shape.STREAM, "tool_loop", "1.0"),
    Hook(_CHATS, "AsyncChat", ("send_message_stream",), Shape.ASYNC_STREAM, "tool_loop", "1.0"),
    # Around the loop, so that it belongs to its chat's conversation as well.
    Hook(_CHATS, "Chat", ("send_message",), Shape.CALL, "conversation", "1.0", essential=False),
    Hook(
        _CHATS,
        "AsyncChat",
        ("send_message",),
        Shape.ASYNC_CALL,
        "conversation",
        "1.0",
        essential=False,
    ),
    Hook(
        _CHATS,
        "Chat",
        ("send_message_stream",),
        Shape.STREAM,
        "conversation",
        "1.0",
        essential=False,
    ),
    Hook(
        _CHATS,
        "AsyncChat",
        ("send_message_stream",),
        Shape.ASYNC_STREAM,
        "conversation",
        "1.0",
        essential=False,
    ),
    Hook(
        _EXTRA_UTILS,
        None,
        ("get_function_response_parts",),
        Shape.CALL,
        "call_ids",
        "1.0",
        essential=False,
    ),
    Hook(
        _EXTRA_UTILS,
        None,
        ("get_function_response_parts_async",),
        Shape.ASYNC_CALL,
        "call_ids",
        "1.16",
        essential=False,
    ),
    Hook(
        _EXTRA_UTILS, None, ("invoke_function_from_dict_args",), Shape.CALL, "execute_tool", "1.0"
    ),
    Hook(
        _EXTRA_UTILS,
        None,
        ("invoke_function_from_dict_args_async",),
        Shape.ASYNC_CALL,
        "execute_tool",
        "1.16",
    ),
    Hook(
        _ADAPTERS, "McpToGenAiToolAdapter", ("call_tool",), Shape.ASYNC_CALL, "execute_tool", "1.16"
    ),
    Hook(_MODELS, "Models", _EMBED, Shape.CALL, "embed_content", "1.0"),
    Hook(_MODELS, "AsyncModels", _EMBED, Shape.ASYNC_CALL, "embed_content", "1.0"),
    Hook(_MODELS, "Models", ("count_tokens",), Shape.CALL, "count_tokens", "1.0"),
    Hook(_MODELS, "AsyncModels", ("count_tokens",), Shape.ASYNC_CALL, "count_tokens", "1.0"),
    Hook(_MODELS, "Models", ("compute_tokens",), Shape.CALL, "count_tokens:COMPUTE", "1.0"),
    Hook(
        _MODELS, "AsyncModels", ("compute_tokens",), Shape.ASYNC_CALL, "count_tokens:COMPUTE", "1.0"
    ),
    *GENERATED_HOOKS,
    *RESOURCE_HOOKS,
    *SESSION_HOOKS,
    *ATTEMPT_HOOKS,
    *LEGACY_HOOKS,
)
