"""One batch of tasks: what it gave, what it cost, and whether it counts."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lab.core.work import Item, Outcome, Run, Span, Value, Workload, peak_in_flight
from lab.cost import cpu
from lab.server.asking import Tally
from lab.trial.validity import Expected, fault, idle, unequal

Metrics = dict[str, Value | None]


class Batch(NamedTuple):
    """What one batch gave: outcomes, CPU time of the process tree, and what the server counted.

    `counts` is None where no server was to be asked, and empty where it did not answer.
    """

    workload: Workload
    items: Sequence[Item]
    outcomes: Sequence[Outcome]
    used: cpu.Cpu | None
    counts: Mapping[str, float] | None

    @property
    def spans(self) -> list[Span]:
        """Return the spans of the tasks."""
        return [outcome.span for outcome in self.outcomes]

    @property
    def makespan_s(self) -> float:
        """Return the seconds from the first submission to the last finish; 0 without outcomes."""
        first = min((span.submitted_ns for span in self.spans), default=0)
        return (max((span.finished_ns for span in self.spans), default=0) - first) / 1e9

    def void(self, expected: Expected) -> str:
        """Return why the batch does not count as a sample; "" where it does."""
        void = fault(self.outcomes, self.items, self.workload) or idle(self.spans, expected)
        return void or ("" if self.counts is None else unequal(self.counts, expected))

    def metrics(self, expected: Expected, limit_s: float | None) -> Metrics:
        """Return the sample's metrics; the columns of samples.csv."""
        spans = self.spans
        return {
            "makespan_s": self.makespan_s,
            "queue_wait_s": median([span.started_ns - span.submitted_ns for span in spans]) / 1e9,
            "service_s": median([span.finished_ns - span.started_ns for span in spans]) / 1e9,
            "asked_in_flight": expected.in_flight,
            "peak_in_flight": peak_in_flight(spans),
            "limit_s": limit_s,
            **self.costs(),
            **self.served(),
        }

    def costs(self) -> Metrics:
        """Return the CPU seconds of the whole process tree, and how many cores that kept busy."""
        if self.used is None:
            return {"cpu_s": None, "cpu_system_s": None, "cores_busy": None}
        seconds = (self.used.user_ns + self.used.system_ns) / 1e9
        busy = seconds / self.makespan_s if self.makespan_s else None
        return {"cpu_s": seconds, "cpu_system_s": self.used.system_ns / 1e9, "cores_busy": busy}

    def served(self) -> Metrics:
        """Return what the server counted, and which share of its one core the batch took."""
        if not self.counts:
            return {}
        return {
            "requests": self.counts["requests"],
            "new_connections": self.counts["new_connections"],
            "server_peak_in_flight": self.counts["peak_in_flight"],
            "server_busy": self.counts["server_cpu_s"] / self.makespan_s if self.makespan_s else None,
        }


def one_batch(run: Run, workload: Workload, items: Sequence[Item], tally: Tally | None) -> Batch:
    """Run the tasks once; what is counted beside them is asked for before and after."""
    if tally:
        tally.restart()
    before = cpu.begin()
    outcomes = run(workload, items)
    used = cpu.since(before)
    return Batch(workload, items, outcomes, used, tally.restart() if tally else None)


def median(values: Sequence[int]) -> float:
    """Return the middle of the values, 0 of none; that of `statistics` takes 4 ms to import."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
