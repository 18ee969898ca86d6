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
    "task_type": "gcp.gen_ai.embeddings.task_type",
    "cached_content": "gcp.gen_ai.request.cached_content",
    "response_modalities": "gcp.gen_ai.request.response_modalities",
    "thinking_budget": "gcp.gen_ai.request.thinking_budget",
}
"""Key of a `details` mapping → attribute."""

CUSTOM_OPERATIONS = frozenset({"compute_tokens", "count_tokens"})
"""Operation names of Gemini calls for which the conventions have none."""
