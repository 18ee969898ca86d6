"""The span types of the conventions, as data."""

from dataclasses import dataclass, field

from .attribute_table import ATTRIBUTES


@dataclass(frozen=True)
class Span:
    """What the conventions say about one type of span."""

    kinds: tuple[str, ...]
    keyed_by: str | None
    """The attribute that follows the operation in the span's name."""
    levels: dict[str, str]
    sampled: frozenset[str] = field(default_factory=frozenset)
    """Attributes that are there when the span starts, for the sampler."""


def levels(text: str) -> dict[str, str]:
    """Read lines of ``level: name name …``, where a level may stand on several lines."""
    rows = (line.split(":") for line in text.strip().splitlines())
    return {name: level.strip() for level, names in rows for name in names.split()}


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_REMOTE = "gen_ai.operation.name gen_ai.provider.name"
_ENDPOINT = "server.address server.port"

_INFERENCE = levels(f"""
    required: {_REMOTE}
    conditionally_required: error.type gen_ai.conversation.id gen_ai.output.type
    conditionally_required: gen_ai.prompt.name gen_ai.prompt.version gen_ai.request.choice.count
    conditionally_required: gen_ai.request.model gen_ai.request.seed gen_ai.request.stream
    conditionally_required: gen_ai.request.top_k server.port
    recommended: gen_ai.conversation.compacted gen_ai.request.frequency_penalty
    recommended: gen_ai.request.max_tokens gen_ai.request.presence_penalty
    recommended: gen_ai.request.previous_response.id gen_ai.request.reasoning.level
    recommended: gen_ai.request.stop_sequences gen_ai.request.temperature gen_ai.request.top_p
    recommended: gen_ai.response.finish_reasons gen_ai.response.id gen_ai.response.model
    recommended: gen_ai.response.time_to_first_chunk server.address
    recommended: gen_ai.usage.audio.cache_read.input_tokens gen_ai.usage.audio.input_tokens
    recommended: gen_ai.usage.audio.output_tokens gen_ai.usage.cache_read.input_tokens
    recommended: gen_ai.usage.cache_write.input_tokens gen_ai.usage.image.cache_read.input_tokens
    recommended: gen_ai.usage.image.input_tokens gen_ai.usage.image.output_tokens
    recommended: gen_ai.usage.input_tokens gen_ai.usage.output_tokens
    recommended: gen_ai.usage.reasoning.output_tokens gen_ai.usage.text.cache_read.input_tokens
    recommended: gen_ai.usage.text.input_tokens gen_ai.usage.text.output_tokens
    opt_in: gen_ai.input.messages gen_ai.output.messages gen_ai.prompt.variable
    opt_in: gen_ai.system_instructions gen_ai.tool.definitions
""")

_AGENT = """
    conditionally_required: error.type gen_ai.agent.description gen_ai.agent.name
    conditionally_required: gen_ai.conversation.id gen_ai.data_source.id gen_ai.output.type
    conditionally_required: gen_ai.request.choice.count gen_ai.request.seed
    recommended: gen_ai.request.frequency_penalty gen_ai.request.max_tokens gen_ai.request.model
    recommended: gen_ai.request.presence_penalty gen_ai.request.stop_sequences
    recommended: gen_ai.request.temperature gen_ai.request.top_p gen_ai.response.finish_reasons
    recommended: gen_ai.usage.input_tokens gen_ai.usage.output_tokens
    opt_in: gen_ai.input.messages gen_ai.output.messages gen_ai.system_instructions
    opt_in: gen_ai.tool.definitions
"""

