"""Facts as OpenTelemetry spans, metrics and events; knows nothing of the SDK."""
