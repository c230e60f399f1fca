"""One task after another, in the calling thread.

Every speedup is measured against it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lab.core import clock
from lab.core.work import AsyncCall, Call, Item, Model, Outcome, Result, Run, Workload


@contextmanager
def opened(_workers: int = 1) -> Iterator[Run]:
    """Yield a run that calls the workload in a loop; there is only ever one worker."""
    yield run


def run(workload: Workload, items: Sequence[Item]) -> list[Outcome]:
    """Run the batch and return an outcome for each item, in order."""
    return [clock.call(workload.blocking, ticket) for ticket in clock.submit(items)]


def textbook(task: Call, _: AsyncCall, items: Sequence[Item]) -> list[Result]:
    """Call one after another."""
    return [task(item) for item in items]


model = Model(opened, textbook=textbook, axes=(), law="sequential", colour="#303030", marker="*")