SPANS: dict[str, Span] = {
    "gen_ai.client.inference": Span(
        ("client",),
        "gen_ai.request.model",
        _INFERENCE,
        names(f"{_REMOTE} gen_ai.request.model {_ENDPOINT}"),
    ),
    "gen_ai.embeddings.client": Span(
        ("client",),
        "gen_ai.request.model",
        levels(f"""
            required: {_REMOTE}
            conditionally_required: error.type gen_ai.request.model server.port
            recommended: gen_ai.embeddings.dimension.count gen_ai.request.encoding_formats
            recommended: gen_ai.response.model gen_ai.usage.input_tokens server.address
        """),
        names(f"{_REMOTE} gen_ai.request.model {_ENDPOINT}"),
    ),
    "gen_ai.execute_tool.internal": Span(
        ("internal",),
        "gen_ai.tool.name",
        levels("""
            required: gen_ai.operation.name gen_ai.tool.name
            conditionally_required: error.type gen_ai.agent.name gen_ai.conversation.id
            recommended: gen_ai.tool.call.id gen_ai.tool.description gen_ai.tool.type
            opt_in: gen_ai.tool.call.arguments gen_ai.tool.call.result
        """),
        names("gen_ai.operation.name gen_ai.agent.name gen_ai.tool.name gen_ai.tool.type"),
    ),
    "gen_ai.invoke_agent.internal": Span(
        ("internal",),
        "gen_ai.agent.name",
        levels("required: gen_ai.operation.name" + _AGENT),
        names("gen_ai.operation.name gen_ai.agent.name gen_ai.request.model"),
    ),
    "gen_ai.invoke_agent.client": Span(
        ("client",),
        "gen_ai.agent.name",
        levels(
            f"""
            required: {_REMOTE}
            conditionally_required: gen_ai.agent.id gen_ai.agent.version server.port
            recommended: gen_ai.request.previous_response.id server.address
            recommended: gen_ai.usage.audio.cache_read.input_tokens gen_ai.usage.audio.input_tokens
            recommended: gen_ai.usage.audio.output_tokens gen_ai.usage.cache_read.input_tokens
            recommended: gen_ai.usage.cache_write.input_tokens
            recommended: gen_ai.usage.image.cache_read.input_tokens gen_ai.usage.image.input_tokens
            recommended: gen_ai.usage.image.output_tokens gen_ai.usage.text.cache_read.input_tokens
            recommended: gen_ai.usage.text.input_tokens gen_ai.usage.text.output_tokens"""
            + _AGENT
        ),
        names(f"{_REMOTE} gen_ai.agent.name gen_ai.request.model {_ENDPOINT}"),
    ),
    "gen_ai.create_agent.client": Span(
        ("client",),
        "gen_ai.agent.name",
        levels(f"""
            required: {_REMOTE}
            conditionally_required: error.type gen_ai.agent.description gen_ai.agent.id
            conditionally_required: gen_ai.agent.name gen_ai.agent.version gen_ai.request.model
            conditionally_required: server.port
            recommended: server.address
            opt_in: gen_ai.system_instructions
        """),
        names(f"{_REMOTE} gen_ai.agent.name gen_ai.request.model {_ENDPOINT}"),
    ),
    "gen_ai.fetch_response.client": Span(
        ("client",),
        None,
        levels(f"""
            required: {_REMOTE} gen_ai.response.id
            conditionally_required: error.type gen_ai.request.stream_cursor server.port
            recommended: gen_ai.response.finish_reasons gen_ai.response.model
            recommended: gen_ai.response.status server.address
            opt_in: gen_ai.output.messages gen_ai.system_instructions gen_ai.tool.definitions
        """),
        names(f"{_REMOTE} {_ENDPOINT}"),
    ),
    "gen_ai.retrieval.client": Span(
        ("client",),
        "gen_ai.data_source.id",
        levels("""
            required: gen_ai.operation.name
            conditionally_required: error.type gen_ai.data_source.id gen_ai.provider.name
            conditionally_required: gen_ai.request.model server.port
            recommended: gen_ai.retrieval.top_k server.address
            opt_in: gen_ai.retrieval.documents gen_ai.retrieval.query.text
        """),
    ),
    "gen_ai.memory.client": Span(
        ("client", "internal"),
        None,
        levels("""
            required: gen_ai.operation.name
            conditionally_required: error.type gen_ai.memory.record.id gen_ai.memory.store.id
            conditionally_required: gen_ai.provider.name server.port
            recommended: gen_ai.memory.record.count server.address
            opt_in: gen_ai.memory.query.text gen_ai.memory.records
        """),
    ),
    "gen_ai.invoke_workflow.internal": Span(
        ("internal",),
        "gen_ai.workflow.name",
        levels("""
            required: gen_ai.operation.name
            conditionally_required: error.type gen_ai.conversation.id gen_ai.workflow.name
            opt_in: gen_ai.input.messages gen_ai.output.messages
        """),
        names("gen_ai.operation.name"),
    ),
    "gen_ai.plan.internal": Span(
        ("internal",),
        "gen_ai.agent.name",
        levels("""
            required: gen_ai.operation.name
            conditionally_required: error.type gen_ai.agent.name
        """),
        names("gen_ai.operation.name gen_ai.agent.name"),
    ),
}

