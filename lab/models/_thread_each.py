"""A thread for each task, and the same as textbooks write it: what `threads` and `daemon_threads` share."""

from collections.abc import Sequence
from threading import BoundedSemaphore, Thread

from lab.core import clock
from lab.core.work import AsyncCall, Call, Item, Outcome, Result, Run, Workload


def thread_each(workers: int, *, daemon: bool) -> Run:
    """Return a run that starts one thread a task and joins them all, with at most `workers` alive."""

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

    return run


def textbook(task: Call, _: AsyncCall, items: Sequence[Item], *, daemon: bool = False) -> list[Result]:
    """Start a thread each, join them, and look what they have left: the error of one is only printed."""
    results: dict[Item, Result] = {}

    def work(item: Item) -> None:
        results[item] = task(item)

    threads = [Thread(target=work, args=(item,), daemon=daemon) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results.get(item) for item in items]
