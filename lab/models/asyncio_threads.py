"""An event loop that hands each task to a thread.

The hand-over is `asyncio.to_thread`. It uses the loop's default executor, which has min(32, cores + 4)
threads; here it gets as many as the case asks for.
"""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from lab.core import clock
from lab.core.work import AsyncCall, Call, Item, Model, Outcome, Result, Run, Workload
from lab.models._workers import thread_executor


@contextmanager
def opened(workers: int) -> Iterator[Run]:
    """Open an event loop whose default executor has `workers` threads, all of them started."""
    with thread_executor(workers) as pool, asyncio.Runner() as runner:
        runner.get_loop().set_default_executor(pool)
        yield lambda workload, items: runner.run(batch(workload, items))


async def batch(workload: Workload, items: Sequence[Item]) -> list[Outcome]:
    """Hand every task to a thread and await them all."""
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(asyncio.to_thread(clock.call, workload.blocking, ticket))
            for ticket in clock.submit(items)
        ]
    return [task.result() for task in tasks]


def textbook(task: Call, _: AsyncCall, items: Sequence[Item]) -> list[Result]:
    """Gather a call in a pool of two threads for each item."""

    async def main() -> list[Result]:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(2) as pool:
            return await asyncio.gather(*(loop.run_in_executor(pool, task, item) for item in items))

    return asyncio.run(main())


model = Model(opened, textbook=textbook, workers_in="thread", colour="#058d68", marker="P")
