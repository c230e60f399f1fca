"""A fixed number of threads fed by one `queue.Queue`.

The textbook form hangs when a task raises: the worker dies before `task_done`, and `Queue.join` waits
forever. Here `clock.call` catches the task's exception, and `task_done` is in a `finally`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import Queue
from threading import Thread

from lab.core import clock
from lab.core.work import AsyncCall, Call, Item, Model, Outcome, Result, Run, Workload

Job = tuple[Call, clock.Ticket, dict[int, Outcome]]
"""What to call, with which ticket, and where to leave its outcome."""


@contextmanager
def opened(workers: int) -> Iterator[Run]:
    """Start `workers` threads that take jobs from one queue; end each with a None, and join it."""
    queue: Queue[Job | None] = Queue()
    threads: list[Thread] = []

    def run(workload: Workload, items: Sequence[Item]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        for ticket in clock.submit(items):
            queue.put((workload.blocking, ticket, outcomes))
        queue.join()
        return [outcomes[index] for index in range(len(items))]

    try:
        for number in range(workers):
            thread = Thread(target=work, args=(queue,), name=f"worker-{number}")
            thread.start()
            threads.append(thread)
        yield run
    finally:
        for _ in threads:
            queue.put(None)
        for thread in threads:
            thread.join()


def work(queue: "Queue[Job | None]") -> None:
    """Do jobs from the queue until it gives None."""
    while (job := queue.get()) is not None:
        blocking, ticket, outcomes = job
        try:
            outcomes[ticket.index] = clock.call(blocking, ticket)
        finally:
            queue.task_done()


def textbook(task: Call, _: AsyncCall, items: Sequence[Item]) -> list[Result]:
    """Feed two threads from a queue, and wait until every item is reported done."""
    queue: Queue[Item] = Queue()
    results: dict[Item, Result] = {}

    def work() -> None:
        while True:
            item = queue.get()
            results[item] = task(item)
            queue.task_done()

    for _worker in range(2):
        Thread(target=work, daemon=True).start()
    for item in items:
        queue.put(item)
    queue.join()
    return [results.get(item) for item in items]


model = Model(opened, textbook=textbook, workers_in="thread", colour="#239fdd", marker="<")
