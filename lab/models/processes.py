"""One `multiprocessing.Process` for each task.

A process is started inside the batch, so its start is part of the makespan. Under spawn that is a new
interpreter for each task, under forkserver a copy of one that has loaded next to nothing; both also import
what the task needs, which a forked process has from its parent. These imports are part of what the model
costs, so nothing is preloaded here.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import Process, Queue, get_context
from multiprocessing.connection import Connection
from typing import Any

from lab.core import clock
from lab.core.forking import unwarned_forks
from lab.core.work import AsyncCall, Call, Item, Model, Outcome, Result, Run, Workload
from lab.models._process_each import packed, process_each, unpacked


@contextmanager
def opened(workers: int, start_method: str | None = None) -> Iterator[Run]:
    """Yield a run that starts a process for each task, with at most `workers` alive."""
    context: Any = get_context(start_method)  # a base context declares no Process

    def start(workload: Workload, ticket: clock.Ticket) -> tuple["Connection[Any, Any]", Any]:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=task, args=(workload.blocking, ticket, sender))
        process.start()
        sender.close()
        return receiver, process

    with unwarned_forks():
        yield process_each(workers, start, collect)


def task(blocking: Call, ticket: clock.Ticket, sender: "Connection[Any, Any]") -> None:
    """Run the task in the child and send its outcome."""
    sender.send_bytes(packed(clock.call(blocking, ticket), ticket))


def collect(ticket: clock.Ticket, receiver: Any, process: Any) -> Outcome:
    """Receive what the child sent, if it lived to send it, and reap it."""
    try:
        message = receiver.recv_bytes()
    except (EOFError, OSError):  # it died before it answered, or while it did
        message = b""
    receiver.close()
    process.join()
    outcome = unpacked(message, ticket, process.exitcode)
    process.close()
    return outcome


def textbook(task: Call, _: AsyncCall, items: Sequence[Item]) -> list[Result]:
    """Start a process for each item and get as many results from a queue; if one dies, wait forever."""
    queue: Queue[tuple[Item, Result]] = Queue()
    workers = [Process(target=put, args=(queue, task, item)) for item in items]
    for worker in workers:
        worker.start()
    results = dict(queue.get() for _ in workers)
    for worker in workers:
        worker.join()
    return [results[item] for item in items]


def put(queue: "Queue[tuple[Item, Result]]", task: Call, item: Item) -> None:
    """Put an item's result into the queue."""
    queue.put((item, task(item)))


model = Model(
    opened,
    textbook=textbook,
    axes=("workers", "start_method"),
    starts_in_batch=True,
    workers_in="process",
    pickles=True,
    colour="#a83f00",
    marker="s",
)
