"""OpenTelemetry for the Google Gen AI SDK: every Gemini call as a span."""
