"""One case's batches, phase by phase: open, first batch, warm-ups, samples, a look at memory, close.

The first batch is apart from the steady ones, since imports, connections and caches are made in it.
Every sample carries what it cost, in CPU time of the whole process tree, and what the server counted.
"""

import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from math import ceil
from typing import Any

from lab.checks import Asked, asked, fault, idle, unequal
from lab.clock import now
from lab.core import Case, Item, Model, Outcome, Run, Span, Value, Workload, peak_in_flight
from lab.cost import cpu
from lab.plan import tasks_of, workers_of
from lab.server.asking import Tally

Send = Callable[[Mapping[str, Any]], None]
Metrics = dict[str, Value | None]

WATCHED_S = 0.03
"""How long tasks are kept in flight for the look at memory: some looks, each of a millisecond or two."""


def workload_samples(
    model: Model, workload: Workload, case: Case, request: Mapping[str, Any], send: Send
) -> None:
    """Open the model, run its batches, close it; each phase is timed apart."""
    gil = gil_is_on()
    prepare(model, workload)
    items = workload.items(tasks_of(case))
    workers = workers_of(case) if "workers" in model.axes else 1
    axes = {axis: case[axis] for axis in model.axes if axis in case.params and axis != "workers"}
    expected = asked(model, workload, len(items), workers)
    limit_s = None if workload.wait_s is None else ceil(len(items) / workers) * workload.wait_s
    tally = Tally.of_trial() if workload.uses_server else None
    phases: dict[str, float] = {}
    opening = now()
    with model.open(workers, **axes) as run:
        phases["start_up_s"] = (now() - opening) / 1e9
        for number in range(-request["warmups"], request["samples"]):
            batch = one_batch(run, workload, items, tally)
            phases.setdefault("first_batch_s", batch.makespan_s)
            if number >= 0:
                send({"sample": batch.metrics(expected, limit_s), "void": batch.void(expected)})
        if request["memory"]:
            watched_waves(run, workload, items[: expected.in_flight], send)
        closing = now()
    phases["shutdown_s"] = (now() - closing) / 1e9
    spans = [astuple(outcome.span) for outcome in batch.outcomes]
    send({"done": phases, "spans": spans, "facts": facts(gil)})


def prepare(model: Model, workload: Workload) -> None:
    """Import what the case needs and make its data, before any clock starts."""
    awaited = model.awaits and workload.awaitable is not None
    for package in (*model.needs, *(workload.awaitable_needs if awaited else workload.needs)):
        importlib.import_module(package)
    if workload.prepare is not None:
        workload.prepare()


@dataclass(frozen=True, slots=True)
class Batch:
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

    def void(self, expected: Asked) -> str:
        """Return why the batch does not count as a sample; "" where it does."""
        void = fault(self.outcomes, self.items, self.workload) or idle(self.spans, expected)
        return void or ("" if self.counts is None else unequal(self.counts, expected))

    def metrics(self, expected: Asked, limit_s: float | None) -> Metrics:
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


def watched_waves(run: Run, workload: Workload, items: Sequence[Item], send: Send) -> None:
    """Keep as many tasks in flight as may be, untimed, while the runner looks at the tree's memory.

    What a batch holds at its peak it holds in any such wave, whatever the number of its tasks.
    """
    send({"watch": True})
    end = now() + WATCHED_S * 1e9
    while True:
        run(workload, items)
        if now() > end:
            break
    send({"watch": False})


def facts(gil_before: bool) -> dict[str, Value]:
    """Return what holds in this process after its batches: an extension may have turned on the GIL."""
    found: dict[str, Value] = {
        "gil_before": gil_before,
        "gil_after": gil_is_on(),
        "switch_interval_s": sys.getswitchinterval(),
        "development_mode": sys.flags.dev_mode,
        "trace_or_profile": bool(sys.gettrace() or sys.getprofile()),
    }
    if "asyncio" in sys.modules:
        import asyncio

        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            found |= {"event_loop": type(loop).__qualname__, "asyncio_debug": loop.get_debug()}
    if "multiprocessing" in sys.modules and hasattr(os, "fork"):
        from multiprocessing import get_start_method

        found["start_method"] = get_start_method()
    return found


def gil_is_on() -> bool:
    """Return whether the interpreter's lock is in force."""
    return bool(getattr(sys, "_is_gil_enabled", lambda: True)())
