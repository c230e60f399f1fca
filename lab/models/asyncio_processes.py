"""An event loop that hands each task to a process pool.

The loop stays free: `run_in_executor` returns a future for the result of a worker process.
"""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager

from lab.core import clock
from lab.core.work import Item, Model, Outcome, Run, Workload
from lab.models._executor import process_executor


@contextmanager
def opened(workers: int, start_method: str | None = None) -> Iterator[Run]:
    """Open an executor whose `workers` processes have all started, and an event loop that drives it."""
    with process_executor(workers, start_method) as pool, asyncio.Runner() as runner:
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


model = Model(
    opened,
    axes=("workers", "start_method"),
    workers_in="process",
    pickles=True,
    law="event loop and process pool",
    colour="#29bb8d",
    marker="X",
)
