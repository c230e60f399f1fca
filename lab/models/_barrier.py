"""A barrier for the workers of a process pool: the pool counts as open when all of them have started."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext
    from multiprocessing.synchronize import Barrier

PATIENCE_S = 30.0
"""How long workers wait for each other; where one of them cannot start, the others then say so."""

_barrier: Barrier


def invitation(context: BaseContext, workers: int) -> dict[str, Any]:
    """Return a pool's `initializer` and `initargs` that tell each of its workers where to meet."""
    return {"initializer": _attend, "initargs": (context.Barrier(workers, timeout=PATIENCE_S),)}


def meet(_: object) -> None:
    """Wait, as a task in a worker, until every worker of the pool does the same."""
    _barrier.wait()


def _attend(barrier: Barrier) -> None:
    global _barrier
    _barrier = barrier
