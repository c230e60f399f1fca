"""A `ProcessPoolExecutor` whose workers are all ready: what two models share."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import repeat
from multiprocessing import get_context

from lab.core import clock
from lab.core.forking import unwarned_forks
from lab.core.work import Prepare
from lab.models._barrier import arrival, barrier, check


@contextmanager
def process_executor(
    workers: int, start_method: str | None = None, prepare: Prepare | None = None
) -> Iterator[Executor]:
    """Open an executor of `workers` processes, all of them prepared; close it and join them."""
    context = get_context(start_method)
    with unwarned_forks(), ProcessPoolExecutor(workers, context, **barrier(context, workers)) as pool:
        check(pool.map(clock.call, repeat(arrival(context, prepare)), clock.submit(range(workers))))
        yield pool
