"""A thread for each task; `threads` and `daemon_threads` share it."""

from collections.abc import Sequence
from threading import BoundedSemaphore, Thread

from lab.core import clock
from lab.core.work import Item, Outcome, Run, Workload


def thread_each(workers: int, *, daemon: bool) -> Run:
    """Return a run that starts one thread a task and joins them all, with at most `workers` alive."""

    def run(workload: Workload, items: Sequence[Item]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        places = BoundedSemaphore(workers)

        def task(ticket: clock.Ticket) -> None:
            try:
                outcomes[ticket.index] = clock.call(workload.blocking, ticket)
            finally:
                places.release()

        threads = []
        for ticket in clock.submit(items):
            places.acquire()
            threads.append(Thread(target=task, args=(ticket,), daemon=daemon))
            threads[-1].start()
        for thread in threads:
            thread.join()
        return [outcomes[index] for index in range(len(items))]

    return run
