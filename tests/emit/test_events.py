"""Events hold structured content, which has to fit what OTLP can encode."""

from __future__ import annotations

import json
from typing import Any

import pytest
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor

from opentelemetry_instrumentation_gemini._emit.events import make_details

NAME = "gen_ai.input.messages"


@pytest.mark.parametrize(
    ("number", "told"),
    [(7, 7), (2**63 - 1, 2**63 - 1), (2**70, float(2**70)), (-(2**64), float(-(2**64)))],
)
def test_a_number_beyond_64_bits_costs_its_last_digits_only(number: int, told: Any):
    """The exporter would drop the whole attribute for it, and log an error."""
    assert _sent(number) == told


def test_a_number_that_no_double_holds_is_left_out():
    """Everything beside it is told."""
    assert _sent(10**400) == ""


def _sent(number: int) -> Any:
    exporter, provider = InMemoryLogRecordExporter(), LoggerProvider()
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    content = {NAME: json.dumps([{"arguments": {"n": number}, "beside": "told"}])}
    provider.get_logger("tests").emit(make_details({}, content, 65_536, Context()))
    (record,) = exporter.get_finished_logs()
    sent = encode_logs([record]).resource_logs[0].scope_logs[0].log_records[0]
    (value,) = [entry.value for entry in sent.attributes if entry.key == NAME]
    message = {item.key: item.value for item in value.array_value.values[0].kvlist_value.values}
    assert message["beside"].string_value == "told"
    (argument,) = message["arguments"].kvlist_value.values
    kind = argument.value.WhichOneof("value")
    return getattr(argument.value, kind)
