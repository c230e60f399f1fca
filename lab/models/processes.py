"""One `multiprocessing.Process` for each task.

A process is started inside the batch, so its start is part of the makespan. Under spawn that is a new
interpreter for each task, under forkserver a copy of one that has loaded next to nothing; both also import
what the task needs, which a forked process has from its parent. These imports are part of what the model
costs, so nothing is preloaded here.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import Process, Queue, get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from lab.core import clock
from lab.core.forking import unwarned_forks
from lab.core.work import AsyncCall, Call, Item, Model, Outcome, Result, Run, Workload
from lab.models._wire import packed, unpacked


@contextmanager
def opened(workers: int, start_method: str | None = None) -> Iterator[Run]:
    """Yield a run that starts a process for each task, with at most `workers` alive."""
    context: Any = get_context(start_method)  # a base context declares no Process

    def start(workload: Workload, ticket: clock.Ticket) -> tuple[Any, "Connection[Any, Any]"]:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=task, args=(workload.blocking, ticket, sender))
        process.start()
        sender.close()
        return process, receiver

    def run(workload: Workload, items: Sequence[Item]) -> list[Outcome]:
        waiting = deque(clock.submit(items))
        running: dict[Any, tuple[clock.Ticket, Any]] = {}  # by the connection to receive from
        outcomes: dict[int, Outcome] = {}
        while waiting or running:
            while waiting and len(running) < workers:
                ticket = waiting.popleft()
                process, receiver = start(workload, ticket)
                running[receiver] = ticket, process
            for ready in wait(list(running)):
                ticket, process = running.pop(ready)
                outcomes[ticket.index] = collect(ticket, process, ready)
        return [outcomes[index] for index in range(len(items))]

    with unwarned_forks():
        yield run


def task(blocking: Call, ticket: clock.Ticket, sender: "Connection[Any, Any]") -> None:
    """Run the task in the child and send its outcome."""
    sender.send_bytes(packed(clock.call(blocking, ticket), ticket))


def collect(ticket: clock.Ticket, process: Any, receiver: Any) -> Outcome:
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
    """Start a process each, get as many results from a queue, join them; who dies is waited for."""
    results: Queue[tuple[Item, Result]] = Queue()
    workers = [Process(target=put, args=(results, task, item)) for item in items]
    for worker in workers:
        worker.start()
    found = dict(results.get() for _worker in workers)
    for worker in workers:
        worker.join()
    return [found[item] for item in items]


def put(results: "Queue[tuple[Item, Result]]", task: Call, item: Item) -> None:
    """Put an item's result into the queue."""
    results.put((item, task(item)))


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
