"""An `os.fork` for each task, and a pipe for its result.

The oldest way, without a library: the child is a copy of this process, runs one task and exits. The fork
is made inside the batch, so its cost is part of the makespan.
"""

import os
import pickle
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from lab.core import clock
from lab.core.forking import unwarned_forks
from lab.core.work import AsyncCall, Call, Item, Model, Outcome, Result, Run, Workload
from lab.models._process_each import packed, process_each, unpacked


@contextmanager
def opened(workers: int) -> Iterator[Run]:
    """Yield a run that forks for each task, with at most `workers` children alive."""
    with unwarned_forks():
        yield process_each(workers, start, collect)


def start(workload: Workload, ticket: clock.Ticket) -> tuple[int, int]:
    """Fork a child that runs the task; return the end of the pipe to read from, and the child's pid."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        child(workload, ticket, write_end)
    os.close(write_end)
    return read_end, pid


def child(workload: Workload, ticket: clock.Ticket, write_end: int) -> NoReturn:
    """Run the task, send its outcome and leave, without the parent's clean-up and buffers."""
    try:
        outcome = clock.call(workload.blocking, ticket)
        with os.fdopen(write_end, "wb") as pipe:
            pipe.write(packed(outcome, ticket))
    finally:
        os._exit(0)


def collect(ticket: clock.Ticket, read_end: int, pid: int) -> Outcome:
    """Read what the child sent until it closed the pipe, and reap it."""
    with os.fdopen(read_end, "rb") as pipe:
        message = pipe.read()
    return unpacked(message, ticket, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def textbook(task: Call, _: AsyncCall, items: Sequence[Item]) -> list[Result]:
    """Fork for each item, and read its result from a pipe, which is empty where the child failed."""
    pipes = []
    for item in items:
        read_end, write_end = os.pipe()
        if os.fork() == 0:
            textbook_child(task, item, write_end)
        os.close(write_end)
        pipes.append(read_end)
    answers = []
    for pipe in pipes:
        with os.fdopen(pipe, "rb") as file:
            answers.append(file.read())
        os.wait()
    return [pickle.loads(answer) for answer in answers]


def textbook_child(task: Call, item: Item, pipe: int) -> NoReturn:
    """Work in a forked child, and end it as an interpreter would: an exception is printed."""
    code = 1
    try:
        os.write(pipe, pickle.dumps(task(item)))
        code = 0
    except SystemExit:
        pass
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
    os._exit(code)


model = Model(
    opened,
    textbook=textbook,
    starts_in_batch=True,
    unavailable="" if hasattr(os, "fork") else "this platform has no os.fork",
    workers_in="process",
    colour="#711e02",
    marker="D",
)
