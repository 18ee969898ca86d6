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
            "HTTP status of an error that the service answered with (`429`), its code where it "
            "reports one in an answer or closes a session with it, `tool_error` for a tool that "
            "reports one, else the exception's qualified name.",
        ),
    },
    "annotations": {
        "gen_ai.conversation.id": Text(
            "string",
            "What the call belongs to: on spans of `generate_content`, `invoke_agent` and "
            "`execute_tool`.",
        ),
        "session.id": Text("string", "The same on every other span, or the baggage's session."),
        "user.id": Text("string", "For whom it is."),
        "gen_ai.prompt.name": Text(
            "string", "Template of the prompt: on spans of `generate_content`."
        ),
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
    "retries": {
        "http.request.resend_count": Text(
            "int", "On the span: how many of its requests were sent again. Absent for none."
        ),
        "gcp.gen_ai.retry.attempt": Text(
            "int", "Which attempt of its request it is; the first further one is 2."
        ),
        "gcp.gen_ai.retry.wait": Text(
            "double",
            "Seconds between the attempt before and this one. Absent where the SDK connects anew "
            "by itself on aiohttp.",
        ),
        "http.response.status_code": Text(
            "int", "HTTP status of the attempt before. Absent where nobody answered."
        ),
    },
    "tokens": {
        "gen_ai.usage.input_tokens": Text(
            "int", "`prompt_token_count` + `tool_use_prompt_token_count`; includes cached tokens."
        ),
        "gen_ai.usage.output_tokens": Text(
            "int", "`candidates_token_count` + `thoughts_token_count`."
        ),
        "gen_ai.usage.reasoning.output_tokens": Text(
            "int",
            "`thoughts_token_count`, a part of the output; in google-generativeai what the total "
            "has beyond prompt and candidates.",
        ),
        "gen_ai.usage.cache_read.input_tokens": Text(
            "int", "`cached_content_token_count`, a part of the input."
        ),
        "gcp.gen_ai.usage.tool_use_prompt_tokens": Text(
            "int", "`tool_use_prompt_token_count`, a part of the input."
        ),
        "gen_ai.usage.text.input_tokens": Text("int", "The part of the input in one modality."),
        "gen_ai.usage.image.input_tokens": Text("int", "The part of the input in one modality."),
        "gen_ai.usage.audio.input_tokens": Text("int", "The part of the input in one modality."),
        "gen_ai.usage.text.output_tokens": Text("int", "The part of the output in one modality."),
        "gen_ai.usage.image.output_tokens": Text("int", "The part of the output in one modality."),
        "gen_ai.usage.audio.output_tokens": Text("int", "The part of the output in one modality."),
        "gen_ai.usage.text.cache_read.input_tokens": Text(
            "int", "The part of the cached input in one modality."
        ),
        "gen_ai.usage.image.cache_read.input_tokens": Text(
            "int", "The part of the cached input in one modality."
        ),
        "gen_ai.usage.audio.cache_read.input_tokens": Text(
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
            "string", "What Gemini says about why it stopped or refused."
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
        "mlflow.traceTag.mlflow.traceName": Text(
            "string", "The span's own name, where it is the root of its trace."
        ),
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
    "resources": {
        "gcp.gen_ai.batch.input_tokens": Text(
            "int", "Billed input of a batch whose answers stand in the job."
        ),
        "gcp.gen_ai.batch.output_tokens": Text(
            "int", "Billed output of a batch whose answers stand in the job."
        ),
        "gcp.gen_ai.cache.total_tokens": Text("int", "Tokens that a created cache holds."),
        "gcp.gen_ai.interaction.id": Text(
            "string", "The interaction of an agent, or of a live session."
        ),
        "gcp.gen_ai.interaction.status": Text("string", "What became of it, as Gemini spells it."),
        "gcp.gen_ai.job.duration": Text("double", "Seconds from the job's submission to its end."),
        "gcp.gen_ai.job.name": Text("string", "The long-running job."),
        "gcp.gen_ai.job.polls": Text("int", "How often the program has looked at it so far."),
        "gcp.gen_ai.job.results": Text("string[]", "Where the results are."),
        "gcp.gen_ai.job.filter_reasons": Text("string[]", "Why videos were held back."),
        "gcp.gen_ai.job.state": Text("string", "How the job stands."),
        "gcp.gen_ai.request.background": Text(
            "boolean", "`true` if an interaction runs in the background."
        ),
        "gcp.gen_ai.request.image.aspect_ratio": Text("string", "Asked for: image aspect ratio."),
        "gcp.gen_ai.request.image.count": Text("int", "Asked for: image count."),
        "gcp.gen_ai.request.image.edit_mode": Text("string", "Asked for: image edit mode."),
        "gcp.gen_ai.request.image.size": Text("string", "Asked for: image size."),
        "gcp.gen_ai.request.image.upscale_factor": Text(
            "string", "Asked for: image upscale factor."
        ),
        "gcp.gen_ai.request.prompt": Text("string", "The prompt of a video. Content."),
        "gcp.gen_ai.request.video.aspect_ratio": Text("string", "Asked for: video aspect ratio."),
        "gcp.gen_ai.request.video.count": Text("int", "Asked for: video count."),
        "gcp.gen_ai.request.video.duration": Text("string", "Asked for: video duration."),
        "gcp.gen_ai.request.video.fps": Text("int", "Asked for: video fps."),
        "gcp.gen_ai.request.video.resolution": Text("string", "Asked for: video resolution."),
        "gcp.gen_ai.resource.mime_type": Text("string", "Of a managed resource: mime type."),
        "gcp.gen_ai.resource.name": Text("string", "Of a managed resource: name."),
        "gcp.gen_ai.resource.size": Text("int", "Of a managed resource: size."),
        "gcp.gen_ai.resource.state": Text("string", "Of a managed resource: state."),
        "gcp.gen_ai.response.image.bytes": Text("int", "Answered: image bytes."),
        "gcp.gen_ai.response.image.count": Text("int", "Answered: image count."),
        "gcp.gen_ai.response.image.filter_reasons": Text(
            "string[]", "Answered: image filter reasons."
        ),
        "gcp.gen_ai.response.image.mime_types": Text("string[]", "Answered: image mime types."),
        "gen_ai.request.previous_response.id": Text(
            "string", "The interaction that this one goes on from."
        ),
        "gen_ai.request.stream_cursor": Text("string", "Where a resumed stream goes on."),
        "gen_ai.response.status": Text(
            "string", "The status of an interaction, as Gemini spells it."
        ),
    },
    "sessions": {
        "gcp.gen_ai.live.turn_count": Text("int", "Turns of the session."),
        "gcp.gen_ai.live.interruption_count": Text("int", "How often the user interrupted one."),
        "gcp.gen_ai.live.tool_call_count": Text("int", "Calls of tools in it."),
        "gcp.gen_ai.live.session.id": Text(
            "string", "Its id, which Vertex AI gives; on its turns and tools the conversation's."
        ),
        "gcp.gen_ai.live.resumed": Text("boolean", "`true` if it goes on from an earlier one."),
        "gcp.gen_ai.live.resumable": Text("boolean", "Whether it could last be taken up again."),
        "gcp.gen_ai.live.close_code": Text("int", "Code with which the service closed it."),
        "gcp.gen_ai.live.interrupted": Text(
            "boolean", "On a turn: `true` if the user interrupted the answer."
        ),
        "gcp.gen_ai.live.turn_complete_reason": Text(
            "string", "On a turn: `turn_complete_reason`, where the service gives one."
        ),
        "gcp.gen_ai.live.tool_call.cancelled": Text(
            "boolean", "On a tool: `true` if the model took the call back."
        ),
        "gcp.gen_ai.live.input.audio.bytes": Text(
            "int", "Audio sent; on a turn what was sent before its answer."
        ),
        "gcp.gen_ai.live.input.audio.milliseconds": Text("int", "How long it is, if it is PCM."),
        "gcp.gen_ai.live.input.video.frames": Text("int", "Frames and images sent, likewise."),
        "gcp.gen_ai.live.input.video.bytes": Text("int", "Their bytes."),
        "gcp.gen_ai.live.output.audio.bytes": Text("int", "Audio received."),
        "gcp.gen_ai.live.output.audio.milliseconds": Text("int", "How long it is, if it is PCM."),
        "gcp.gen_ai.live.output.video.frames": Text("int", "Images received."),
        "gcp.gen_ai.live.output.video.bytes": Text("int", "Their bytes."),
        "gcp.gen_ai.live.prompt_count": Text("int", "Prompts of a music session."),
        "gcp.gen_ai.live.filtered_prompt_count": Text("int", "Those that the service refused."),
        "gcp.gen_ai.live.time_left": Text(
            "string", "On the event `go_away`: until the service closes the session."
        ),
        "gcp.gen_ai.live.cancelled_call_ids": Text(
            "string[]", "On the event `tool_call_cancellation`: the calls that were taken back."
        ),
    },
}
"""Attributes in the order of their tables. `{}` stands for a modality."""

OPERATIONS = {
    "generate_content": "One round trip to the model, one interaction or decision, or one answer "
    "in a session.",
    "embeddings": "`embed_content`.",
    "count_tokens": "`count_tokens`.",
    "compute_tokens": "`compute_tokens`.",
    "invoke_agent": "A tool loop: the rounds and tools of one call. As CLIENT: an interaction with "
    "an agent, which the service runs.",
    "execute_tool": "One call of a tool on behalf of the model, by the SDK or, in a Live session, "
    "by the program.",
    "cancel_batch": "To cancel batch.",
    "cancel_interaction": "An interaction that the program cancels.",
    "cancel_tuning": "To cancel tuning.",
    "create_auth_token": "To create auth token.",
    "create_batch": "To create batch.",
    "create_cache": "To create cache.",
    "create_embeddings_batch": "To create embeddings batch.",
    "create_file_search_store": "To create file search store.",
    "delete_auth_token": "A token for a live interaction that the program deletes.",
    "delete_batch": "To delete batch.",
    "delete_cache": "To delete cache.",
    "delete_document": "To delete document.",
    "delete_file": "To delete file.",
    "delete_file_search_store": "To delete file search store.",
    "delete_interaction": "An interaction that the program deletes.",
    "delete_model": "To delete model.",
    "download_file": "To download file.",
    "download_media": "To download media.",
    "edit_image": "To edit image.",
    "generate_images": "To generate images.",
    "generate_videos": "To generate videos.",
    "get_batch": "To get batch.",
    "get_cache": "To get cache.",
    "get_document": "To get document.",
    "get_file": "To get file.",
    "get_file_search_store": "To get file search store.",
    "get_model": "To get model.",
    "get_operation": "To get operation.",
    "get_tuning": "To get tuning.",
    "import_file": "To import file.",
    "list_batches": "To list batches.",
    "list_caches": "To list caches.",
    "list_documents": "To list documents.",
    "list_file_search_stores": "To list file search stores.",
    "list_files": "To list files.",
    "list_models": "To list models.",
    "list_tunings": "To list tunings.",
    "live_music_session": "A session of Live music, from its opening to its end.",
    "live_interaction": "A connection to a live interaction, from its opening to its end.",
    "live_session": "A Live session, from its opening to its end.",
    "recontext_image": "To recontext image.",
    "register_files": "To register files.",
    "segment_image": "To segment image.",
    "tune_model": "To tune model.",
    "update_cache": "To update cache.",
    "update_model": "To update model.",
    "upload_file": "To upload file.",
    "upload_to_file_search_store": "To upload to file search store.",
    "upscale_image": "To upscale image.",
    "validate_reward": "To validate reward.",
    "create_agent": "An agent that the program makes.",
    "create_credential": "To create credential.",
    "create_environment": "To create environment.",
    "create_trigger": "To create trigger.",
    "create_voice": "To create voice.",
    "create_webhook": "To create webhook.",
    "delete_agent": "To delete agent.",
    "delete_credential": "To delete credential.",
    "delete_environment": "To delete environment.",
    "delete_trigger": "To delete trigger.",
    "delete_voice": "To delete voice.",
    "delete_webhook": "To delete webhook.",
    "download_environment_file": "To download environment file.",
    "fetch_response": "A stored interaction, fetched.",
    "get_agent": "To get agent.",
    "get_credential": "To get credential.",
    "get_environment": "To get environment.",
    "get_trigger": "To get trigger.",
    "get_voice": "To get voice.",
    "get_webhook": "To get webhook.",
    "list_agents": "To list agents.",
    "list_credentials": "To list credentials.",
    "list_environment_files": "To list environment files.",
    "list_environments": "To list environments.",
    "list_trigger_executions": "To list the executions of a trigger.",
    "list_triggers": "To list triggers.",
    "list_voices": "To list voices.",
    "list_webhooks": "To list webhooks.",
    "ping_webhook": "A webhook that the service is to try.",
    "rotate_webhook_secret": "A webhook's signing secret, made anew.",
    "run_trigger": "A trigger that the program sets off.",
    "update_credential": "To update credential.",
    "update_trigger": "To update trigger.",
    "update_webhook": "To update webhook.",
    "upload_environment_file": "To upload environment file.",
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
    "gcp.gen_ai.retry": (
        "On any span of a call: the SDK sends a request again. `error.type` is why the attempt "
        "before failed: the HTTP status, else the exception's qualified name."
    ),
    "gcp.gen_ai.live.go_away": "On a session's span: the service will close it soon.",
    "gcp.gen_ai.live.session_resumption": (
        "On a session's span: whether it can be taken up again has changed."
    ),
    "gcp.gen_ai.live.tool_call_cancellation": (
        "On a session's span: the model took calls of tools back."
    ),
    "gen_ai.client.operation.exception": (
        "A log record of the same exception, severity WARN. Not for tools and loops."
    ),
    "gen_ai.client.inference.operation.details": (
        "A log record for each inference, severity DEBUG, with those of its span's attributes that "
        "are called `gen_ai.*`, `gcp.gen_ai.*`, `server.*` or `error.*` and, where the content "
        "setting names events, its content as structured values. Emitted with `emit_event` or a "
        "content setting that names events."
    ),
}

SURFACES = {
    "generate_content": "One round trip to the model: a `generate_content` span.",
    "attempt": "One attempt of a request. No span; a further one is a `gcp.gen_ai.retry` event.",
    "hop": "One of the requests of an interaction that is continued. No span.",
    "reconnect": "Where the SDK connects anew by itself on aiohttp. No span, the same event.",
    "retry_wait": "The generated client's decision to send again. No span, the same event.",
    "retry_sleep": "The generated client's wait, on older SDKs. No span, the same event.",
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
    "decisions": "A decision that a model takes: an inference span.",
    "images:EDIT": "An inference that answers in images (edit).",
    "images:GENERATE": "An inference that answers in images (generate).",
    "images:RECONTEXT": "An inference that answers in images (recontext).",
    "images:SEGMENT": "An inference that answers in images (segment).",
    "images:UPSCALE": "An inference that answers in images (upscale).",
    "interactions:CANCEL": "The end of an interaction: a `cancel_interaction` span.",
    "interactions:CREATE": (
        "An interaction: an inference span, or where an agent is named an `invoke_agent` span."
    ),
    "interactions:CREATE_TOKEN": "A token for a live interaction: a span without the token.",
    "interactions:DELETE": "The end of an interaction: a `delete_interaction` span.",
    "interactions:DELETE_TOKEN": "The end of such a token: a span without the token.",
    "interactions:FETCH": "A stored interaction: a `fetch_response` span.",
    "jobs:CREATE_BATCH": "Long-running work (create batch).",
    "jobs:CREATE_EMBEDDINGS_BATCH": "Long-running work (create embeddings batch).",
    "jobs:GENERATE_VIDEOS": "Long-running work (generate videos).",
    "jobs:POLL_BATCH": "Long-running work (poll batch).",
    "jobs:POLL_OPERATION": "Long-running work (poll operation).",
    "jobs:POLL_TUNING": "Long-running work (poll tuning).",
    "jobs:TUNE": "Long-running work (tune).",
    "legacy:GENERATE": "One round trip of google-generativeai: a `generate_content` span.",
    "legacy:COUNT": "A `count_tokens` span.",
    "legacy_embed": "An `embeddings` span.",
    "legacy_tools:LOOP": (
        "A message of a chat that calls tools by itself: an `invoke_agent` span. Others pass."
    ),
    "legacy_tools:TOOL": "One call of a tool: an `execute_tool` span.",
    "live_interactions": (
        "A live interaction: a session span, and an inference span for each answer."
    ),
    "live": "A Live session: a session span, and an inference span for each turn.",
    "live_music": "A Live music session: a span with counts.",
    "management:CANCEL_BATCH": "A managed resource (cancel batch).",
    "management:CANCEL_TUNING": "A managed resource (cancel tuning).",
    "management:CREATE_AUTH_TOKEN": "A managed resource (create auth token).",
    "management:CREATE_CACHE": "A managed resource (create cache).",
    "management:CREATE_STORE": "A managed resource (create store).",
    "management:DELETE_BATCH": "A managed resource (delete batch).",
    "management:DELETE_CACHE": "A managed resource (delete cache).",
    "management:DELETE_DOCUMENT": "A managed resource (delete document).",
    "management:DELETE_FILE": "A managed resource (delete file).",
    "management:DELETE_MODEL": "A managed resource (delete model).",
    "management:DELETE_STORE": "A managed resource (delete store).",
    "management:DOWNLOAD_FILE": "A managed resource (download file).",
    "management:DOWNLOAD_MEDIA": "A managed resource (download media).",
    "management:GET_CACHE": "A managed resource (get cache).",
    "management:GET_DOCUMENT": "A managed resource (get document).",
    "management:GET_FILE": "A managed resource (get file).",
    "management:GET_MODEL": "A managed resource (get model).",
    "management:GET_STORE": "A managed resource (get store).",
    "management:IMPORT_FILE": "A managed resource (import file).",
    "management:LIST_BATCHES": "A managed resource (list batches).",
    "management:LIST_CACHES": "A managed resource (list caches).",
    "management:LIST_DOCUMENTS": "A managed resource (list documents).",
    "management:LIST_FILES": "A managed resource (list files).",
    "management:LIST_MODELS": "A managed resource (list models).",
    "management:LIST_STORES": "A managed resource (list stores).",
    "management:LIST_TUNINGS": "A managed resource (list tunings).",
    "management:REGISTER_FILES": "A managed resource (register files).",
    "management:UPDATE_CACHE": "A managed resource (update cache).",
    "management:UPDATE_MODEL": "A managed resource (update model).",
    "management:UPLOAD_FILE": "A managed resource (upload file).",
    "management:UPLOAD_TO_STORE": "A managed resource (upload to store).",
    "management:VALIDATE_REWARD": "A managed resource (validate reward).",
    "session_close": "The end of a Live session. No span of its own.",
    "session_leave": "The end of a live interaction's connection. No span of its own.",
    "session_receive": "What a Live session receives. Turns come from it.",
    "session_send": "What a Live session sends. Turns begin with it.",
    "management:CREATE_AGENT": "A managed resource (create agent).",
    "management:CREATE_CREDENTIAL": "A managed resource (create credential).",
    "management:CREATE_ENVIRONMENT": "A managed resource (create environment).",
    "management:CREATE_TRIGGER": "A managed resource (create trigger).",
    "management:CREATE_VOICE": "A managed resource (create voice).",
    "management:CREATE_WEBHOOK": "A managed resource (create webhook).",
    "management:DELETE_AGENT": "A managed resource (delete agent).",
    "management:DELETE_CREDENTIAL": "A managed resource (delete credential).",
    "management:DELETE_ENVIRONMENT": "A managed resource (delete environment).",
    "management:DELETE_TRIGGER": "A managed resource (delete trigger).",
    "management:DELETE_VOICE": "A managed resource (delete voice).",
    "management:DELETE_WEBHOOK": "A managed resource (delete webhook).",
    "management:DOWNLOAD_ENVIRONMENT_FILE": "A managed resource (download environment file).",
    "management:GET_AGENT": "A managed resource (get agent).",
    "management:GET_CREDENTIAL": "A managed resource (get credential).",
    "management:GET_ENVIRONMENT": "A managed resource (get environment).",
    "management:GET_TRIGGER": "A managed resource (get trigger).",
    "management:GET_VOICE": "A managed resource (get voice).",
    "management:GET_WEBHOOK": "A managed resource (get webhook).",
    "management:LIST_AGENTS": "A managed resource (list agents).",
    "management:LIST_CREDENTIALS": "A managed resource (list credentials).",
    "management:LIST_ENVIRONMENTS": "A managed resource (list environments).",
    "management:LIST_ENVIRONMENT_FILES": "A managed resource (list environment files).",
    "management:LIST_TRIGGERS": "A managed resource (list triggers).",
    "management:LIST_TRIGGER_EXECUTIONS": "A managed resource (list trigger executions).",
    "management:LIST_VOICES": "A managed resource (list voices).",
    "management:LIST_WEBHOOKS": "A managed resource (list webhooks).",
    "management:PING_WEBHOOK": "A managed resource (ping webhook).",
    "management:ROTATE_WEBHOOK_SECRET": "A managed resource (rotate webhook secret).",
    "management:RUN_TRIGGER": "A managed resource (run trigger).",
    "management:UPDATE_CREDENTIAL": "A managed resource (update credential).",
    "management:UPDATE_TRIGGER": "A managed resource (update trigger).",
    "management:UPDATE_WEBHOOK": "A managed resource (update webhook).",
    "management:UPLOAD_ENVIRONMENT_FILE": "A managed resource (upload environment file).",
}
