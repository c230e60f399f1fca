"""An event loop that hands each task to a process pool.

The loop stays free: `run_in_executor` returns a future for the result of a worker process.
"""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from lab.core import clock
from lab.core.work import AsyncCall, Call, Item, Outcome, Prepare, Result, Run, Workload
from lab.models._workers import pool_of_processes, process_executor


@contextmanager
def opened(workers: int, start_method: str | None = None, prepare: Prepare | None = None) -> Iterator[Run]:
    """Open an executor whose `workers` processes are all prepared, and an event loop that drives it."""
    with process_executor(workers, start_method, prepare) as pool, asyncio.Runner() as runner:
        yield lambda workload, items: runner.run(batch(pool, workload, items))


async def batch(pool: Executor, workload: Workload, items: Sequence[Item]) -> list[Outcome]:
    """Hand every task to the pool and await them all."""
    loop = asyncio.get_running_loop()

    async def task(ticket: clock.Ticket) -> Outcome:
        try:
            return await loop.run_in_executor(pool, clock.call, workload.blocking, ticket)
        except Exception as error:  # a worker died, or a result does not pickle
            return clock.lost(ticket, error)

    return await asyncio.gather(*(task(ticket) for ticket in clock.submit(items)))


def textbook(task: Call, _: AsyncCall, items: Sequence[Item]) -> list[Result]:
    """Gather a call in an executor of two processes for each item."""

    async def main() -> list[Result]:
        loop = asyncio.get_running_loop()
        with ProcessPoolExecutor(2) as pool:
            return await asyncio.gather(*(loop.run_in_executor(pool, task, item) for item in items))

    return asyncio.run(main())


model = pool_of_processes(
    opened, textbook=textbook, law="event loop and process pool", colour="#29bb8d", marker="X"
)
