"""The attributes of the conventions and the namespaces beside them, as data."""

import re

SCOPE = "opentelemetry_instrumentation_gemini"
SCHEMA_URL = "https://opentelemetry.io/schemas/gen-ai-dev/1.42.0-dev"

# Namespaces beside gen_ai that a span, a span event or a log event of ours may use.
OTHER_NAMESPACES = (
    "error.",
    "exception.",
    "gcp.gen_ai.",
    "http.",
    "mlflow.",
    "server.",
    "session.",
    "url.",
    "user.",
)

# The event of ours for each request that the SDK sends again, and their number on the span.
RETRY = "gcp.gen_ai.retry"
RESEND_COUNT = "http.request.resend_count"

# The providers of the enumeration that a Gemini client can stand in front of.
PROVIDERS = frozenset({"gcp.gemini", "gcp.gen_ai", "gcp.vertex_ai"})

# What none of the enumeration comes close to the conventions want as the provider has it.
OWN_STATUS = re.compile(r"[a-z]+(_[a-z]+)*")

ATTRIBUTES: dict[str, str] = {
    "error.type": "string",
    "exception.message": "string",
    "exception.stacktrace": "string",
    "exception.type": "string",
    "gen_ai.agent.description": "string",
    "gen_ai.agent.id": "string",
    "gen_ai.agent.name": "string",
    "gen_ai.agent.version": "string",
    "gen_ai.conversation.compacted": "boolean",
    "gen_ai.conversation.id": "string",
    "gen_ai.data_source.id": "string",
    "gen_ai.embeddings.dimension.count": "int",
    "gen_ai.evaluation.explanation": "string",
    "gen_ai.evaluation.name": "string",
    "gen_ai.evaluation.score.label": "string",
    "gen_ai.evaluation.score.value": "double",
    "gen_ai.input.messages": "any",
    "gen_ai.main_agent.description": "string",
    "gen_ai.main_agent.id": "string",
    "gen_ai.main_agent.name": "string",
    "gen_ai.memory.query.text": "string",
    "gen_ai.memory.record.count": "int",
    "gen_ai.memory.record.id": "string",
    "gen_ai.memory.records": "any",
    "gen_ai.memory.store.id": "string",
    "gen_ai.operation.name": "enum",
    "gen_ai.output.messages": "any",
    "gen_ai.output.type": "enum",
    "gen_ai.prompt.name": "string",
    "gen_ai.prompt.variable": "template[string]",
    "gen_ai.prompt.version": "string",
    "gen_ai.provider.name": "enum",
    "gen_ai.request.choice.count": "int",
    "gen_ai.request.encoding_formats": "string[]",
    "gen_ai.request.frequency_penalty": "double",
    "gen_ai.request.max_tokens": "int",
    "gen_ai.request.model": "string",
    "gen_ai.request.presence_penalty": "double",
    "gen_ai.request.previous_response.id": "string",
    "gen_ai.request.reasoning.level": "string",
    "gen_ai.request.seed": "int",
    "gen_ai.request.stop_sequences": "string[]",
    "gen_ai.request.stream": "boolean",
    "gen_ai.request.stream_cursor": "string",
    "gen_ai.request.temperature": "double",
    "gen_ai.request.top_k": "int",
    "gen_ai.request.top_p": "double",
    "gen_ai.response.finish_reasons": "string[]",
    "gen_ai.response.id": "string",
    "gen_ai.response.model": "string",
    "gen_ai.response.status": "enum",
    "gen_ai.response.time_to_first_chunk": "double",
    "gen_ai.retrieval.documents": "any",
    "gen_ai.retrieval.query.text": "string",
    "gen_ai.retrieval.top_k": "int",
    "gen_ai.skill.description": "string",
    "gen_ai.skill.name": "string",
    "gen_ai.skill.resource.name": "string",
    "gen_ai.skill.source.uri": "string",
    "gen_ai.system_instructions": "any",
    "gen_ai.token.modality": "enum",
    "gen_ai.tool.call.arguments": "any",
    "gen_ai.tool.call.id": "string",
    "gen_ai.tool.call.result": "any",
    "gen_ai.tool.definitions": "any",
    "gen_ai.tool.description": "string",
    "gen_ai.tool.name": "string",
    "gen_ai.tool.type": "string",
    "gen_ai.usage.audio.cache_read.input_tokens": "int",
    "gen_ai.usage.audio.input_tokens": "int",
    "gen_ai.usage.audio.output_tokens": "int",
    "gen_ai.usage.cache_read.input_tokens": "int",
    "gen_ai.usage.cache_write.input_tokens": "int",
    "gen_ai.usage.image.cache_read.input_tokens": "int",
    "gen_ai.usage.image.input_tokens": "int",
    "gen_ai.usage.image.output_tokens": "int",
    "gen_ai.usage.input_tokens": "int",
    "gen_ai.usage.output_tokens": "int",
    "gen_ai.usage.reasoning.output_tokens": "int",
    "gen_ai.usage.text.cache_read.input_tokens": "int",
    "gen_ai.usage.text.input_tokens": "int",
    "gen_ai.usage.text.output_tokens": "int",
    "gen_ai.workflow.name": "string",
    "server.address": "string",
    "server.port": "int",
}

ENUMS: dict[str, frozenset[str]] = {
    "gen_ai.operation.name": frozenset(
        {
            "chat",
            "generate_content",
            "text_completion",
            "embeddings",
            "retrieval",
            "fetch_response",
            "create_agent",
            "invoke_agent",
            "execute_tool",
            "invoke_workflow",
            "plan",
            "search_memory",
            "create_memory",
            "update_memory",
            "upsert_memory",
            "delete_memory",
            "create_memory_store",
            "delete_memory_store",
        }
    ),
    "gen_ai.output.type": frozenset({"text", "json", "image", "speech"}),
    "gen_ai.provider.name": frozenset(
        {
            "openai",
            "gcp.gen_ai",
            "gcp.vertex_ai",
            "gcp.gemini",
            "anthropic",
            "cohere",
            "azure.ai.inference",
            "azure.ai.openai",
            "ibm.watsonx.ai",
            "aws.bedrock",
            "perplexity",
            "x_ai",
            "deepseek",
            "groq",
            "mistral_ai",
            "moonshot_ai",
        }
    ),
    "gen_ai.response.status": frozenset(
        ["queued", "in_progress", "completed", "incomplete", "failed", "cancelled"]
    ),
    "gen_ai.token.modality": frozenset({"text", "image", "audio", "unknown"}),
}

# Attributes that are absent rather than false.
ONLY_TRUE = frozenset({"gen_ai.conversation.compacted", "gen_ai.request.stream"})

# Each sum on the left is a part of the whole on the right.
SUBSETS: tuple[tuple[str, str], ...] = (
    ("reasoning.output_tokens", "output_tokens"),
    ("cache_read.input_tokens", "input_tokens"),
    ("cache_write.input_tokens", "input_tokens"),
    ("text.input_tokens image.input_tokens audio.input_tokens", "input_tokens"),
    ("text.output_tokens image.output_tokens audio.output_tokens", "output_tokens"),
    (
        "text.cache_read.input_tokens image.cache_read.input_tokens audio.cache_read.input_tokens",
        "cache_read.input_tokens",
    ),
    ("text.cache_read.input_tokens", "text.input_tokens"),
    ("image.cache_read.input_tokens", "image.input_tokens"),
    ("audio.cache_read.input_tokens", "audio.input_tokens"),
)