_INFERENCE_TYPE = ("gen_ai.client.inference",)
_MEMORY_TYPE = ("gen_ai.memory.client",)

# Operation to the span types it can have, told apart by the span's kind.
OPERATIONS: dict[str, tuple[str, ...]] = {
    "chat": _INFERENCE_TYPE,
    "create_agent": ("gen_ai.create_agent.client",),
    "create_memory": _MEMORY_TYPE,
    "create_memory_store": _MEMORY_TYPE,
    "delete_memory": _MEMORY_TYPE,
    "delete_memory_store": _MEMORY_TYPE,
    "embeddings": ("gen_ai.embeddings.client",),
    "execute_tool": ("gen_ai.execute_tool.internal",),
    "fetch_response": ("gen_ai.fetch_response.client",),
    "generate_content": _INFERENCE_TYPE,
    "interactions": _INFERENCE_TYPE,  # outside the enumeration, an inference all the same
    "invoke_agent": ("gen_ai.invoke_agent.internal", "gen_ai.invoke_agent.client"),
    "invoke_workflow": ("gen_ai.invoke_workflow.internal",),
    "plan": ("gen_ai.plan.internal",),
    "retrieval": ("gen_ai.retrieval.client",),
    "search_memory": _MEMORY_TYPE,
    "text_completion": _INFERENCE_TYPE,
    "update_memory": _MEMORY_TYPE,
    "upsert_memory": _MEMORY_TYPE,
}

INFERENCE_OPERATIONS = frozenset(
    operation for operation, types in OPERATIONS.items() if types == _INFERENCE_TYPE
)

# A span whose operation is none of the conventions': any registered attribute may stand on it.
CUSTOM = Span(
    ("client",),
    "gen_ai.request.model",
    {**dict.fromkeys(ATTRIBUTES, "opt_in"), **levels(f"required: {_REMOTE}")},
    names(f"{_REMOTE} gen_ai.request.model {_ENDPOINT}"),
)

# Attributes that we add to a span type or event on purpose: a Gemini interaction is an inference
# that has a status of its own.
BEYOND: dict[str, frozenset[str]] = {
    "gen_ai.client.inference": names("gen_ai.response.status"),
    "gen_ai.client.inference.operation.details": names("gen_ai.response.status"),
}

# Operations outside the enumeration that are no client calls.
CUSTOM_KINDS: dict[str, tuple[str, ...]] = {}

# Operations that cost no tokens, so that a count on them would be added to a trace's total.
UNBILLED = frozenset({"compute_tokens", "count_tokens", "fetch_response"})

MLFLOW_SPAN_TYPES: dict[str, str] = {
    "gen_ai.client.inference": "LLM",
    "gen_ai.embeddings.client": "EMBEDDING",
    "gen_ai.execute_tool.internal": "TOOL",
    "gen_ai.invoke_agent.client": "AGENT",
    "gen_ai.invoke_agent.internal": "AGENT",
}
