"""What each name in the reference tables means; the names themselves stand in the package.

A test compares both sides: a name without a text fails, and so does a text without a name.
"""

from typing import NamedTuple


class Text(NamedTuple):
    """The type of an attribute's value, and what it says."""

    type: str
    text: str


ATTRIBUTES: dict[str, dict[str, Text]] = {
    "call": {
        "gen_ai.operation.name": Text("string", "The operation; the tables above list them."),
        "gen_ai.provider.name": Text(
            "string", "`gcp.gemini` for the Gemini API, `gcp.vertex_ai` for Vertex AI."
        ),
        "gen_ai.request.model": Text("string", "The model as the caller named it."),
        "gen_ai.request.stream": Text("boolean", "`true` if the answer is streamed, else absent."),
        "server.address": Text(
            "string", "Host of the base URL in force, the call's own `http_options` included."
        ),
        "server.port": Text("int", "Its port."),
        "gen_ai.agent.name": Text("string", "The agent, where a call names one."),
        "gcp.gen_ai.location": Text("string", "Location of a Vertex AI client."),
        "error.type": Text(
            "string",
            "HTTP status of an error that the service answered with (`429`), `tool_error` for an "
            "MCP tool that reports one, else the exception's qualified name.",
        ),
    },
    "annotations": {
        "gen_ai.conversation.id": Text(
            "string", "What the call belongs to: on spans of inferences, loops and tools."
        ),
        "session.id": Text("string", "The same on every other span, or the baggage's session."),
        "user.id": Text("string", "For whom it is."),
        "gen_ai.prompt.name": Text("string", "Template of the prompt: on spans of inferences."),
        "gen_ai.prompt.version": Text("string", "The template's version."),
    },
    "parameters": {
        "gen_ai.request.temperature": Text("double", "`temperature`."),
        "gen_ai.request.top_p": Text("double", "`top_p`."),
        "gen_ai.request.top_k": Text("int", "`top_k`."),
        "gen_ai.request.max_tokens": Text("int", "`max_output_tokens`."),
        "gen_ai.request.choice.count": Text("int", "`candidate_count`, unless it is 1."),
        "gen_ai.request.seed": Text("int", "`seed`."),
        "gen_ai.request.presence_penalty": Text("double", "`presence_penalty`."),
        "gen_ai.request.frequency_penalty": Text("double", "`frequency_penalty`."),
        "gen_ai.request.stop_sequences": Text("string[]", "`stop_sequences`."),
        "gen_ai.output.type": Text(
            "string",
            "`image` or `speech` by `response_modalities`, `json` where a JSON type or a schema "
            "is asked for, `text` by a text type.",
        ),
        "gen_ai.request.reasoning.level": Text("string", "`thinking_config.thinking_level`."),
        "gcp.gen_ai.request.thinking_budget": Text("int", "`thinking_config.thinking_budget`."),
        "gcp.gen_ai.request.cached_content": Text("string", "Name of the cached content in use."),
        "gcp.gen_ai.request.response_modalities": Text("string[]", "`response_modalities`."),
        "gen_ai.embeddings.dimension.count": Text(
            "int", "`output_dimensionality` of an embedding."
        ),
        "gcp.gen_ai.embeddings.task_type": Text("string", "`task_type` of an embedding."),
    },
    "answer": {
        "gen_ai.response.id": Text("string", "`response_id`."),
        "gen_ai.response.model": Text("string", "`model_version`: the model that answered."),
        "gen_ai.response.finish_reasons": Text(
            "string[]", "One for each candidate, in the words of the table below."
        ),
        "gen_ai.response.time_to_first_chunk": Text(
            "double", "Seconds until a stream's first chunk."
        ),
        "gcp.gen_ai.prompt.block_reason": Text("string", "Why the prompt was blocked."),
        "gcp.gen_ai.safety.blocked_categories": Text(
            "string[]", "Categories of the safety ratings that blocked."
        ),
        "gcp.gen_ai.response.traffic_type": Text(
            "string", "How Vertex AI served it, such as `ON_DEMAND`."
        ),
        "gcp.gen_ai.response.service_tier": Text(
            "string", "The tier that the Gemini API names in a header."
        ),
        "gcp.gen_ai.response.request_count": Text(
            "int",
            "How many requests this round trip took, where the SDK continued a cut answer. Absent "
            "for one.",
        ),
        "gcp.gen_ai.grounding.query_count": Text(
            "int", "Number of web and image searches, which are billed."
        ),
        "gcp.gen_ai.url_context.statuses": Text(
            "string[]", "How the retrieval of each URL of `url_context` came out."
        ),
        "gcp.gen_ai.code_execution.outcomes": Text(
            "string[]", "Outcome of each piece of code that the service ran."
        ),
        "gcp.gen_ai.embeddings.count": Text("int", "Number of embeddings returned."),
        "gcp.gen_ai.embeddings.billable_characters": Text(
            "int", "Characters that Vertex AI bills for an embedding."
        ),
        "gcp.gen_ai.count_tokens.total_tokens": Text(
            "int", "Result of `count_tokens` or `compute_tokens`: counted, not billed."
        ),
        "gcp.gen_ai.count_tokens.cached_tokens": Text("int", "Those of them that are cached."),
    },
    "tokens": {
        "gen_ai.usage.input_tokens": Text(
            "int", "`prompt_token_count` + `tool_use_prompt_token_count`; includes cached tokens."
        ),
        "gen_ai.usage.output_tokens": Text(
            "int", "`candidates_token_count` + `thoughts_token_count`."
        ),
        "gen_ai.usage.reasoning.output_tokens": Text(
            "int", "`thoughts_token_count`, a part of the output."
        ),
        "gen_ai.usage.cache_read.input_tokens": Text(
            "int", "`cached_content_token_count`, a part of the input."
        ),
        "gcp.gen_ai.usage.tool_use_prompt_tokens": Text(
            "int", "`tool_use_prompt_token_count`, a part of the input."
        ),
        "gen_ai.usage.{}.input_tokens": Text("int", "The part of the input in one modality."),
        "gen_ai.usage.{}.output_tokens": Text("int", "The part of the output in one modality."),
        "gen_ai.usage.{}.cache_read.input_tokens": Text(
            "int", "The part of the cached input in one modality."
        ),
    },
    "cost": {
        "gcp.gen_ai.cost.input": Text("double", "Price of the input in US dollars."),
        "gcp.gen_ai.cost.output": Text("double", "Price of the output, thoughts included."),
        "gcp.gen_ai.cost.total": Text("double", "Price of all of it, billed searches included."),
        "mlflow.llm.cost": Text("JSON", "The same for MLflow, which then computes none itself."),
    },
    "tools": {
        "gen_ai.tool.name": Text("string", "Name of the tool."),
        "gen_ai.tool.type": Text("string", "`function`."),
        "gen_ai.tool.call.id": Text("string", "The id that the model gave the call, if any."),
    },
    "content": {
        "gen_ai.system_instructions": Text("JSON", "`system_instruction`, as parts."),
        "gen_ai.input.messages": Text("JSON", "`contents` as messages."),
        "gen_ai.output.messages": Text("JSON", "One message for each candidate."),
        "gen_ai.tool.definitions": Text("JSON", "The tools that the config offers."),
        "gen_ai.tool.description": Text("string", "Documentation of the tool that was called."),
        "gen_ai.tool.call.arguments": Text("JSON", "Its arguments."),
        "gen_ai.tool.call.result": Text("JSON", "What it returned."),
        "gcp.gen_ai.response.finish_message": Text(
            "string", "What Gemini says about why it stopped."
        ),
        "gcp.gen_ai.grounding.queries": Text("string[]", "The searches that were made."),
        "gcp.gen_ai.grounding.source_uris": Text("string[]", "Addresses of the sources used."),
        "gcp.gen_ai.grounding.source_titles": Text("string[]", "Their titles."),
        "gcp.gen_ai.citation.uris": Text("string[]", "Addresses that the answer cites."),
        "gcp.gen_ai.url_context.urls": Text("string[]", "URLs that the service retrieved."),
    },
    "mlflow": {
        "mlflow.spanType": Text("string", "The type in the operations table."),
        "mlflow.llm.model": Text("string", "The requested model without its path."),
        "mlflow.llm.provider": Text("string", "`gemini` or `vertex_ai`; MLflow prices by it."),
        "mlflow.chat.tokenUsage": Text(
            "JSON",
            "`input_tokens`, `output_tokens`, `total_tokens`, and `cache_read_input_tokens` if "
            "any. Wherever tokens were reported.",
        ),
    },
    "mlflow-pages": {
        "mlflow.spanInputs": Text(
            "JSON", "The messages in OpenAI's shape, a tool's arguments, or the texts to embed."
        ),
        "mlflow.spanOutputs": Text("JSON", "The choices in OpenAI's shape, or a tool's result."),
        "mlflow.chat.tools": Text("JSON", "The functions that the config offers, likewise."),
        "mlflow.chat.messages": Text(
            "JSON", "The messages again, on failed spans, which have no outputs to show."
        ),
        "mlflow.spanLogLevel": Text("int", "20, and 40 for a failed span."),
    },
    "exceptions": {
        "exception.type": Text("string", "Qualified name of the exception."),
        "exception.message": Text("string", "Its text, freed of keys and tokens."),
        "exception.stacktrace": Text("string", "Its traceback, likewise."),
    },
    "metrics": {
        "gen_ai.token.modality": Text(
            "string", "`text`, `image` or `audio`; `unknown` where Gemini did not say."
        ),
        "gen_ai.token.type": Text("string", "`input` or `output`; on the retired metric only."),
    },
}
"""Attributes in the order of their tables. `{}` stands for a modality."""

