"""Whether a sample counts: right results, work that was really concurrent, equal conditions.

Each check returns in words why the sample is void; "" where it is not.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lab.core.errors import clipped
from lab.core.work import Model, Outcome, Span, Workload, peak_in_flight

FORCING_WAIT_S = 0.02
"""Workers that are there already all have a task in flight before the first has waited as long as this."""


def result_error(outcomes: Sequence[Outcome], items: Sequence[Any], workload: Workload) -> str:
    """Return what is wrong with the results: each task returned what it should."""
    if [outcome.span.index for outcome in outcomes] != list(range(len(items))):
        return f"{len(outcomes)} outcomes for {len(items)} items, or not in their order"
    failed = [outcome.span for outcome in outcomes if outcome.span.error is not None]
    if failed:
        first = failed[0]
        return clipped(f"{len(failed)} of {len(items)} tasks failed; task {first.index}: {first.error}")
    if workload.expect is None:
        return ""
    for item, outcome in zip(items, outcomes, strict=True):
        right = workload.expect(item)
        if outcome.result != right:
            return clipped(f"task {outcome.span.index} returned {outcome.result!r} instead of {right!r}")
    return ""


class Expected(NamedTuple):
    """What a case asks of every batch.

    in_flight: the most tasks that may be in flight at once.
    forced: whether the work makes as many be in flight, under a model that keeps its promises.
    connections: "new" (one for each task), "kept", or "" for work without any.
    workers_stay: whether the same workers run all tasks, so that they can keep their connections.
    """

    tasks: int
    in_flight: int
    forced: bool = False
    connections: str = ""
    workers_stay: bool = True


def expected_of(model: Model, workload: Workload, tasks: int, workers: int) -> Expected:
    """Return what a case with so many tasks and workers asks.

    Work that waits long enough forces all workers into flight, unless a worker's start is part of the
    batch, or the work can only block and the model awaits.
    """
    waits = (workload.wait_s or 0.0) >= FORCING_WAIT_S
    on_loop = model.awaits and workload.awaitable is None
    return Expected(
        tasks,
        min(tasks, workers),
        forced=waits and not on_loop and not model.starts_in_batch,
        connections=workload.connections,
        workers_stay=not model.starts_in_batch,
    )


def concurrency_error(spans: Sequence[Span], expected: Expected) -> str:
    """Return how the spans contradict what was asked: too many in flight, or too few."""
    peak = peak_in_flight(spans)
    if peak > expected.in_flight or (expected.forced and peak < expected.in_flight):
        return f"{peak} of {expected.tasks} tasks in flight at once, where {expected.in_flight} were asked"
    return ""


def server_count_error(counts: Mapping[str, float], expected: Expected) -> str:
    """Return how the server's own counts contradict what was expected.

    A request reaches the server some time after its task has started, so its peak may stay a little
    below that of the spans; where it is no more than half, the tasks did not run as they claim. Of work
    that does not say how it connects, nothing is known to compare with.
    """
    if not counts:
        return "the server did not say what it had counted"
    if not expected.connections:
        return ""
    requests, connections = counts["requests"], counts["new_connections"]
    peak, errors = counts["peak_in_flight"], counts["errors"]
    if requests != expected.tasks:
        return f"the server counted {requests} requests for {expected.tasks} tasks"
    if errors:
        return f"the server counted {errors} errors among {requests} requests"
    too_few = expected.forced and expected.in_flight > 1 and 2 * peak <= expected.in_flight
    if peak > expected.in_flight or too_few:
        return f"the server saw {peak} requests in flight at once, where {expected.in_flight} were asked"
    opened = f"the server counted {connections} new connections for {requests} requests"
    if expected.connections == "new" and connections != requests:
        return f"{opened}, where each was to have its own"
    if expected.connections == "kept" and expected.workers_stay and connections > expected.in_flight:
        return f"{opened}, where {expected.in_flight} kept ones would do"
    return ""
