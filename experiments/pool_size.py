"""Two hundred fetches and a pool of threads: how many workers are enough?

## The question
"""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from math import ceil

from lab import (
    Case,
    Experiment,
    Measurement,
    Workload,
    claim,
    lines,
    load_model,
    peak_in_flight,
    ratio,
    value,
)
from lab.workloads import currency

FETCHES = 200
WAIT_MS = 10
WORKERS = {
    "thread_pool": [1, 2, 4, 8, 16, 32, 64, 128],
    "queue_pool": [1, 2, 4, 8, 16, 32, 64, 128],
    "asyncio": [1, 2, 4, 8, 16, 32, 64, 128],
}


class Counted:
    """A workload's calls, each of which first counts the threads that are alive."""

    def __init__(self, workload: Workload) -> None:
        self.workload = workload
        self.threads: list[int] = []

    def counting(self) -> Workload:
        """Return the workload that counts."""
        return replace(self.workload, blocking=self.blocking, awaitable=self.awaitable)

    def blocking(self, item: str) -> object:
        """Count, and fetch."""
        self.threads.append(threading.active_count())
        return self.workload.blocking(item)

    @asynccontextmanager
    async def awaitable(self) -> AsyncIterator[object]:
        """Open the workload's session; count, and fetch."""
        async with self.workload.awaitable() as fetch:

            async def counted(item: str) -> object:
                self.threads.append(threading.active_count())
                return await fetch(item)

            yield counted


def measure(case: Case) -> Measurement:
    """Fetch through a pool of this size; return how long it took, and how many threads there were when."""
    workers = int(case["workers"])
    counted = Counted(currency.fetch(wait_ms=WAIT_MS, connections="kept"))
    workload = counted.counting()
    items = workload.items(FETCHES)
    before = threading.active_count()
    with load_model(str(case["model"])).open(workers) as run:
        outcomes = run(workload, items)
    spans = [outcome.span for outcome in outcomes]
    makespan_s = (max(span.finished_ns for span in spans) - min(span.submitted_ns for span in spans)) / 1e9
    return Measurement(
        {
            "served": sum(
                outcome.result == workload.expect(item) for outcome, item in zip(outcomes, items, strict=True)
            ),
            "makespan_s": makespan_s,
            "limit_s": ceil(FETCHES / workers) * WAIT_MS / 1000,
            "fetches_per_s": FETCHES / makespan_s,
            "peak_in_flight": peak_in_flight(spans),
            "threads_before": before,
            "threads_during": max(counted.threads),
            "threads_after": threading.active_count(),
        },
        spans,
    )


experiment = Experiment(
    question="Two hundred fetches: how many workers are enough?",
    measure=measure,
    grid={
        "model": ["thread_pool", "queue_pool", "asyncio"],
        "workers": [1, 2, 4, 8, 16, 32, 64, 128],
    },
    keep=lambda at: at["workers"] in WORKERS[str(at["model"])],
    uses_server=True,
    samples=1,
    warmups=0,
    figures=[lines("workers", "makespan_s", knee=True), lines("workers", "threads_during")],
)
