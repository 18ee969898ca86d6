"""OpenTelemetry for the Google Gen AI SDK: every Gemini call as a span.

    from opentelemetry_instrumentation_gemini import GeminiInstrumentor

    GeminiInstrumentor().instrument()

Under `opentelemetry-instrument` no line is needed at all.
"""

from ._instrumentor import GeminiInstrumentor
from ._settings import Settings
from .autolog import autolog, flush, last_trace_id
from .context import annotate

__all__ = ["GeminiInstrumentor", "Settings", "annotate", "autolog", "flush", "last_trace_id"]
