"""One batch of tasks: what it gave, what it cost, and whether it counts.

An experiment that has `measure` runs its batches by `lab.batch`:

    def measure(case):
        work = currency.fetch(wait_ms=10)
        with load_model(case["model"]).open(16) as run:
            run(work, work.items(16))  # a warm-up: imports and connections are made in it
            batch = lab.batch(run, work, work.items(200), workers=16)
        return {"makespan_s": batch.makespan_s, "cpu_s": batch.cpu_s}

So its makespan, its cost and its counts mean what those of every other experiment mean, and a batch with a
wrong, missing or failed result is never a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.core.errors import LabError
from lab.core.work import Item, Outcome, Run, Span, Value, Workload, makespan_s, peak_in_flight
from lab.cost.cpu import Cpu, begin, since
from lab.server.asking import Tally
from lab.trial.validity import Expected, concurrency_error, result_error, server_count_error


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch gave.

    outcomes: a span and a result for each item, in the items' order.
    used: the CPU time of the process tree while it ran; None where it cannot be known.
    counts: what the server counted meanwhile (`lab.server`: requests, new_connections, peak_in_flight,
        bytes, errors, refused, server_cpu_s); empty where it did not answer, None where none was asked.
    """

    workload: Workload
    items: Sequence[Item]
    outcomes: Sequence[Outcome]
    used: Cpu | None
    counts: Mapping[str, float] | None

    @property
    def spans(self) -> list[Span]:
        """Return the spans of the tasks."""
        return [outcome.span for outcome in self.outcomes]

    @property
    def makespan_s(self) -> float:
        """Return the seconds from the first submission to the last finish."""
        return makespan_s(self.spans)

    @property
    def peak_in_flight(self) -> int:
        """Return the most tasks that were in flight at once, by their spans."""
        return peak_in_flight(self.spans)

    @property
    def cpu_s(self) -> float | None:
        """Return the CPU seconds of the whole process tree; None where they cannot be known."""
        return None if self.used is None else (self.used.user_ns + self.used.system_ns) / 1e9

    def void(self, expected: Expected) -> str:
        """Return why the batch does not count as a sample; "" where it does."""
        void = result_error(self.outcomes, self.items, self.workload)
        void = void or concurrency_error(self.spans, expected)
        return void or ("" if self.counts is None else server_count_error(self.counts, expected))

    def metrics(self, expected: Expected, limit_s: float | None) -> dict[str, Value | None]:
        """Return the sample's metrics; the columns of samples.csv."""
        spans, makespan, cpu_s = self.spans, self.makespan_s, self.cpu_s
        metrics: dict[str, Value | None] = {
            "makespan_s": makespan,
            "queue_wait_s": median([span.started_ns - span.submitted_ns for span in spans]) / 1e9,
            "service_s": median([span.finished_ns - span.started_ns for span in spans]) / 1e9,
            "asked_in_flight": expected.in_flight,
            "peak_in_flight": peak_in_flight(spans),
            "limit_s": limit_s,
            "cpu_s": cpu_s,
            "cpu_system_s": None if self.used is None else self.used.system_ns / 1e9,
            "cores_busy": None if cpu_s is None or not makespan else cpu_s / makespan,
        }
        if self.counts:
            metrics["requests"] = self.counts["requests"]
            metrics["new_connections"] = self.counts["new_connections"]
            metrics["server_peak_in_flight"] = self.counts["peak_in_flight"]
            metrics["server_busy"] = self.counts["server_cpu_s"] / makespan if makespan else None
        return metrics


def batch(run: Run, workload: Workload, items: Sequence[Item], *, workers: int | None = None) -> Batch:
    """Run the tasks once, and return what the batch gave: for an experiment that has `measure`.

    run: what a model's `open` yields, or any function (workload, items) -> outcomes.
    workers: how many workers run them, where the same ones run all tasks. More tasks in flight than that,
        or more connections of a workload that keeps them, are then an error.

    Raises LabError, and so fails the trial, where the batch does not count: a task failed, or returned
    another result than `workload.expect`, or the spans or the server's counts contradict what was asked.
    """
    tally = Tally.of_trial() if workload.uses_server else None
    done = run_once(run, workload, items, tally)
    asked, stay = len(items) if workers is None else workers, workers is not None
    expected = Expected(len(items), asked, connections=workload.connections, workers_stay=stay)
    if void := done.void(expected):
        raise LabError(void, where="lab.batch")
    return done


def run_once(run: Run, workload: Workload, items: Sequence[Item], tally: Tally | None) -> Batch:
    """Run the tasks once; the server is asked for its counts before and after, outside the clock."""
    if tally:
        tally.restart()
    before = begin()
    outcomes = run(workload, items)
    used = since(before)
    return Batch(workload, items, outcomes, used, tally.counts() if tally else None)


def median(values: Sequence[int]) -> float:
    """Return the middle of the values, 0 of none; that of `statistics` takes 4 ms to import."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
