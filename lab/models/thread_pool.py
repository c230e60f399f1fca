"""A `ThreadPoolExecutor`: threads that are used through `submit`."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from lab.core import clock
from lab.core.work import AsyncCall, Call, Item, Model, Outcome, Result, Run, Workload
from lab.models._workers import thread_executor


@contextmanager
def opened(workers: int) -> Iterator[Run]:
    """Open a pool whose `workers` threads have all started; close it and join them."""
    with thread_executor(workers) as pool:

        def run(workload: Workload, items: Sequence[Item]) -> list[Outcome]:
            futures = [pool.submit(clock.call, workload.blocking, ticket) for ticket in clock.submit(items)]
            return [future.result() for future in futures]

        yield run


def textbook(task: Call, _: AsyncCall, items: Sequence[Item]) -> list[Result]:
    """Map the task over the items in a pool of two threads."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(task, items))


model = Model(
    opened, textbook=textbook, workers_in="thread", law="thread pool", colour="#84c9f4", marker=">"
)
