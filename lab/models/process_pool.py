"""A `multiprocessing.Pool`: processes that are used through `apply_async`.

When a worker dies, the pool silently starts another one and never answers the lost task: a caller would
wait forever. So this model checks every 100 ms whether the workers are still those of the batch's start.
If they are not, every task without a result has failed, since the pool does not know which one was lost.

The pool does not survive one kind of death. An idle worker holds the lock of the task queue. If it is
killed then, no other worker gets the lock, and even closing the pool waits forever. The trial's deadline
ends that.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import Pool, active_children, get_context
from multiprocessing import TimeoutError as NotYet
from multiprocessing.pool import AsyncResult

from lab.core import clock
from lab.core.forking import unwarned_forks
from lab.core.work import AsyncCall, Call, Item, Outcome, Prepare, Result, Run, Workload
from lab.models._workers import arrival, barrier, check, pool_of_processes

LOOK_EVERY_S = 0.1


@contextmanager
def opened(workers: int, start_method: str | None = None, prepare: Prepare | None = None) -> Iterator[Run]:
    """Open a pool whose `workers` processes are all prepared; end it and join them."""
    context = get_context(start_method)
    with unwarned_forks(), context.Pool(workers, **barrier(context, workers)) as pool:

        def run(workload: Workload, items: Sequence[Item]) -> list[Outcome]:
            begun_with = pids()
            tickets = clock.submit(items)
            answers = [pool.apply_async(clock.call, (workload.blocking, ticket)) for ticket in tickets]
            return [
                collect(ticket, answer, begun_with) for ticket, answer in zip(tickets, answers, strict=True)
            ]

        try:
            check(run(Workload(arrival(context, prepare)), range(workers)))
            yield run
        finally:
            pool.terminate()
            pool.join()


def pids() -> set[int | None]:
    """Return the process ids of this process's living children."""
    return {child.pid for child in active_children()}


def collect(ticket: clock.Ticket, answer: "AsyncResult[Outcome]", begun_with: set[int | None]) -> Outcome:
    """Wait for an answer for as long as the pool has the workers that the batch has begun with."""
    while True:
        whole = pids() == begun_with
        try:
            return answer.get(timeout=LOOK_EVERY_S if whole else 0)
        except NotYet:
            if not whole:
                return clock.lost(ticket, "a worker of the pool died, and with it, perhaps, this task")
        except Exception as error:  # what does not pickle comes back as an exception of its own choice
            return clock.lost(ticket, error)


def textbook(task: Call, _: AsyncCall, items: Sequence[Item]) -> list[Result]:
    """Map the task over the items in a pool of two processes; one that dies never answers its task."""
    with Pool(2) as pool:
        return list(pool.map(task, items))


model = pool_of_processes(opened, textbook=textbook, colour="#db6800", marker="p")
