"""Where the workers of a process pool meet, so that a pool is open only when all of them are ready.

A spawned worker, or one of a fork server, has nothing of its parent's memory. Before the meeting it imports
what the workload needs and makes its data, or it would do so inside the first batch. A forked worker has
inherited both. The meeting is a batch of the pool: a worker that raises or dies in it is an outcome.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from lab.core.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from multiprocessing.context import BaseContext
    from multiprocessing.synchronize import Barrier

    from lab.core.work import Outcome, Prepare

PATIENCE_S = 30.0
"""How long workers wait for each other; where one of them cannot start, the others then say so."""

_barrier: Barrier


def barrier(context: BaseContext, workers: int) -> dict[str, Any]:
    """Return a pool's `initializer` and `initargs` that tell each of its workers where to meet."""
    return {"initializer": _attend, "initargs": (context.Barrier(workers, timeout=PATIENCE_S),)}


def arrival(context: BaseContext, prepare: Prepare | None) -> Callable[[object], None]:
    """Return the task of the meeting: it prepares a worker and waits there until all others do the same."""
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
