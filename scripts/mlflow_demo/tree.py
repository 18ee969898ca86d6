"""Drawing traces as trees, with a column each for duration, tokens, cost and status."""

from mlflow_demo.readback import Span, Tokens, Trace, tokens_of
from mlflow_demo.refusal import in_googles_words

HEADINGS = ("", "duration", "in", "out", "total", "cost", "status")
NONE = "-"
LONGEST_MESSAGE = 60

Row = tuple[str, ...]


def drawn(traces: list[Trace]) -> str:
    """Return all traces as one table, the sum of MLflow's totals in its last row."""
    rows: list[Row] = [HEADINGS]
    for trace in traces:
        rows += _trace_rows(trace)
    costs = [trace.cost for trace in traces if trace.cost is not None]
    total = _row(f"all {len(traces)} traces", tokens_of(traces), sum(costs) if costs else None)
    return _aligned([*rows, total])


def _trace_rows(trace: Trace) -> list[Row]:
    known = {span.id for span in trace.spans}
    roots = [span for span in trace.spans if span.parent not in known]
    head = _row(trace.id, trace.tokens, trace.cost, _duration(trace.spans), trace.state)
    return [head, *_branches(roots, trace.spans, "")]


def _branches(siblings: list[Span], spans: list[Span], indent: str) -> list[Row]:
    rows: list[Row] = []
    ordered = sorted(siblings, key=lambda span: span.start)
    for span in ordered:
        last = span is ordered[-1]
        name = f"{indent}{'└─' if last else '├─'} {span.name}"
        rows.append(_row(name, span.tokens, span.cost, _duration([span]), _status(span)))
        children = [child for child in spans if child.parent == span.id]
        rows += _branches(children, spans, indent + ("   " if last else "│  "))
    return rows


def _row(
    name: str,
    tokens: Tokens | None,
    cost: float | None,
    duration: str = "",
    status: str = "",
) -> Row:
    counts = (tokens.input, tokens.output, tokens.total) if tokens else (NONE, NONE, NONE)
    return (name, duration, *map(str, counts), NONE if cost is None else f"${cost:.6f}", status)


def _duration(spans: list[Span]) -> str:
    if not spans:
        return NONE
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    return f"{(last - first) / 1e6:,.0f} ms"


def _status(span: Span) -> str:
    message = " ".join(in_googles_words(span.message).split())
    if len(message) > LONGEST_MESSAGE:
        message = message[: LONGEST_MESSAGE - 1] + "…"
    return f"{span.status}: {message}" if message else span.status


def _aligned(rows: list[Row]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *numbers, row[-1]]).rstrip())
    return "\n".join(lines)
