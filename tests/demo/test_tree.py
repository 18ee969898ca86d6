"""How traces look in a terminal."""

from mlflow_demo.readback import Span, Tokens, Trace
from mlflow_demo.tree import drawn

MS = 1_000_000


def leaf(span_id, parent, start, tokens, cost):
    name = "generate_content gemini-2.5-flash"
    return Span(span_id, parent, name, start * MS, (start + 100) * MS, "UNSET", "", tokens, cost)


LOOP = Trace(
    "tr-1",
    "OK",
    Tokens(210, 20, 230),
    0.000113,
    [
        leaf("d", "a", 120, Tokens(110, 15, 125), 0.00007),
        Span("c", "a", "execute_tool get_weather", 105 * MS, 117 * MS, "UNSET"),
        leaf("b", "a", 0, Tokens(100, 5, 105), 0.000043),
        Span("a", None, "invoke_agent", 0, 1250 * MS, "UNSET"),
    ],
)
REFUSAL = {"error": {"code": 404, "message": "nothing\nof the name " + 80 * "x"}}
FAILED = Trace(
    "tr-2",
    "ERROR",
    None,
    None,
    [Span("x", None, "generate_content nope", 0, 3 * MS, "ERROR", f"404 NOT_FOUND. {REFUSAL}")],
)


def test_tool_loop_is_a_tree():
    """Children stand under their parent in order of time, sums stand above and below."""
    assert drawn([LOOP]).splitlines() == [
        "                                         duration   in  out  total       cost  status",
        "tr-1                                     1,250 ms  210   20    230  $0.000113  OK",
        "└─ invoke_agent                          1,250 ms    -    -      -          -  UNSET",
        "   ├─ generate_content gemini-2.5-flash    100 ms  100    5    105  $0.000043  UNSET",
        "   ├─ execute_tool get_weather              12 ms    -    -      -          -  UNSET",
        "   └─ generate_content gemini-2.5-flash    100 ms  110   15    125  $0.000070  UNSET",
        "all 1 traces                                       210   20    230  $0.000113",
    ]


def test_branch_goes_on_beside_an_earlier_child():
    """A line leads past the children of a span that is not the last of its siblings."""
    spans = [
        Span("a", None, "root", 0, 9, "UNSET"),
        Span("b", "a", "first", 1, 4, "UNSET"),
        Span("c", "b", "inner", 2, 3, "UNSET"),
        Span("d", "a", "second", 5, 6, "UNSET"),
    ]
    names = [
        line.split("  0 ms")[0].rstrip()
        for line in drawn([Trace("t", "OK", None, None, spans)]).splitlines()
    ]
    assert names[2:6] == ["└─ root", "   ├─ first", "   │  └─ inner", "   └─ second"]


def test_error_shows_its_message_on_one_line():
    """A failed span says why, on one line that is cut to a readable length."""
    line = drawn([FAILED]).splitlines()[2]
    assert "ERROR: 404 nothing of the name xxx" in line
    assert line.endswith("x…")
    assert "$" not in line


def test_sum_covers_all_traces():
    """The last line adds up MLflow's own totals; traces without any add nothing."""
    last = drawn([LOOP, FAILED, LOOP]).splitlines()[-1]
    assert last.split() == ["all", "3", "traces", "420", "40", "460", "$0.000226"]


def test_span_whose_parent_is_missing_is_a_root():
    """A span is drawn even where its parent has not arrived."""
    orphan = Trace("t", "IN_PROGRESS", None, None, [Span("a", "gone", "lost", 0, 1, "UNSET")])
    assert "└─ lost" in drawn([orphan])
