"""One daemon thread for each task: the program does not wait for it at exit.

The same as `threads` except for the flag: here, too, a thread is started inside the batch, so its start
is part of the makespan. The batch joins its threads. Without that join, a daemon thread is cut off in the
middle of its work when the main thread ends, and its `finally` blocks do not run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from lab.core.work import Model, Run
from lab.models._thread_each import textbook, thread_each


@contextmanager
def opened(workers: int) -> Iterator[Run]:
    """Yield a run that starts a daemon thread for each task, at most `workers` at once, and joins them."""
    yield thread_each(workers, daemon=True)


model = Model(
    opened,
    textbook=partial(textbook, daemon=True),
    starts_in_batch=True,
    workers_in="thread",
    colour="#0276ae",
    marker="v",
)
