"""A `ProcessPoolExecutor`: processes that are used through `submit`.

When a worker dies, the executor breaks: every task without a result fails with `BrokenProcessPool`, and
so does every later one.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager

from lab.core import clock
from lab.core.work import AsyncCall, Call, Item, Outcome, Prepare, Result, Run, Workload
from lab.models._workers import pool_of_processes, process_executor


@contextmanager
def opened(workers: int, start_method: str | None = None, prepare: Prepare | None = None) -> Iterator[Run]:
    """Open an executor whose `workers` processes are all prepared; close it and join them."""
    with process_executor(workers, start_method, prepare) as pool:
        yield lambda workload, items: run(pool, workload, items)


def run(pool: Executor, workload: Workload, items: Sequence[Item]) -> list[Outcome]:
    """Submit every task, then wait for each."""
    tickets = clock.submit(items)
    try:
        futures = [pool.submit(clock.call, workload.blocking, ticket) for ticket in tickets]
    except BrokenExecutor as error:
        return [clock.lost(ticket, error) for ticket in tickets]
    return [collect(ticket, future) for ticket, future in zip(tickets, futures, strict=True)]


def collect(ticket: clock.Ticket, future: Future[Outcome]) -> Outcome:
    """Wait for an outcome; the executor raises where a worker died or a result does not pickle."""
    try:
        return future.result()
    except Exception as error:  # what does not pickle chooses its own exception
        return clock.lost(ticket, error)


def textbook(task: Call, _: AsyncCall, items: Sequence[Item]) -> list[Result]:
    """Map the task over the items in an executor of two processes."""
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(task, items))


model = pool_of_processes(opened, textbook=textbook, law="process pool", colour="#f3a24b", marker="h")
