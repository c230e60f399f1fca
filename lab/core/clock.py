"""Stamps one task, blocking or awaited, into a span.

`time.perf_counter_ns` is one clock for all processes, so a worker's stamp compares with its parent's:
CLOCK_MONOTONIC on Linux, mach_absolute_time on macOS, QueryPerformanceCounter on Windows.

A batch is submitted whole: every model stamps all its items before it starts or waits for any, so
that queue wait and latency mean the same under each of them.
"""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter_ns

from lab.core.work import AsyncCall, Item, Outcome, Result, Span

now = perf_counter_ns


@dataclass(frozen=True, slots=True)
class Ticket:
    """A task that was submitted and has not started."""

    index: int
    item: Item
    submitted_ns: int


def submit(items: Sequence[Item]) -> list[Ticket]:
    """Return a ticket for each item, in order, stamped with the moment of submission."""
    return [Ticket(index, item, now()) for index, item in enumerate(items)]


def call(blocking: Callable[[Item], Result], ticket: Ticket) -> Outcome:
    """Run a task in this thread and return its outcome; what it raises becomes the span's error."""
    worker = f"{os.getpid()}/{threading.current_thread().name}"
    result, error = None, None
    started = now()
    try:
        result = blocking(ticket.item)
    except BaseException as raised:  # whatever ends a task, sys.exit too, must not end its worker
        if isinstance(raised, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
            raise
        error = _name(raised)
    finished = now()
    return Outcome(Span(ticket.index, ticket.submitted_ns, started, finished, worker, error), result)


async def call_async(awaitable: AsyncCall, ticket: Ticket) -> Outcome:
    """Await a task and return its outcome; what it raises, save its own cancellation, is the error."""
    import asyncio  # a blocking trial does without it: 60 ms

    task = asyncio.current_task()
    assert task is not None
    worker = f"{os.getpid()}/{task.get_name()}"
    result, error = None, None
    started = now()
    try:
        result = await awaitable(ticket.item)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as raised:
        if isinstance(raised, asyncio.CancelledError) and task.cancelling():
            raise
        error = _name(raised)
    finished = now()
    return Outcome(Span(ticket.index, ticket.submitted_ns, started, finished, worker, error), result)


def lost(ticket: Ticket, reason: str | BaseException) -> Outcome:
    """Return the outcome of a task whose worker died or could not answer: it ends now, failed."""
    end = now()
    error = reason if isinstance(reason, str) else _name(reason)
    return Outcome(Span(ticket.index, ticket.submitted_ns, end, end, "lost", error))


def _name(raised: BaseException) -> str:
    return f"{type(raised).__name__}: {raised}".rstrip(": ")
