"""Every name that leaves the process, in one place.

The `gen_ai.*` names are those of the GenAI semantic conventions at `SCHEMA_URL`. What Gemini
says and the conventions have no name for stands under `gcp.gen_ai.*`.
"""

SCOPE = "opentelemetry_instrumentation_gemini"
SCHEMA_URL = "https://opentelemetry.io/schemas/gen-ai-dev/1.42.0-dev"

OPERATION = "gen_ai.operation.name"
PROVIDER = "gen_ai.provider.name"
REQUEST_MODEL = "gen_ai.request.model"
REQUEST_STREAM = "gen_ai.request.stream"
SERVER_ADDRESS = "server.address"
SERVER_PORT = "server.port"
ERROR_TYPE = "error.type"

CONVERSATION_ID = "gen_ai.conversation.id"
PROMPT_NAME = "gen_ai.prompt.name"
PROMPT_VERSION = "gen_ai.prompt.version"
SESSION_ID = "session.id"
USER_ID = "user.id"

RESPONSE_ID = "gen_ai.response.id"
RESPONSE_MODEL = "gen_ai.response.model"
FINISH_REASONS = "gen_ai.response.finish_reasons"
TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk"

CONTENT = {
    "input_messages": "gen_ai.input.messages",
    "system_instructions": "gen_ai.system_instructions",
    "tool_definitions": "gen_ai.tool.definitions",
    "output_messages": "gen_ai.output.messages",
    "tool_arguments": "gen_ai.tool.call.arguments",
    "tool_result": "gen_ai.tool.call.result",
    "tool_description": "gen_ai.tool.description",
    "prompt": "gcp.gen_ai.request.prompt",
    "finish_message": "gcp.gen_ai.response.finish_message",
    "grounding_queries": "gcp.gen_ai.grounding.queries",
    "grounding_source_uris": "gcp.gen_ai.grounding.source_uris",
    "grounding_source_titles": "gcp.gen_ai.grounding.source_titles",
    "citation_uris": "gcp.gen_ai.citation.uris",
    "url_context_urls": "gcp.gen_ai.url_context.urls",
}
"""Kind of content → attribute."""

JSON_CONTENT = frozenset(
    CONTENT[kind]
    for kind in (
        "input_messages",
        "system_instructions",
        "tool_definitions",
        "output_messages",
        "tool_arguments",
        "tool_result",
    )
)
"""The content attributes that are JSON text on spans."""

INPUT_TOKENS = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"

AGENT_NAME = "gen_ai.agent.name"
TOOL_NAME = "gen_ai.tool.name"
TOOL_TYPE = "gen_ai.tool.type"
TOOL_CALL_ID = "gen_ai.tool.call.id"

LOCATION = "gcp.gen_ai.location"

RESEND_COUNT = "http.request.resend_count"
RETRY_EVENT = "gcp.gen_ai.retry"
RETRY_ATTEMPT = "gcp.gen_ai.retry.attempt"
RETRY_WAIT = "gcp.gen_ai.retry.wait"
STATUS_CODE = "http.response.status_code"

EXCEPTION_EVENT = "exception"
EXCEPTION_TYPE = "exception.type"
EXCEPTION_MESSAGE = "exception.message"
EXCEPTION_STACKTRACE = "exception.stacktrace"

OPERATION_DETAILS = "gen_ai.client.inference.operation.details"
OPERATION_EXCEPTION = "gen_ai.client.operation.exception"
EVENT_PREFIXES = ("gen_ai.", "gcp.gen_ai.", "server.", "error.")
"""What of a span's attributes goes on its details event too."""

INFERENCE_DURATION = "gen_ai.client.inference.duration"
OPERATION_DURATION = "gen_ai.client.operation.duration"
METRIC_FIRST_CHUNK = "gen_ai.client.inference.time_to_first_chunk"
METRIC_CHUNK_GAP = "gen_ai.client.inference.time_per_output_chunk"
METRIC_INPUT_TOKENS = "gen_ai.client.inference.operation.input_tokens"
METRIC_OUTPUT_TOKENS = "gen_ai.client.inference.operation.output_tokens"
USAGE_INPUT = "gen_ai.client.inference.usage.input_tokens"
USAGE_OUTPUT = "gen_ai.client.inference.usage.output_tokens"
USAGE_CACHED = "gen_ai.client.inference.usage.cache_read.input_tokens"
USAGE_REASONING = "gen_ai.client.inference.usage.reasoning.output_tokens"
TOOL_DURATION = "gen_ai.execute_tool.duration"
AGENT_DURATION = "gen_ai.invoke_agent.duration"
AGENT_INFERENCES = "gen_ai.invoke_agent.inference_calls"
AGENT_TOOLS = "gen_ai.invoke_agent.tool_calls"
RETIRED_TOKENS = "gen_ai.client.token.usage"
RETIRED_TOKEN_TYPE = "gen_ai.token.type"
TOKEN_MODALITY = "gen_ai.token.modality"

