"""The demo: a Gemini program, traced into a real MLflow server and read back from it.

Run by ``make demo``. Standard library only; what it starts lives in the demo's environment.
"""
