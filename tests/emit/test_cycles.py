"""Objects of the program's that lead back to themselves on more ways than one."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from google.genai import types

from promises.watching import Telemetry

ASKED = {"model": "gemini-2.5-flash"}


def _knot() -> dict[str, Any]:
    """Return what has twice as many branches on each level as on the one above."""
    knot: dict[str, Any] = {}
    knot.update(left=knot, right=knot)
    return knot


def _schema() -> types.Schema:
    """Return the schema of a binary tree, as one is tempted to write it."""
    branches: dict[str, types.Schema] = {}
    schema = types.Schema(type=types.Type.OBJECT, properties=branches)
    assert schema.properties is not None
    schema.properties.update(left=schema, right=schema)
    return schema


def _history() -> dict[str, Any]:
    answered = {"function_response": {"name": "get", "response": _knot()}}
    return {"contents": [{"role": "user", "parts": [answered]}]}


def _tool() -> dict[str, Any]:
    declared = types.FunctionDeclaration(name="get", parameters=_schema())
    config = types.GenerateContentConfig(tools=[types.Tool(function_declarations=[declared])])
    return {"contents": "Why?", "config": config}


def _format() -> dict[str, Any]:
    return {"contents": "Why?", "config": {"response_json_schema": _knot()}}


@pytest.mark.parametrize("make", [_history, _tool, _format])
def test_a_knot_does_not_hold_up_the_call(make: Any, genai: Any):
    """The SDK refuses it at once, and so it does with the plugin."""
    telemetry = Telemetry()
    refused: list[type[BaseException]] = []

    def ask() -> None:
        try:
            genai.models.generate_content(**ASKED, **make())
        except Exception as error:  # noqa: BLE001 - whatever the SDK says
            refused.append(type(error))

    ask()
    with telemetry.attached(config_includes="*", mlflow=True, emit_event=True):
        asking = Thread(target=ask, daemon=True)
        asking.start()
        asking.join(30)
        assert not asking.is_alive()
    assert len(refused) == 2
    assert refused[0] is refused[1]
    assert [span.attributes["error.type"] for span in telemetry.rounds] == [refused[0].__name__]


def test_a_knot_may_be_what_a_tool_returns(genai: Any):
    """Its result is told as far as there is room."""
    from google.genai import _extra_utils  # noqa: PLC0415 - what calls tools

    telemetry, knot = Telemetry(), _knot()
    results: list[Any] = []

    def get() -> dict[str, Any]:
        return knot

    def call() -> None:
        results.append(_extra_utils.invoke_function_from_dict_args({}, get))

    with telemetry.attached():
        calling = Thread(target=call, daemon=True)
        calling.start()
        calling.join(30)
        assert not calling.is_alive()
    assert results[0] is knot
    (span,) = telemetry.ended
    assert span.attributes["gen_ai.tool.call.result"].startswith('{"left":{"left":')