COST = {
    "input": "gcp.gen_ai.cost.input",
    "output": "gcp.gen_ai.cost.output",
    "total": "gcp.gen_ai.cost.total",
}
"""Field of `Cost` → attribute, in US dollars."""

CONFIG_PREFIX = "gcp.gen_ai.operation.config."
"""Before the path of a config's field, as the plugin of OpenTelemetry itself spells it."""

PARAMETERS = {
    "temperature": "gen_ai.request.temperature",
    "top_p": "gen_ai.request.top_p",
    "top_k": "gen_ai.request.top_k",
    "max_tokens": "gen_ai.request.max_tokens",
    "choice_count": "gen_ai.request.choice.count",
    "seed": "gen_ai.request.seed",
    "presence_penalty": "gen_ai.request.presence_penalty",
    "frequency_penalty": "gen_ai.request.frequency_penalty",
    "stop_sequences": "gen_ai.request.stop_sequences",
    "output_type": "gen_ai.output.type",
    "reasoning_level": "gen_ai.request.reasoning.level",
}
"""Field of `Parameters` → attribute."""

TOKENS = {
    "input_tokens": INPUT_TOKENS,
    "output_tokens": OUTPUT_TOKENS,
    "reasoning_tokens": "gen_ai.usage.reasoning.output_tokens",
    "cached_tokens": "gen_ai.usage.cache_read.input_tokens",
    "tool_use_prompt_tokens": "gcp.gen_ai.usage.tool_use_prompt_tokens",
}
"""Field of `Usage` → attribute."""

NAMED_MODALITIES = ("text", "image", "audio")
"""The modalities that the conventions count apart; any other is part of the totals only."""

MODALITY_TOKENS = {
    field: {modality: template.format(modality) for modality in NAMED_MODALITIES}
    for field, template in (
        ("input_by_modality", "gen_ai.usage.{}.input_tokens"),
        ("output_by_modality", "gen_ai.usage.{}.output_tokens"),
        ("cached_by_modality", "gen_ai.usage.{}.cache_read.input_tokens"),
    )
}
"""Field of `Usage` → modality → attribute."""

DETAILS = {
    "cancelled_call_ids": "gcp.gen_ai.live.cancelled_call_ids",
    "close_code": "gcp.gen_ai.live.close_code",
    "filtered_prompt_count": "gcp.gen_ai.live.filtered_prompt_count",
    "input_audio_bytes": "gcp.gen_ai.live.input.audio.bytes",
    "input_audio_milliseconds": "gcp.gen_ai.live.input.audio.milliseconds",
    "input_video_bytes": "gcp.gen_ai.live.input.video.bytes",
    "input_video_frames": "gcp.gen_ai.live.input.video.frames",
    "interrupted": "gcp.gen_ai.live.interrupted",
    "interruption_count": "gcp.gen_ai.live.interruption_count",
    "output_audio_bytes": "gcp.gen_ai.live.output.audio.bytes",
    "output_audio_milliseconds": "gcp.gen_ai.live.output.audio.milliseconds",
    "output_video_bytes": "gcp.gen_ai.live.output.video.bytes",
    "output_video_frames": "gcp.gen_ai.live.output.video.frames",
    "prompt_count": "gcp.gen_ai.live.prompt_count",
    "resumable": "gcp.gen_ai.live.resumable",
    "resumed": "gcp.gen_ai.live.resumed",
    "session_id": "gcp.gen_ai.live.session.id",
    "time_left": "gcp.gen_ai.live.time_left",
    "tool_call_cancelled": "gcp.gen_ai.live.tool_call.cancelled",
    "tool_call_count": "gcp.gen_ai.live.tool_call_count",
    "turn_complete_reason": "gcp.gen_ai.live.turn_complete_reason",
    "turn_count": "gcp.gen_ai.live.turn_count",
    "batch_input": "gcp.gen_ai.batch.input_tokens",
    "batch_output": "gcp.gen_ai.batch.output_tokens",
    "cache_tokens": "gcp.gen_ai.cache.total_tokens",
    "image_aspect_ratio": "gcp.gen_ai.request.image.aspect_ratio",
    "image_bytes": "gcp.gen_ai.response.image.bytes",
    "image_count": "gcp.gen_ai.response.image.count",
    "image_count_requested": "gcp.gen_ai.request.image.count",
    "image_edit_mode": "gcp.gen_ai.request.image.edit_mode",
    "image_filter_reasons": "gcp.gen_ai.response.image.filter_reasons",
    "image_mime_types": "gcp.gen_ai.response.image.mime_types",
    "image_size_requested": "gcp.gen_ai.request.image.size",
    "image_upscale_factor": "gcp.gen_ai.request.image.upscale_factor",
    "job_filter_reasons": "gcp.gen_ai.job.filter_reasons",
    "job_name": "gcp.gen_ai.job.name",
    "job_results": "gcp.gen_ai.job.results",
    "job_seconds": "gcp.gen_ai.job.duration",
    "job_state": "gcp.gen_ai.job.state",
    "poll_count": "gcp.gen_ai.job.polls",
    "resource_bytes": "gcp.gen_ai.resource.size",
    "resource_mime_type": "gcp.gen_ai.resource.mime_type",
    "resource_name": "gcp.gen_ai.resource.name",
    "resource_state": "gcp.gen_ai.resource.state",
    "video_aspect_ratio": "gcp.gen_ai.request.video.aspect_ratio",
    "video_count_requested": "gcp.gen_ai.request.video.count",
    "video_fps": "gcp.gen_ai.request.video.fps",
    "video_resolution": "gcp.gen_ai.request.video.resolution",
    "video_seconds_requested": "gcp.gen_ai.request.video.duration",
    "block_reason": "gcp.gen_ai.prompt.block_reason",
    "blocked_categories": "gcp.gen_ai.safety.blocked_categories",
    "code_execution_outcomes": "gcp.gen_ai.code_execution.outcomes",
    "grounding_query_count": "gcp.gen_ai.grounding.query_count",
    "service_tier": "gcp.gen_ai.response.service_tier",
    "traffic_type": "gcp.gen_ai.response.traffic_type",
    "url_context_statuses": "gcp.gen_ai.url_context.statuses",
    "billable_characters": "gcp.gen_ai.embeddings.billable_characters",
    "counted_cached_tokens": "gcp.gen_ai.count_tokens.cached_tokens",
    "counted_tokens": "gcp.gen_ai.count_tokens.total_tokens",
    "dimension_count": "gen_ai.embeddings.dimension.count",
    "embedding_count": "gcp.gen_ai.embeddings.count",
    "request_count": "gcp.gen_ai.response.request_count",
    "background": "gcp.gen_ai.request.background",
    "interaction_id": "gcp.gen_ai.interaction.id",
    "interaction_status": "gcp.gen_ai.interaction.status",
    "previous_response_id": "gen_ai.request.previous_response.id",
    "requested_response_id": "gen_ai.response.id",
    "response_status": "gen_ai.response.status",
    "stream_cursor": "gen_ai.request.stream_cursor",
    "task_type": "gcp.gen_ai.embeddings.task_type",
    "cached_content": "gcp.gen_ai.request.cached_content",
    "response_modalities": "gcp.gen_ai.request.response_modalities",
    "thinking_budget": "gcp.gen_ai.request.thinking_budget",
}
"""Key of a `details` mapping → attribute."""

