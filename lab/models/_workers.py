"""How a pool waits, before it is open, until all its workers are ready.

Spawned workers, and those of a fork server, have nothing of their parent's memory. Before they meet they
import what the workload needs and make its data, or they would do so inside the first batch. Forked workers
have inherited both. The meeting is a batch of the pool: a worker that raises or dies in it is an outcome.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from itertools import repeat
from threading import Barrier as ThreadBarrier
from typing import TYPE_CHECKING, Any

from lab.core import clock
from lab.core.errors import LabError
from lab.core.forking import unwarned_forks
from lab.core.work import Model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, ThreadPoolExecutor
    from multiprocessing.context import BaseContext
    from multiprocessing.synchronize import Barrier

    from lab.core.work import Outcome, Prepare

PATIENCE_S = 30.0
"""How long workers wait for each other; where one of them cannot start, the others then say so."""

pool_of_processes = partial(
    Model, axes=("workers", "start_method"), prepares=True, workers_in="process", pickles=True
)
"""`Model`, with what holds for every pool of processes."""
_barrier: Barrier


@contextmanager
def thread_executor(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Open a `ThreadPoolExecutor` of `workers` threads, all of them started; close it and join them."""
    from concurrent.futures import ThreadPoolExecutor  # here, as below: other pools do without it

    with ThreadPoolExecutor(workers) as pool:
        # The pool starts a thread only when a task finds none idle: make all of them meet once.
        meeting = ThreadBarrier(workers, timeout=PATIENCE_S)
        list(pool.map(lambda _: meeting.wait(), range(workers)))
        yield pool


@contextmanager
def process_executor(
    workers: int, start_method: str | None = None, prepare: Prepare | None = None
) -> Iterator[Executor]:
    """Open a `ProcessPoolExecutor` of `workers` processes, all of them ready; close it and join them."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    context = get_context(start_method)
    with unwarned_forks(), ProcessPoolExecutor(workers, context, **barrier(context, workers)) as pool:
        check(pool.map(clock.call, repeat(arrival(context, prepare)), clock.submit(range(workers))))
        yield pool


def barrier(context: BaseContext, workers: int) -> dict[str, Any]:
    """Return a pool's `initializer` and `initargs` that give each of its workers the barrier."""
    return {"initializer": _attend, "initargs": (context.Barrier(workers, timeout=PATIENCE_S),)}


def arrival(context: BaseContext, prepare: Prepare | None) -> Callable[[object], None]:
    """Return the task of the meeting: it prepares a worker and waits until all others are prepared."""
    forked = context.get_start_method() == "fork"
    return partial(_arrive, None if forked else prepare)


def check(outcomes: Iterable[Outcome]) -> None:
    """Raise LabError with the first error of the meeting, where there is one."""
    for outcome in outcomes:
        if outcome.span.error:
            raise LabError(outcome.span.error, where="preparing a worker")


def _attend(barrier: Barrier) -> None:
    global _barrier
    _barrier = barrier


def _arrive(prepare: Prepare | None, _: object) -> None:
    try:
        if prepare is not None:
            prepare()
    finally:  # one that stays away would keep the others waiting
        _barrier.wait()
