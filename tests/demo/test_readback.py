"""How MLflow's answers are read."""

import pytest
from mlflow_demo.readback import Tokens, Trace, is_settled, parse_trace, tokens_of


def usage_attribute(**counts):
    values = [{"key": name, "value": {"int_value": count}} for name, count in counts.items()]
    return {"key": "mlflow.chat.tokenUsage", "value": {"kvlist_value": {"values": values}}}


COST = {
    "key": "mlflow.llm.cost",
    "value": {"kvlist_value": {"values": [{"key": "total_cost", "value": {"double_value": 0.5}}]}},
}
ANSWER = {
    "trace_info": {
        "trace_id": "tr-1",
        "state": "OK",
        "trace_metadata": {
            "mlflow.trace.tokenUsage": '{"input_tokens": 4, "output_tokens": 2, "total_tokens": 6}',
            "mlflow.trace.cost": '{"input_cost": 0.2, "output_cost": 0.3, "total_cost": 0.5}',
            "mlflow.traceName": "a name, not JSON",
        },
    },
    "spans": [
        {
            "span_id": "b",
            "parent_span_id": "a",
            "name": "generate_content m",
            "start_time_unix_nano": 10,
            "end_time_unix_nano": "20",
            "attributes": [
                usage_attribute(input_tokens=4, output_tokens=2, total_tokens=6),
                COST,
                {"key": "mlflow.spanType", "value": {"string_value": "LLM"}},
                {"key": "empty", "value": {}},
            ],
            "status": {},
        },
        {
            "span_id": "a",
            "name": "invoke_agent",
            "start_time_unix_nano": 1,
            "end_time_unix_nano": 30,
            "status": {"code": "STATUS_CODE_ERROR", "message": "it broke"},
        },
    ],
}


def test_trace_carries_mlflows_sums():
    """Totals and cost of a trace are the ones that MLflow made."""
    trace = parse_trace(ANSWER)
    assert (trace.id, trace.state, trace.tokens, trace.cost) == ("tr-1", "OK", Tokens(4, 2, 6), 0.5)


def test_span_carries_its_own_numbers():
    """A span has its parent, its times, and usage and cost as MLflow stores them."""
    leaf, root = parse_trace(ANSWER).spans
    assert (leaf.parent, leaf.start, leaf.end, leaf.status) == ("a", 10, 20, "UNSET")
    assert (leaf.tokens, leaf.cost) == (Tokens(4, 2, 6), 0.5)
    assert (root.parent, root.status, root.message) == (None, "ERROR", "it broke")
    assert (root.tokens, root.cost) == (None, None)


@pytest.mark.parametrize(
    ("states", "expected", "settled"),
    [
        ([], None, False),
        (["OK", "ERROR"], None, True),
        (["OK", "IN_PROGRESS"], None, False),
        (["OK"], Tokens(1, 2, 3), True),
        (["OK"], Tokens(2, 4, 6), False),
    ],
)
def test_reading_goes_on_until_everything_is_there(states, expected, settled):
    """Traces are settled when all are complete and the known sum, if any, is reached."""
    traces = [Trace("t", state, Tokens(1, 2, 3), None) for state in states]
    assert is_settled(traces, expected) is settled


def test_sum_skips_traces_without_usage():
    """A failed call adds nothing to the sum."""
    traces = [Trace("a", "OK", Tokens(1, 2, 3), None), Trace("b", "ERROR", None, None)]
    assert tokens_of(traces) == Tokens(1, 2, 3)