SESSION_EVENTS = {
    "go_away": "gcp.gen_ai.live.go_away",
    "session_resumption": "gcp.gen_ai.live.session_resumption",
    "tool_call_cancellation": "gcp.gen_ai.live.tool_call_cancellation",
}
"""What happens to a session → event on its span."""

IMAGE_OPERATIONS = frozenset(
    {"edit_image", "generate_images", "recontext_image", "segment_image", "upscale_image"}
)
"""Inferences that answer in images, and for which the conventions have no name."""

INFERENCE_OPERATIONS = frozenset({"generate_content"}) | IMAGE_OPERATIONS
"""The operations that the conventions' inference metrics and events are for."""

PLAIN_OPERATIONS = frozenset({"create_agent", "fetch_response"})
"""Operations of the conventions that bill nothing, and of which no other list here knows."""

CUSTOM_OPERATIONS = IMAGE_OPERATIONS | {
    "cancel_batch",
    "cancel_interaction",
    "cancel_tuning",
    "compute_tokens",
    "count_tokens",
    "create_auth_token",
    "create_batch",
    "create_cache",
    "create_credential",
    "create_embeddings_batch",
    "create_environment",
    "create_file_search_store",
    "create_trigger",
    "create_voice",
    "create_webhook",
    "delete_agent",
    "delete_auth_token",
    "delete_batch",
    "delete_cache",
    "delete_credential",
    "delete_document",
    "delete_environment",
    "delete_file",
    "delete_file_search_store",
    "delete_interaction",
    "delete_model",
    "delete_trigger",
    "delete_voice",
    "delete_webhook",
    "download_environment_file",
    "download_file",
    "download_media",
    "generate_videos",
    "get_agent",
    "get_batch",
    "get_cache",
    "get_credential",
    "get_document",
    "get_environment",
    "get_file",
    "get_file_search_store",
    "get_model",
    "get_operation",
    "get_trigger",
    "get_tuning",
    "get_voice",
    "get_webhook",
    "import_file",
    "list_agents",
    "list_batches",
    "list_caches",
    "list_credentials",
    "list_documents",
    "list_environment_files",
    "list_environments",
    "list_file_search_stores",
    "list_files",
    "list_models",
    "list_trigger_executions",
    "list_triggers",
    "list_tunings",
    "list_voices",
    "list_webhooks",
    "live_interaction",
    "live_music_session",
    "live_session",
    "ping_webhook",
    "register_files",
    "rotate_webhook_secret",
    "run_trigger",
    "tune_model",
    "update_cache",
    "update_credential",
    "update_model",
    "update_trigger",
    "update_webhook",
    "upload_environment_file",
    "upload_file",
    "upload_to_file_search_store",
    "validate_reward",
}
"""Operation names of Gemini calls for which the conventions have none."""
