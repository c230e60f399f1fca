"""A process for each task, and the outcome's way back: what `fork` and `processes` share."""

import pickle
import signal
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing.connection import wait
from typing import Any

from lab.core import clock
from lab.core.clock import Ticket, lost
from lab.core.work import Item, Outcome, Run, Workload

Pipe = Any
"""The end to read from: a descriptor, or a `Connection`."""
Child = Any
"""A pid, or a `Process`."""


def process_each(
    workers: int,
    start: Callable[[Workload, Ticket], tuple[Pipe, Child]],
    collect: Callable[[Ticket, Pipe, Child], Outcome],
) -> Run:
    """Return a run that starts a process for each task, at most `workers` at once.

    It collects the outcome of each as soon as there is something to read, or its process has ended.
    """

    def run(workload: Workload, items: Sequence[Item]) -> list[Outcome]:
        waiting = deque(clock.submit(items))
        running: dict[Pipe, tuple[Ticket, Child]] = {}
        outcomes: dict[int, Outcome] = {}
        while waiting or running:
            while waiting and len(running) < workers:
                ticket = waiting.popleft()
                pipe, child = start(workload, ticket)
                running[pipe] = ticket, child
            for pipe in wait(list(running)):
                ticket, child = running.pop(pipe)
                outcomes[ticket.index] = collect(ticket, pipe, child)
        return [outcomes[index] for index in range(len(items))]

    return run


def packed(outcome: Outcome, ticket: Ticket) -> bytes:
    """Return the outcome as bytes; a result that does not pickle becomes a failed outcome that says so."""
    try:
        return pickle.dumps(outcome)
    except Exception as error:  # whatever refuses to be pickled chooses its own exception
        return pickle.dumps(lost(ticket, f"the result does not pickle: {error}"))


def unpacked(message: bytes, ticket: Ticket, exit_code: int | None) -> Outcome:
    """Return the outcome in the message; an empty one means that the worker died before it answered.

    A negative exit code is a signal, as `multiprocessing` has it.
    """
    if not message:
        if exit_code is not None and exit_code < 0:
            return lost(ticket, f"the worker was killed by {signal.Signals(-exit_code).name}")
        return lost(ticket, f"the worker exited with code {exit_code} before it answered")
    try:
        outcome: Outcome = pickle.loads(message)
    except Exception as error:  # as above
        return lost(ticket, f"the result does not unpickle: {error}")
    return outcome
