"""What tracing a Gemini call costs, against the least that it could cost.

    python -m benchmarks                     everything, a table and a JSON file
    python -m benchmarks --only history      the scenarios with this in their names
    python -m benchmarks --seconds 20        longer, for a busy machine
    python -m benchmarks --profile stream    where the plugin's time goes
    python -m benchmarks --peers PYTHON...   other products; see `peers`

How time is taken
-----------------

A call of the SDK takes 0.2 to 25 ms of CPU time by itself, and varies by more than the plugin
costs. So it is kept out of the difference, but not out of the processor: before every sample a
real, uninstrumented call runs through an in-process transport, and leaves caches and branch
predictors as a program has them. Then the sample is taken, of the same public method, whose model
round trips give back at once the answer that the real call has just received (see `sdk`):

    plain   the SDK's own method around the played round trips
    ours    the same with the plugin on
    floor   the plain one, and then hand-written OpenTelemetry code that emits what ours emitted
    lean    the same with the fastest JSON encoder in place of `json.dumps`

All of them run in every round, in random order, each a few times in a row, of which the first
does not count: in a program nothing else runs between two calls. What is reported is the median
over the rounds of *ours - plain* and *floor - plain*, with quartiles, and the ratio of the two
with a 95 % interval from resampled rounds. The floor is captured from the plugin (see `floor`),
and a check at the start of each scenario proves that both emit the same spans, attributes, events
and points.

A session's calls never end, so there a sample is one turn of a session that is open already (see
`sessions`); opening and closing it are not measured.

The clock is the thread's CPU time, so that other programs' turns do not count; that they leave
cold caches behind does count, for all variants alike. The providers are the OpenTelemetry SDK's,
with a span processor that drops everything and a metric reader that nobody collects. The garbage
collector runs between rounds only.
"""
