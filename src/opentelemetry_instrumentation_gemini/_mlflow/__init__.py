"""Sending traces to an MLflow server."""
