"""One thread for each task: start them, then join them.

A thread is started inside the batch, so its start is part of the makespan. Where there are fewer workers
than tasks, the main thread waits until a thread has ended before it starts the next one.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore, Thread

from lab.core import clock
from lab.core.work import AsyncCall, Call, Item, Model, Outcome, Result, Run, Workload


@contextmanager
def opened(workers: int, *, daemon: bool = False) -> Iterator[Run]:
    """Yield a run that starts a thread for each task, at most `workers` at once, and joins them."""

    def run(workload: Workload, items: Sequence[Item]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        free = BoundedSemaphore(workers)

        def task(ticket: clock.Ticket) -> None:
            try:
                outcomes[ticket.index] = clock.call(workload.blocking, ticket)
            finally:
                free.release()

        threads = []
        for ticket in clock.submit(items):
            free.acquire()
            threads.append(Thread(target=task, args=(ticket,), daemon=daemon))
            threads[-1].start()
        for thread in threads:
            thread.join()
        return [outcomes[index] for index in range(len(items))]

    yield run


def textbook(task: Call, _: AsyncCall, items: Sequence[Item], *, daemon: bool = False) -> list[Result]:
    """Start a thread for each item, join them, and collect the results; an error is only printed."""
    results: dict[Item, Result] = {}

    def work(item: Item) -> None:
        results[item] = task(item)

    threads = [Thread(target=work, args=(item,), daemon=daemon) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results.get(item) for item in items]


model = Model(
    opened,
    textbook=textbook,
    starts_in_batch=True,
    workers_in="thread",
    law="thread for each task",
    colour="#074d78",
    marker="^",
)
