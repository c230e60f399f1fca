"""Wait, then compute: tasks of one length and a chosen CPU share, like a fetch whose answer is worked on.

For `experiments/mixed.py`. Under asyncio the computing runs on the loop, or in a pool of processes while
the loop goes on: then the loop does the waiting, which costs it little, and the processes do the computing,
on several cores.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lab import LabError, Workload
from lab.core.work import AsyncCall
from lab.workloads.arbitrage import Loop, Search, market

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

OPENING = -1
"""A chunk that does not wait and hardly computes, for things that a model opens with its first task."""

CURRENCIES = 95
LEGS_PER_MS = 3.8
"""Legs (steps of the search through that many currencies) in a millisecond, on a Xeon, CPython 3.11.

Every task of a length is the same work on every machine, under every model. How long it really takes is
measured by a batch of one task.
"""


@dataclass(frozen=True)
class Mixed:
    """Wait `wait_s`, then search: chunk -> loop; None if there is nothing to compute."""

    wait_s: float
    legs: int
    processes: int

    def __call__(self, chunk: int) -> Loop | None:
        """Wait and compute in this thread."""
        time.sleep(self.wait_of(chunk))
        return self.compute(chunk)

    def wait_of(self, chunk: int) -> float:
        """Return how many seconds a chunk waits."""
        return 0.0 if chunk == OPENING else self.wait_s

    def compute(self, chunk: int) -> Loop | None:
        """Compute, the same for every chunk: one answer is enough to check all."""
        legs = min(self.legs, 1) if chunk == OPENING else self.legs
        return Search(legs, CURRENCIES)(0) if legs else None

    @asynccontextmanager
    async def awaitable(self) -> AsyncIterator[AsyncCall]:
        """Wait on the loop; compute there too, or in a pool if there are processes."""
        import asyncio

        async def on_loop(chunk: int) -> Loop | None:
            await asyncio.sleep(self.wait_of(chunk))
            return self.compute(chunk)

        if not self.processes:
            yield on_loop
            return
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        loop, barrier = asyncio.get_running_loop(), get_context().Barrier(self.processes)
        with ProcessPoolExecutor(self.processes, initializer=start_worker, initargs=(barrier,)) as pool:
            # One call for each worker: none is free before all are at the barrier.
            await asyncio.gather(*(loop.run_in_executor(pool, abs, 0) for _ in range(self.processes)))

            async def in_processes(chunk: int) -> Loop | None:
                await asyncio.sleep(self.wait_of(chunk))
                return await loop.run_in_executor(pool, self.compute, chunk) if self.legs else None

            yield in_processes


def start_worker(barrier: "Barrier") -> None:
    """In a new worker: make the market, and wait until all others have made theirs."""
    market(CURRENCIES)
    barrier.wait()


def tasks(task_ms: float, cpu_percent: float, *, processes: int = 0) -> Workload:
    """Return a workload of tasks of about `task_ms`, of which `cpu_percent` is computing in pure Python.

    processes: to how many processes asyncio hands the computing; 0 if it computes on its loop.
    """
    if not 0 <= cpu_percent <= 100:
        raise LabError(f"{cpu_percent} is no share of 100 %", where="_mixed.tasks")
    cpu_ms = task_ms * cpu_percent / 100
    mixed = Mixed((task_ms - cpu_ms) / 1000, round(cpu_ms * LEGS_PER_MS), processes)
    answer = mixed.compute(0)
    return Workload(
        mixed,
        mixed.awaitable,
        expect=lambda _: answer,
        prepare=partial(market, CURRENCIES) if mixed.legs else None,
        wait_s=mixed.wait_s if not mixed.legs else None,
    )
