"""One thread for each task: start them, then join them.

A thread is started inside the batch, so its start is part of the makespan. Where there are fewer workers
than tasks, the main thread waits until a thread has ended before it starts the next one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from lab.core.work import Model, Run
from lab.models._thread_each import textbook, thread_each


@contextmanager
def opened(workers: int) -> Iterator[Run]:
    """Yield a run that starts a thread for each task, at most `workers` at once, and joins them."""
    yield thread_each(workers, daemon=False)


model = Model(
    opened,
    textbook=textbook,
    starts_in_batch=True,
    workers_in="thread",
    law="thread for each task",
    colour="#074d78",
    marker="^",
)