OPERATIONS = {
    "generate_content": "One round trip to the model.",
    "embeddings": "`embed_content`.",
    "count_tokens": "`count_tokens`.",
    "compute_tokens": "`compute_tokens`.",
    "invoke_agent": "A tool loop: the rounds and tools of one call.",
    "execute_tool": "One call of a tool, by the SDK on behalf of the model.",
}

METRICS = {
    "gen_ai.client.inference.duration": "Duration of an inference.",
    "gen_ai.client.inference.time_to_first_chunk": "Time until a stream's first chunk.",
    "gen_ai.client.inference.time_per_output_chunk": (
        "How long the reader waited for each further chunk."
    ),
    "gen_ai.client.inference.operation.input_tokens": "Input tokens of an inference.",
    "gen_ai.client.inference.operation.output_tokens": "Output tokens of an inference.",
    "gen_ai.client.inference.usage.input_tokens": "Sum of input tokens, by modality.",
    "gen_ai.client.inference.usage.output_tokens": "Sum of output tokens, by modality.",
    "gen_ai.client.inference.usage.cache_read.input_tokens": (
        "Sum of cached input tokens, by modality."
    ),
    "gen_ai.client.inference.usage.reasoning.output_tokens": "Sum of thinking tokens.",
    "gen_ai.client.operation.duration": (
        "Duration of every other client operation; with `retired_metrics` of inferences too."
    ),
    "gen_ai.execute_tool.duration": "Duration of a tool.",
    "gen_ai.invoke_agent.duration": "Duration of a tool loop.",
    "gen_ai.invoke_agent.inference_calls": "How often a tool loop asked the model.",
    "gen_ai.invoke_agent.tool_calls": "How often a tool loop called a tool.",
    "gen_ai.client.token.usage": "Tokens of an inference, only with `retired_metrics`.",
}

EVENTS = {
    "exception": "On a failed span: the exception, which MLflow and Phoenix read nowhere else.",
    "gen_ai.client.operation.exception": (
        "A log record of the same exception, severity WARN. Not for tools and loops."
    ),
    "gen_ai.client.inference.operation.details": (
        "A log record for each inference, severity DEBUG, with its span's attributes and, where "
        "the content setting names events, its content as structured values. Emitted with "
        "`emit_event` or a content setting that names events."
    ),
}

SURFACES = {
    "generate_content": "One round trip to the model: a `generate_content` span.",
    "hop": "One request of a round trip. No span; counted in `gcp.gen_ai.response.request_count`.",
    "tool_loop": "A call whose tools the SDK runs: an `invoke_agent` span. Other calls pass.",
    "conversation": (
        "A message of a chat. No span; with `chat_conversation_ids` the spans within carry the "
        "chat's id."
    ),
    "call_ids": "Where the ids of the model's tool calls are at hand. No span.",
    "execute_tool": "One call of a tool: an `execute_tool` span.",
    "embed_content": "An `embeddings` span.",
    "count_tokens": "A `count_tokens` span.",
    "count_tokens:COMPUTE": "A `compute_tokens` span.",
}
