"""The project's own table of the GenAI semantic conventions, gathered from its data modules.

It holds what a client of Gemini can emit. What it cannot emit (the ``gen_ai.server`` metrics and
the ``mcp``, ``openai`` and ``aws`` namespaces) is left out, so that those names are violations.
"""

from .attribute_table import (
    ATTRIBUTES,
    ENUMS,
    ONLY_TRUE,
    OTHER_NAMESPACES,
    OWN_STATUS,
    PROVIDERS,
    RESEND_COUNT,
    RETRY,
    SCHEMA_URL,
    SCOPE,
    SUBSETS,
)
from .content import CONTENT, MESSAGE, PARTS, TOOL_DEFINITIONS
from .signal_table import (
    DETAILS_EVENT,
    EVENTS,
    EXCEPTION_EVENT,
    METRICS,
    OWN_DURATION,
    RETIRED_ATTRIBUTES,
    RETIRED_ENUMS,
    RETIRED_METRICS,
    Event,
    Metric,
)
from .span_table import (
    BEYOND,
    CUSTOM,
    CUSTOM_KINDS,
    INFERENCE_OPERATIONS,
    MLFLOW_SPAN_TYPES,
    OPERATIONS,
    SPANS,
    UNBILLED,
    Span,
)

__all__ = [
    "ATTRIBUTES",
    "BEYOND",
    "CONTENT",
    "CUSTOM",
    "CUSTOM_KINDS",
    "DETAILS_EVENT",
    "ENUMS",
    "EVENTS",
    "EXCEPTION_EVENT",
    "INFERENCE_OPERATIONS",
    "MESSAGE",
    "METRICS",
    "MLFLOW_SPAN_TYPES",
    "ONLY_TRUE",
    "OPERATIONS",
    "OTHER_NAMESPACES",
    "OWN_DURATION",
    "OWN_STATUS",
    "PARTS",
    "PROVIDERS",
    "RESEND_COUNT",
    "RETIRED_ATTRIBUTES",
    "RETIRED_ENUMS",
    "RETIRED_METRICS",
    "RETRY",
    "SCHEMA_URL",
    "SCOPE",
    "SPANS",
    "SUBSETS",
    "TOOL_DEFINITIONS",
    "UNBILLED",
    "Event",
    "Metric",
    "Span",
]
